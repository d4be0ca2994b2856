// The view in which a person and the model write a text together.

import * as api from "./api.js";
import { Alternatives, described } from "./alternatives.js";
import { announce, report } from "./announce.js";
import { Choices } from "./choices.js";
import { DraftBar } from "./draft-bar.js";
import { part } from "./dom.js";
import { Editor, layerLimit } from "./editor.js";
import { startLooking } from "./looking.js";
import { byModel, movedIndex, plain, slice } from "./marked-text.js";
import { about, picked, whenModelsChange } from "./models.js";
import { counted, integer } from "./numbers.js";
import { scalarCount, startOfLast } from "./offsets.js";
import { requestOf } from "./sampling.js";
import { SamplingForm } from "./sampling-form.js";
import { Continuation, isEnd, marksOfEvaluation } from "./surprisal.js";
import { showLegend } from "./legend.js";
import { tintLimit } from "./text-layer.js";

const candidateCount = 5;
const choiceCount = 3;
/** What the model reads before the cursor. It remembers far less. */
const promptLimit = 20_000;
/** What it reads before a part that is to be tinted, so that it knows where it is. */
const runUp = 500;

let editor;
let drafts;
let sampling;
let choices;
let alternatives;
/** Stops what is being written; null while nothing is. */
let stopper = null;
/** The continuations to choose from, and where the chosen one goes. */
let running = Promise.resolve();
let offered = { at: 0, continuations: [] };
let lastSeed = null;

export function startWriting() {
  const area = part("text");
  editor = new Editor(area, part("text-layer"), textChanged);
  drafts = new DraftBar(editor, say);
  sampling = new SamplingForm(part("sampling-basics"), part("sampling-more"));
  choices = new Choices(part("choices"), part("choice-list"), takeChoice);
  alternatives = new Alternatives(part("alternatives"), {
    choose: chooseAlternative,
    step: (by) => looking.step(by),
    leave: () => looking.leave(),
  });
  const looking = startLooking({
    area, editor, alternatives,
    isOn: () => part("tint").checked && !stopper,
    note: (mark) => editor.state.written.some((range) => holds(range, mark.start))
      ? "Choosing one writes on from here."
      : "Choosing one rewrites the line from here.",
    announce: (mark) => announce(described(mark, markText(mark))),
  });
  showLegend(part("write-legend"));
  listen();
  drafts.openLatest();
  whenModelsChange(showModel);
}

function listen() {
  part("continue").addEventListener("click", writeOn);
  part("several").addEventListener("click", offerSeveral);
  part("stop").addEventListener("click", stop);
  part("undo").addEventListener("click", () => editor.undo());
  part("redo").addEventListener("click", () => editor.redo());
  part("choices-again").addEventListener("click", offerSeveral);
  part("choices-none").addEventListener("click", closeChoices);
  part("keep-seed").addEventListener("click", () => {
    sampling.keepSeed(lastSeed);
    say(`Seed ${lastSeed} is used from now on.`);
  });
  part("tint").addEventListener("change", toggleTint);
  part("tint-all").addEventListener("click", tintAll);
  part("write-view").addEventListener("keydown", pressed);
}

function pressed(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    writeOn();
  } else if (event.key === "Escape") {
    if (stopper) stop();
    else if (alternatives.isOpen) alternatives.hide();
    else if (choices.isOpen) closeChoices();
  }
}

// Writing

function writeOn() {
  if (!canWrite()) return;
  closeChoices();
  write({ at: editor.cursor, cut: 0, lead: plain("") });
}

/**
 * Cuts a part of the text, puts `lead` there, and lets the model continue. All of it is one action.
 * @param {{at: number, cut: number, lead: import("./marked-text.js").MarkedText, goesOn?: boolean}} where
 */
async function write({ at, cut, lead, goesOn = true }) {
  const removed = slice(editor.state, at, at + cut);
  editor.replace(at, cut, lead);
  const start = at + lead.text.length;
  const continuation = new Continuation();
  let length = 0;
  const paint = () => {
    editor.replace(start, length, byModel(continuation.text, continuation.marks));
    length = continuation.text.length;
    sayProgress(`Writing: ${counted(scalarCount(continuation.text), "character")}.`);
    keepInSight(start + length);
  };
  if (goesOn) await stream(start, 1, (choice) => continuation.add(choice), paint);
  const inserted = slice(editor.state, at, start + length);
  if (removed.text !== "" || inserted.text !== "") editor.history.add({ at, removed, inserted });
  showHistory();
  editor.focus();
  if (continuation.text !== "") sayWritten(continuation);
}

/**
 * Streams continuations of the text before an index, until they end or are stopped.
 * @param {(choice: object) => void} take takes each choice of each chunk
 * @param {() => void} paint shows what was taken, once a frame
 */
async function stream(at, count, take, paint) {
  stopper = new AbortController();
  showBusy(true);
  say("The model is reading.");
  let notes = [];
  const painter = eachFrame(paint);
  try {
    for await (const chunk of api.complete(requestAt(at, count), stopper.signal)) {
      notes = chunk.charlm?.notes ?? notes;
      for (const choice of chunk.choices ?? []) take(choice);
      painter.ask();
    }
    painter.finish();
    say(notes.join(" "));
  } catch (error) {
    painter.finish();
    if (api.wasStopped(error)) say("Stopped.");
    else say(api.sentence(error), true);
  }
  stopper = null;
  showBusy(false);
}

function requestAt(at, count) {
  const text = editor.state.text;
  const prompt = text.slice(startOfLast(text, at, promptLimit), at);
  const request = { model: picked().id, n: count, logprobs: candidateCount, ...requestOf(sampling.values) };
  // Without a prompt the model begins a text.
  return prompt === "" ? request : { ...request, prompt };
}

function stop() {
  stopper?.abort();
}

function canWrite() {
  if (stopper) return false;
  if (!picked()) say("There is no model yet.", true);
  return picked() !== null;
}

// Several continuations

async function offerSeveral() {
  if (!canWrite()) return;
  const at = choices.isOpen ? offered.at : editor.cursor;
  const continuations = Array.from({ length: choiceCount }, () => new Continuation());
  offered = { at, continuations };
  choices.open(choiceCount);
  const paint = () => {
    continuations.forEach(({ text }, index) => choices.update(index, text));
    sayProgress("Writing three continuations.");
  };
  running = stream(at, choiceCount, (choice) => continuations[choice.index].add(choice), paint);
  await running;
  if (continuations.every(({ text }) => text === "")) closeChoices();
  else if (choices.isOpen) choices.focus();
}

async function takeChoice(index) {
  stop();
  await running;
  const { at, continuations } = offered;
  const chosen = continuations[index];
  closeChoices();
  editor.act(at, 0, byModel(chosen.text, chosen.marks));
  editor.focus();
  sayWritten(chosen);
}

function closeChoices() {
  if (!choices.isOpen) return;
  stop();
  choices.close();
  part("several").hidden = false;
  editor.focus();
}

// Alternatives

function chooseAlternative(mark, candidate) {
  if (!canWrite()) return;
  alternatives.hide();
  closeChoices();
  const { text, written } = editor.state;
  const range = written.find((range) => holds(range, mark.start));
  const lineEnd = text.indexOf("\n", mark.start);
  const end = Math.max(mark.end, range?.end ?? (lineEnd < 0 ? text.length : lineEnd));
  const cut = end - mark.start;
  if (isEnd(candidate.text)) write({ at: mark.start, cut, lead: plain(""), goesOn: false });
  else write({ at: mark.start, cut, lead: leadOf(mark, candidate) });
}

/** The chosen character, which can be changed again like every other one. */
function leadOf({ candidates }, { text, probability }) {
  const mark = { start: 0, end: text.length, bits: -Math.log2(probability), candidates };
  return byModel(text, [mark]);
}

const holds = (range, index) => range.start <= index && index < range.end;
const markText = (mark) => editor.state.text.slice(mark.start, mark.end);

// Surprise

function toggleTint() {
  const isOn = part("tint").checked;
  editor.isTinted = isOn;
  alternatives.hide();
  part("write-legend").hidden = !isOn;
  if (isOn && editor.isLong) {
    say(`A text of more than ${integer(layerLimit)} characters is shown without colors.`);
  } else if (isOn && editor.state.marks.length === 0 && editor.state.text !== "") {
    tintAll();
  }
  showTintAll();
}

/** Asks the model about the whole text, or about the part around the cursor of a long one. */
async function tintAll() {
  if (!canWrite()) return;
  const text = editor.state.text;
  const end = Math.min(text.length, Math.max(tintLimit, editor.cursor + tintLimit / 2));
  const start = startOfLast(text, end, tintLimit);
  const from = startOfLast(text, start, runUp);
  const read = text.slice(from, end);
  stopper = new AbortController();
  showBusy(true);
  say("The model is reading.");
  try {
    const body = { model: picked().id, text: read, per_character: true, candidates: candidateCount };
    const { units } = await api.evaluate(body, stopper.signal);
    if (editor.state.text === text) takeMarks(marksOfEvaluation(read, units), from, start, end);
    const isPart = end - start < text.length;
    say(isPart ? `Tinted: ${integer(end - start)} characters around the cursor.` : "");
  } catch (error) {
    if (!api.wasStopped(error)) say(api.sentence(error), true);
    else say("Stopped.");
  }
  stopper = null;
  showBusy(false);
  showTintAll();
}

function takeMarks(marks, from, start, end) {
  const placed = marks
    .map((mark) => ({ ...mark, start: mark.start + from, end: mark.end + from }))
    .filter((mark) => mark.start >= start);
  const others = editor.state.marks;
  editor.remark([
    ...others.filter((mark) => mark.end <= start), ...placed,
    ...others.filter((mark) => mark.start >= end),
  ]);
}

function showTintAll() {
  const { marks, text } = editor.state;
  const marked = marks.reduce((sum, mark) => sum + mark.end - mark.start, 0);
  const hasMore = marked < Math.min(text.length, tintLimit);
  part("tint-all").hidden = !(part("tint").checked && hasMore && !editor.isLong);
}

// What the view shows

/** @param edit null if another draft was opened */
function textChanged(edit) {
  alternatives.hide();
  if (edit) {
    offered.at = movedIndex(offered.at, edit.at, edit.length, edit.insertedLength);
    drafts.changed();
  } else {
    choices.close();
    say("");
  }
  showHistory();
  showTintAll();
}

function showModel() {
  part("model-about").textContent = picked() ? about(picked()) : "";
  for (const id of ["continue", "several"]) part(id).disabled = !picked();
}

function showBusy(isBusy) {
  part("stop").hidden = !isBusy;
  part("draft-bar").disabled = isBusy;
  part("continue").hidden = isBusy;
  part("several").disabled = isBusy || !picked();
  part("several").hidden = choices.isOpen;
  part("choices-again").disabled = isBusy;
  part("keep-seed").hidden = isBusy || lastSeed === null;
  editor.isLocked = isBusy && !choices.isOpen;
  if (!isBusy) drafts.changed();
  showHistory();
}

function showHistory() {
  part("undo").disabled = stopper !== null || !editor.history.canUndo;
  part("redo").disabled = stopper !== null || !editor.history.canRedo;
}

function say(sentence, isProblem = false) {
  report(part("write-status"), sentence, isProblem);
}

/** Shows how far it is, without saying it again and again. */
function sayProgress(sentence) {
  part("write-status").textContent = sentence;
}

function sayWritten({ text, seed }) {
  lastSeed = seed;
  const line = part("write-status");
  const size = counted(scalarCount(text), "character");
  const seedPart = seed === null ? "" : ` Seed ${seed}.`;
  const isProblem = line.classList.contains("problem");
  line.textContent = `${line.textContent} ${size}.${seedPart}`.trim();
  line.classList.toggle("problem", isProblem);
  part("keep-seed").hidden = seed === null;
  announce(`The model wrote: ${text.slice(0, 600)}`);
}

/** Scrolls along with the text, unless the person has scrolled away from its end. */
function keepInSight(index) {
  const box = editor.layer.rectangles({ start: index, end: index }).at(-1);
  const bottom = part("actions").getBoundingClientRect().top - 12;
  const excess = box ? box.bottom - bottom : 0;
  const isNear = excess < box?.height * 3;
  if (excess > 0 && isNear) scrollBy(0, excess);
}

/** Calls `paint` at most once a frame; less often in a long text, where it takes longer than a frame. */
function eachFrame(paint) {
  let frame = 0;
  let isWaiting = false;
  let notBefore = 0;
  const timed = () => {
    frame = 0;
    const begin = performance.now();
    if (begin < notBefore) return ask();
    isWaiting = false;
    paint();
    notBefore = begin + 3 * (performance.now() - begin);
  };
  const ask = () => {
    isWaiting = true;
    frame ||= requestAnimationFrame(timed);
  };
  const finish = () => {
    cancelAnimationFrame(frame);
    if (isWaiting) paint();
  };
  return { ask, finish };
}
