// The colors of the text pane: on or off, and for the whole text on request.

import * as api from "./api.js";
import { part } from "./dom.js";
import { layerLimit } from "./editor.js";
import { showLegend } from "./legend.js";
import { picked } from "./models.js";
import { counted, integer } from "./numbers.js";
import { startOfLast } from "./offsets.js";
import { marksOfEvaluation } from "./surprisal.js";
import { tintLimit } from "./text-layer.js";

const candidateCount = 5;
/** What the model reads before the part that is to be tinted, so that it knows where it is. */
const runUp = 500;

/**
 * @param {import("./editor.js").Editor} editor
 * @param {import("./work.js").Work} work
 * @param {(sentence: string, isProblem?: boolean) => void} say
 */
export function startTint(editor, work, say) {
  showLegend(part("write-legend"));
  part("tint-all").addEventListener("click", tintAll);
  part("tint").addEventListener("change", () => {
    const isOn = part("tint").checked;
    editor.isTinted = isOn;
    part("write-legend").hidden = !isOn;
    showTintAll(editor);
    if (!isOn) return;
    if (editor.isLong) {
      say(`A text of more than ${integer(layerLimit)} characters is shown without colors.`);
    } else if (editor.state.marks.length === 0 && editor.state.text !== "") {
      tintAll();
    }
  });

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
