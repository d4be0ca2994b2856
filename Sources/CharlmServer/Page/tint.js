// The colors of the text pane: on or off, and for the whole text on request. The browser keeps the
// choice, but not the colors: a text that is opened is read by the model again.

import * as api from "./api.js";
import { part } from "./dom.js";
import { layerLimit } from "./editor.js";
import { showLegend } from "./legend.js";
import { picked, whenModelsChange } from "./models.js";
import { counted, integer } from "./numbers.js";
import { startOfLast } from "./offsets.js";
import { marksOfEvaluation } from "./surprisal.js";
import { tintLimit } from "./text-layer.js";

const candidateCount = 5;
/** What the model reads before the part that is to be tinted, so that it knows where it is. */
const runUp = 500;
const storageName = "charlm.tint";

/**
 * @param {import("./editor.js").Editor} editor
 * @param {import("./work.js").Work} work
 * @param {(sentence: string, isProblem?: boolean) => void} say
 * @returns {() => void} to be called when another text was opened
 */
export function startTint(editor, work, say) {
  showLegend(part("write-legend"));
  part("tint-all").addEventListener("click", tintAll);
  part("tint").checked = localStorage.getItem(storageName) === "on";
  part("tint").addEventListener("change", () => {
    localStorage.setItem(storageName, part("tint").checked ? "on" : "off");
    show();
    if (part("tint").checked && editor.isLong) {
      say(`A text of more than ${integer(layerLimit)} characters is shown without colors.`);
    }
  });
  show();
  // A page that has just been loaded knows no models yet.
  whenModelsChange(tintUnmarked);
  return tintUnmarked;

  function show() {
    const isOn = part("tint").checked;
    editor.isTinted = isOn;
    part("write-legend").hidden = !isOn;
    showTintAll(editor);
    tintUnmarked();
  }

  /** Colors a text of which nothing is known, except in a tab that nobody sees. */
  function tintUnmarked() {
    const isUnmarked = editor.state.marks.length === 0 && editor.state.text !== "";
    if (part("tint").checked && isUnmarked && !editor.isLong && !document.hidden) tintAll();
  }

  function tintAll() {
    if (!work.isBusy && picked()) work.run(evaluateAll);
  }

  /** Asks the model about the text, or about the part around the cursor of a long one. */
  async function evaluateAll(signal) {
    say("The model is reading.");
    const { text } = editor.state;
    const end = Math.min(text.length, Math.max(tintLimit, editor.cursor + tintLimit / 2));
    const start = startOfLast(text, end, tintLimit);
    const from = startOfLast(text, start, runUp);
    const read = text.slice(from, end);
    const { units } = await api.evaluate(
      { model: picked().id, text: read, per_character: true, candidates: candidateCount }, signal);
    remark(editor, marksOfEvaluation(read, units), from, start, end);
    if (end - start === text.length) return "";
    return `Colored: ${counted(end - start, "character")} around the cursor.`;
  }
}

export function showTintAll(editor) {
  const isUseful = part("tint").checked && editor.state.text !== "" && !editor.isLong;
  part("tint-all").hidden = !isUseful;
}

/** Replaces the marks between `start` and `end` by those of a text that was read from `from` on. */
function remark(editor, marks, from, start, end) {
  const placed = marks
    .map((mark) => ({ ...mark, start: mark.start + from, end: mark.end + from }))
    .filter((mark) => mark.start >= start);
  const others = editor.state.marks;
  editor.remark([
    ...others.filter((mark) => mark.end <= start), ...placed,
    ...others.filter((mark) => mark.start >= end),
  ]);
}
