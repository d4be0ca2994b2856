// The view that looks inside: what each unit of a layer does along a short text.

import * as api from "./api.js";
import { announce, report } from "./announce.js";
import { element, part } from "./dom.js";
import { Inspection } from "./inspection.js";
import { InsideText } from "./inside-text.js";
import { MapView } from "./map-view.js";
import { all, picked, whenModelsChange } from "./models.js";
import { integer } from "./numbers.js";
import { scalarCount, startOfLast } from "./offsets.js";
import { drawReach, sentences } from "./reach-chart.js";
import { UnitList } from "./unit-list.js";
import { Work } from "./work.js";

const candidateCount = 5;
const characterLimit = 2_000;

const work = new Work(say, showBusy);
/** @type {Inspection|null} */
let inspection = null;
let unit = 0;
let text;
let map;
let list;

export function startLookingInside() {
  text = new InsideText((character) => map.mark(unit, character));
  map = new MapView({ pick: pickAt, load: loadStates });
  list = new UnitList(
    { field: part("inside-find"), found: part("inside-found"), list: part("inside-units") }, pick);
  part("inside-start").addEventListener("click", () => look());
  part("inside-stop").addEventListener("click", () => work.stop());
  part("inside-draft").addEventListener("click", takeDraft);
  part("inside-text").addEventListener("input", showCount);
  part("inside-layer").addEventListener("change", () => inspection && look());
  new ResizeObserver(showReach).observe(part("inside-reach"));
  whenModelsChange(showModel);
  showCount();
}

// What to look into

function showModel() {
  const count = picked()?.charlm.layers ?? 0;
  const options = Array.from({ length: count }, (_, layer) =>
    element("option", { value: String(layer) }, layerName(layer, count)));
  part("inside-layer").replaceChildren(...options);
  part("inside-layer").disabled = count < 2;
  if (count > 0) part("inside-layer").value = String(count - 1);
  part("inside-start").disabled = count === 0;
}

function layerName(layer, count) {
  if (count === 1) return "0, the only one";
  if (layer === 0) return "0, the lowest";
  return layer === count - 1 ? `${layer}, the top` : String(layer);
}

/** The draft of the view Write, or whole words of the part before its cursor. */
function takeDraft() {
  const { value, selectionEnd } = part("text");
  const isLong = value.length > characterLimit;
  const end = isLong ? Math.max(selectionEnd, characterLimit) : value.length;
  const draft = value.slice(startOfLast(value, end, characterLimit), end);
  part("inside-text").value = isLong && end > characterLimit ? draft.replace(/^\S*\s/, "") : draft;
  showCount();
  say(value === "" ? "The draft is empty." : "", value === "");
}

function showCount() {
  const count = scalarCount(part("inside-text").value);
  part("inside-count").textContent = `${integer(count)} of ${integer(characterLimit)} characters`;
  part("inside-count").classList.toggle("problem", count > characterLimit);
}

function request(fields, signal) {
  return api.inspect(
    { model: inspection.model, text: inspection.text, layer: inspection.layer, ...fields }, signal);
}

/** Asks for everything. */
function look() {
  const value = part("inside-text").value;
  if (value.trim() === "") return say("There is no text yet.", true);
  if (!picked()) return say("There is no model yet.", true);
  const layer = Number(part("inside-layer").value);
  work.run(async (signal) => {
    say("The model is reading.");
    const answer = await api.inspect(
      { model: picked().id, text: value, layer, candidates: candidateCount, vector: map.vector }, signal);
    inspection = new Inspection(value, answer);
    part("inside-results").hidden = false;
    list.show(inspection);
    text.show(inspection);
    const { unit: best, vector } = list.best;
    await choose(best, vector, signal);
    map.show(inspection);
    showReach();
    announce(`${integer(inspection.unitCount)} units of layer ${inspection.layer}. `
      + part("inside-heading").textContent);
  });
}

// The unit

/** @param {string} [vector] the vector that tints the text */
function pick(number, vector) {
  if (work.isBusy) return;
  work.run((signal) => choose(number, vector, signal));
}

function pickAt(number, character) {
  if (work.isBusy) return;
  work.run(async (signal) => {
    await choose(number, inspection.followed(number)?.vector, signal);
    text.lookAt(character);
  });
}

async function choose(number, vector, signal) {
  if (!inspection.hasTrace(number)) {
    inspection.add(await request({ units: [number], states: false, gradients: false }, signal));
  }
  unit = number;
  list.choose(unit);
  text.showUnit(unit, vector);
  announce(part("inside-heading").textContent);
  map.mark(unit, text.character);
}

/** The states of all units by another vector. */
function loadStates(vector) {
  if (!inspection || work.isBusy) return;
  work.run(async (signal) => {
    inspection.add(await request({ vector, gradients: false }, signal));
    map.show(inspection);
  });
}

// What the view shows

function showReach() {
  if (!inspection) return;
  const { gradients, gradientsMissing } = inspection;
  part("inside-reach").toggleAttribute("hidden", !gradients);
  const model = all().find(({ id }) => id === inspection.model);
  const counts = model?.charlm.unit === "byte" ? "bytes" : "characters";
  part("inside-reach-words").textContent =
    gradients ? sentences(gradients, counts).join(" ") : gradientsMissing;
  if (gradients) drawReach(part("inside-reach"), gradients, counts);
}

function showBusy(isBusy) {
  part("inside-stop").hidden = !isBusy;
  part("inside-start").hidden = isBusy;
}

function say(sentence, isProblem = false) {
  report(part("inside-status"), sentence, isProblem);
}
