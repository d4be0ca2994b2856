// The view that measures how well one or two models know a text.

import * as api from "./api.js";
import { Alternatives } from "./alternatives.js";
import { announce, report } from "./announce.js";
import { acceptFiles, element, part, textOf } from "./dom.js";
import { showLegend } from "./legend.js";
import { fillWithModels, picked, whenModelsChange } from "./models.js";
import { counted, decimal, integer } from "./numbers.js";
import { clusterStart } from "./offsets.js";
import { compared, highestPassages, meanDifference } from "./passages.js";
import { Reader } from "./reader.js";
import { marksOfEvaluation } from "./surprisal.js";
import { tintLimit } from "./text-layer.js";
import { Work } from "./work.js";

const candidateCount = 5;
const passageCount = 8;
/** Bits of difference from which a character has a stronger color. */
const differenceBounds = [0.5, 1, 2, 4];

/** @typedef {{model: string, figures: object, marks: import("./surprisal.js").Mark[]}} Measured */

const work = new Work(say, showBusy);
let reader;
/** A chosen file that is too long to be put into the text area. */
let longFile = null;

export function startMeasuring() {
  reader = new Reader(part("measured"), new Alternatives(part("measure-alternatives")));
  part("measure-start").addEventListener("click", measure);
  part("measure-stop").addEventListener("click", () => work.stop());
  part("measure-choose").addEventListener("click", () => part("measure-file").click());
  part("measure-file").addEventListener("change", (event) => takeFiles([...event.target.files]));
  part("measure-text").addEventListener("input", () => (longFile = null));
  acceptFiles(part("measure-text"), takeFiles);
  whenModelsChange(showModels);
}

function showModels() {
  const none = element("option", { value: "" }, "no other model");
  fillWithModels(part("measure-other"), none);
  part("measure-start").disabled = !picked();
}

const shownOfFile = 100_000;

async function takeFiles([file]) {
  if (!file) return;
  try {
    const text = (await textOf(file)).replaceAll("\r\n", "\n");
    const isLong = text.length > shownOfFile;
    longFile = isLong ? text : null;
    part("measure-text").value = isLong ? text.slice(0, clusterStart(text, shownOfFile)) : text;
    say(isLong
      ? `${file.name}: all ${integer(text.length)} characters are measured; the field shows the first ones.`
      : "");
  } catch (error) {
    say(error.message, true);
  }
  part("measure-file").value = "";
}

function measure() {
  const text = longFile ?? part("measure-text").value;
  if (text.trim() === "") return say("There is no text yet.", true);
  const other = part("measure-other").value;
  const models = [picked().id, ...(other && other !== picked().id ? [other] : [])];
  work.run(async (signal) => {
    const results = [];
    for (const model of models) {
      say(`${model} is reading ${counted(text.length, "character")}.`);
      results.push(await measureWith(model, text, signal));
    }
    show(text.slice(0, shownLength(text)), text, results);
    announce(results.map(({ model, figures }) =>
      `${model}: ${decimal(figures.bits_per_character)} bits per character.`).join(" "));
  });
}

const shownLength = (text) => clusterStart(text, Math.min(text.length, tintLimit));

/**
 * The figures of the whole text and the marks of its beginning.
 * @returns {Promise<Measured>}
 */
async function measureWith(model, text, signal) {
  const beginning = text.slice(0, shownLength(text));
  const detail = await api.evaluate(
    { model, text: beginning, per_character: true, candidates: candidateCount }, signal);
  const figures = beginning === text ? detail : await api.evaluate({ model, text }, signal);
  return { model, figures, marks: marksOfEvaluation(beginning, detail.units) };
}

// Results

function show(beginning, text, results) {
  part("measure-results").hidden = false;
  part("measure-figures").replaceChildren(...results.map(card));
  part("measure-limit").textContent = beginning === text ? ""
    : `Shown are the first ${integer(beginning.length)} characters. The figures are of all of them.`;
  if (results.length === 2) showTwo(beginning, ...results);
  else showOne(beginning, results[0]);
}

function showOne(text, { marks }) {
  part("measure-verdict").textContent = "";
  part("measure-tint-row").hidden = true;
  showLegend(part("measure-legend"));
  reader.show(text, marks);
  part("measure-passages").replaceChildren(
    passageList("The hardest passages", text, highestPassages(marks, passageCount),
      (mean) => `${decimal(mean, 1)} bits per character`));
}

/** @param {Measured} first @param {Measured} second */
function showTwo(text, first, second) {
  const pairs = compared(first.marks, second.marks);
  part("measure-verdict").textContent = verdict(first, second, pairs);
  part("measure-tint-row").hidden = false;
  part("measure-tint").replaceChildren(
    element("option", { value: "difference" }, "which model is better"),
    element("option", { value: "first" }, `surprise of ${first.model}`),
    element("option", { value: "second" }, `surprise of ${second.model}`));
  part("measure-tint").onchange = () => showTint(text, first, second, pairs);
  showTint(text, first, second, pairs);
  part("measure-passages").replaceChildren(
    ...[[first, second, -1], [second, first, 1]].map(([better, worse, sign]) =>
      passageList(`${better.model} is better here`, text,
        highestPassages(pairs, passageCount / 2, (pair) => pair.difference * sign)
          .filter(({ mean }) => mean > 0),
        (mean) => `${decimal(mean, 1)} bits per character less than ${worse.model}`)));
}

function showTint(text, first, second, pairs) {
  const choice = part("measure-tint").value;
  if (choice === "difference") {
    showDifferenceLegend(first, second);
    reader.show(text, pairs.map((pair) => withNote(pair, first, second)), differenceTint);
  } else {
    showLegend(part("measure-legend"));
    reader.show(text, (choice === "first" ? first : second).marks);
  }
}

function withNote(pair, first, second) {
  const others = decimal(pair.bits - pair.difference);
  return { ...pair, note: `${first.model}: ${decimal(pair.bits)} bits. ${second.model}: ${others} bits.` };
}

function differenceTint({ difference }) {
  const strength = differenceBounds.filter((bound) => Math.abs(difference) >= bound).length;
  if (strength === 0) return "";
  return difference < 0 ? `first-${strength}` : `second-${strength}`;
}

function showDifferenceLegend(first, second) {
  const swatches = [4, 3, 2, 1].map((n) => `first-${n}`)
    .concat([1, 2, 3, 4].map((n) => `second-${n}`))
    .map((name) => element("span", { class: `swatch ${name}` }));
  part("measure-legend").replaceChildren(
    element("span", {}, `${first.model} better`),
    element("span", { class: "swatches", "aria-hidden": "true" }, ...swatches),
    element("span", {}, `${second.model} better`));
}

function verdict(first, second, pairs) {
  if (pairs.length === 0) return "The two models read the text so differently that it cannot be compared.";
  const { mean, standardError } = meanDifference(pairs);
  const [better, worse] = mean <= 0 ? [first, second] : [second, first];
  const size = `${decimal(Math.abs(mean))} bits per character`;
  if (standardError === null) {
    return `${better.model} needs ${size} less than ${worse.model}. `
      + "The text is too short to say how sure that is.";
  }
  const isSure = Math.abs(mean) > 2 * standardError;
  return isSure
    ? `${better.model} is better: it needs ${size} less than ${worse.model} (± ${decimal(2 * standardError)}).`
    : `No difference that could not be chance: ${size} (± ${decimal(2 * standardError)}).`;
}

/** @param {Measured} result */
function card({ model, figures }) {
  const range = figures.interval?.bits_per_character;
  const rows = [
    ["95 % interval", range ? `${decimal(range[0])} to ${decimal(range[1])}` : "text too short"],
    ["Perplexity per character", decimal(figures.perplexity_per_character)],
    ["Bits per byte", decimal(figures.bits_per_byte)],
    ["Characters", integer(figures.characters)],
  ];
  if (figures.unknown_characters > 0) {
    rows.push(["Unknown to the model", integer(figures.unknown_characters)]);
  }
  return element("section", { class: "card", "aria-label": model },
    element("h3", {}, model),
    element("p", { class: "big" }, element("strong", {}, decimal(figures.bits_per_character)),
      " bits per character"),
    element("dl", {}, ...rows.flatMap(([name, value]) =>
      [element("dt", {}, name), element("dd", {}, value)])));
}

/** A list of passages; each is a button that goes there. */
function passageList(title, text, passages, label) {
  const items = passages.map(({ start, end, mean }) => {
    const excerpt = wholeWords(text, start, end).replaceAll("\n", " ↵ ");
    const go = element("button", {
      type: "button", class: "passage", onclick: () => reader.goTo(start, end),
    }, element("span", { class: "excerpt", dir: "auto" }, excerpt),
    element("span", { class: "fine" }, label(mean)));
    return element("li", {}, go);
  });
  const list = items.length > 0
    ? element("ol", { class: "passages" }, ...items)
    : element("p", { class: "fine" }, "None.");
  return element("div", {}, element("h2", {}, title), list);
}

/** A passage with the words that it begins and ends in. */
function wholeWords(text, start, end) {
  const before = text.slice(Math.max(0, start - 20), start).match(/\S*$/)[0];
  const after = text.slice(end, end + 20).match(/^\S*/)[0];
  return `${before}${text.slice(start, end)}${after}`.trim();
}

function showBusy(isBusy) {
  part("measure-stop").hidden = !isBusy;
  part("measure-start").hidden = isBusy;
}

function say(sentence, isProblem = false) {
  report(part("measure-status"), sentence, isProblem);
}
