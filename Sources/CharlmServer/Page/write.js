// The view in which a person and the model write a text together.

import * as api from "./api.js";
import { Alternatives, described } from "./alternatives.js";
import { announce, report } from "./announce.js";
import { Choices } from "./choices.js";
import { DraftBar } from "./draft-bar.js";
import { part } from "./dom.js";
import { Editor } from "./editor.js";
import { eachFrame } from "./frames.js";
import { startLooking } from "./looking.js";
import { byModel, movedIndex, plain, slice } from "./marked-text.js";
import { about, picked, whenModelsChange } from "./models.js";
import { counted } from "./numbers.js";
import { scalarCount } from "./offsets.js";
import { promptBefore } from "./prompt.js";
import { requestOf } from "./sampling.js";
import { SamplingForm } from "./sampling-form.js";
import { Continuation, isEnd } from "./surprisal.js";
import { showTintAll, startTint } from "./tint.js";
import { Work } from "./work.js";

const candidateCount = 5;
const choiceCount = 3;

const work = new Work(say, showBusy);
let editor;
let drafts;
let sampling;
let choices;
let alternatives;
/** Colors a text that was opened, if colors are on. */
let tintUnmarked;
/** The continuations to choose from, and where the chosen one goes. */
let offered = { at: 0, continuations: [] };
let lastSeed = null;

export function startWriting() {
  editor = new Editor(part("text"), part("text-layer"), textChanged);
  drafts = new DraftBar(editor, say);
  sampling = new SamplingForm(part("sampling-basics"), part("sampling-more"));
  choices = new Choices(part("choices"), part("choice-list"), takeChoice);
  alternatives = new Alternatives(part("alternatives"), {
    choose: chooseAlternative,
    step: (by) => looking.step(by),
    leave: () => looking.leave(),
  });
  const looking = startLooking({
    area: part("text"), editor, alternatives,
    isOn: () => part("tint").checked && !work.isBusy,
    note: (mark) => rangeOf(mark) ? "Choose one to continue from here."
      : "Choose one to rewrite the line from here.",
    announce: (mark) => announce(described(mark, editor.state.text.slice(mark.start, mark.end))),
  });
  tintUnmarked = startTint(editor, work, say);
  listen();
  drafts.openLatest();
  whenModelsChange(showModel);
}

function listen() {
  part("continue").addEventListener("click", writeOn);
  part("several").addEventListener("click", offerSeveral);
  part("stop").addEventListener("click", () => work.stop());
  part("undo").addEventListener("click", () => editor.undo());
  part("redo").addEventListener("click", () => editor.redo());
  part("choices-again").addEventListener("click", offerSeveral);
  part("choices-none").addEventListener("click", closeChoices);
  part("tint").addEventListener("change", () => alternatives.hide());
  part("keep-seed").addEventListener("click", () => {
    sampling.keepSeed(lastSeed);
    say(`Seed ${lastSeed} is used from now on.`);
  });
  document.addEventListener("keydown", pressed);
}

function pressed(event) {
  if (event.isComposing) return;
  if (part("write-view").hidden || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    writeOn();
  } else if (event.key === "Escape") {
    if (work.isBusy) work.stop();
    else if (alternatives.isOpen) alternatives.hide();
    else closeChoices();
  }
}

// Writing

function writeOn() {
  if (!canWrite()) return;
  closeChoices();
  write(editor.cursor, 0, plain(""));
}

/** Cuts a part of the text, puts `lead` there, and lets the model continue. All of it is one action. */
async function write(at, cut, lead) {
  const removed = slice(editor.state, at, at + cut);
  editor.replace(at, cut, lead);
  const start = at + lead.text.length;
  const continuation = new Continuation();
  let length = 0;
  const paint = () => {
    editor.replace(start, length, byModel(continuation.text, continuation.marks));
    length = continuation.text.length;
    showProgress(`Writing: ${counted(scalarCount(continuation.text), "character")}.`);
    keepInSight(start + length);
  };
  await work.run((signal) => stream(start, 1, (choice) => continuation.add(choice), paint, signal));
  const inserted = slice(editor.state, at, start + length);
  if (removed.text !== "" || inserted.text !== "") editor.history.add({ at, removed, inserted });
  showHistory();
  editor.focus();
  if (continuation.text !== "") sayWritten(continuation);
}

/**
 * Streams continuations of the text before an index, until they end or are stopped.
 * @param {(choice: object) => void} take takes each choice of each chunk
 * @param {() => void} paint shows what was taken
 * @returns {Promise<string>} what there is to say about it
 */
async function stream(at, count, take, paint, signal) {
  say("The model is reading.");
  const { prompt, note } = promptBefore(editor.state.text, at);
  let notes = [];
  const painter = eachFrame(paint);
  try {
    for await (const chunk of api.complete(requestFor(prompt, count), signal)) {
      notes = chunk.charlm?.notes ?? notes;
      for (const choice of chunk.choices ?? []) take(choice);
      painter.ask();
    }
  } finally {
    painter.finish();
  }
  return [note, ...notes].filter(Boolean).join(" ");
}

function requestFor(prompt, count) {
  const request = { model: picked().id, n: count, logprobs: candidateCount, ...requestOf(sampling.values) };
  // Without a prompt the model begins a text.
  return prompt === "" ? request : { ...request, prompt };
}

function canWrite() {
  if (work.isBusy) return false;
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
    showProgress("Writing three continuations.");
  };
  const take = (choice) => continuations[choice.index].add(choice);
  await work.run((signal) => stream(at, choiceCount, take, paint, signal));
  if (continuations.every(({ text }) => text === "")) closeChoices();
  else if (choices.isOpen) choices.focus();
}

async function takeChoice(index) {
  await work.stop();
  const { at, continuations } = offered;
  const chosen = continuations[index];
  closeChoices();
  editor.act(at, 0, byModel(chosen.text, chosen.marks));
  editor.focus();
  say("");
  sayWritten(chosen);
}

function closeChoices() {
  if (!choices.isOpen) return;
  work.stop();
  choices.close();
  part("several").hidden = false;
  editor.focus();
}

// Alternatives

/** Writes a text on from a character that the person chose in the place of another one. */
function chooseAlternative(mark, candidate) {
  if (!canWrite()) return;
  alternatives.hide();
  closeChoices();
  const cut = endOf(mark) - mark.start;
  if (isEnd(candidate.text)) editor.act(mark.start, cut, plain(""));
  else write(mark.start, cut, leadOf(mark, candidate));
}

/** Where the text that a choice replaces ends: with what the model wrote, or with the person's line. */
function endOf(mark) {
  const { text } = editor.state;
  const lineEnd = text.indexOf("\n", mark.start);
  return Math.max(mark.end, rangeOf(mark)?.end ?? (lineEnd < 0 ? text.length : lineEnd));
}

/** The chosen character, which can be changed again like every other one. */
function leadOf({ candidates }, { text, probability }) {
  const mark = { start: 0, end: text.length, bits: -Math.log2(probability), candidates };
  return byModel(text, [mark]);
}

/** The text by the model that a character belongs to. */
const rangeOf = (mark) =>
  editor.state.written.find(({ start, end }) => start <= mark.start && mark.start < end);

// What the view shows

/** @param edit null if another draft was opened */
function textChanged(edit) {
  alternatives.hide();
  if (edit) {
    offered.at = movedIndex(offered.at, edit.at, edit.length, edit.insertedLength);
    drafts.changed();
  } else {
    closeChoices();
    say("");
  }
  showHistory();
  showTintAll(editor);
  if (!edit) tintUnmarked();
}

function showModel() {
  part("model-about").textContent = picked() ? about(picked()) : "";
  for (const id of ["continue", "several"]) part(id).disabled = !picked();
}

function showBusy(isBusy) {
  part("stop").hidden = !isBusy;
  part("continue").hidden = isBusy;
  part("several").disabled = isBusy || !picked();
  part("several").hidden = choices.isOpen;
  part("choices-again").disabled = isBusy;
  part("draft-bar").disabled = isBusy;
  part("keep-seed").hidden = isBusy || lastSeed === null;
  editor.isLocked = isBusy && !choices.isOpen;
  showHistory();
}

function showHistory() {
  part("undo").disabled = work.isBusy || !editor.history.canUndo;
  part("redo").disabled = work.isBusy || !editor.history.canRedo;
}

function say(sentence, isProblem = false) {
  report(part("write-status"), sentence, isProblem);
}

/** Shows how far it is, without saying it again and again. */
function showProgress(sentence) {
  part("write-status").textContent = sentence;
}

/** Adds to what was said how much was written, and reads it out. */
function sayWritten({ text, seed }) {
  lastSeed = seed;
  const line = part("write-status");
  const facts = [line.textContent, `${counted(scalarCount(text), "character")}.`];
  if (seed !== null) facts.push(`Seed ${seed}.`);
  line.textContent = facts.join(" ").trim();
  part("keep-seed").hidden = seed === null;
  announce(`The model wrote: ${text.slice(0, 600)}`);
}

/** Scrolls along with the text, unless the person has scrolled away from its end. */
function keepInSight(index) {
  const box = editor.layer.rectangles({ start: index, end: index }).at(-1);
  if (!box) return;
  const excess = box.bottom - part("actions").getBoundingClientRect().top + 12;
  if (excess > 0 && excess < box.height * 3) scrollBy(0, excess);
}
