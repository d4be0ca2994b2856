// Looking at single characters of the text pane: with the pointer, a finger or the arrow keys.

import { clusterEnd, clusterStart } from "./offsets.js";
import { markAt } from "./surprisal.js";

/** How long a pointer rests before the window opens, and before it closes. */
const restInMilliseconds = 140;
const leaveInMilliseconds = 300;

/**
 * Opens the window of alternatives for the character that the person looks at.
 * @param {{area: HTMLTextAreaElement, editor: import("./editor.js").Editor,
 *   alternatives: import("./alternatives.js").Alternatives, isOn: () => boolean,
 *   note: (mark: object) => string, announce: (mark: object) => void}} view
 */
export function startLooking({ area, editor, alternatives, isOn, note, announce }) {
  const pane = area.parentElement;
  let timer = null;

  function show(mark) {
    const box = editor.layer.rectangles(mark)[0];
    alternatives.show(mark, editor.state.text.slice(mark.start, mark.end), box, note(mark));
  }

  function lookAtCaret() {
    const mark = isOn() && area.selectionStart === area.selectionEnd
      ? markAt(editor.state.marks, area.selectionStart) : null;
    if (!mark) return alternatives.hide();
    show(mark);
    announce(mark);
  }

  function lookAtPoint(x, y) {
    const place = document.caretPositionFromPoint?.(x, y);
    if (place?.offsetNode !== area) return;
    const mark = editor.layer.markUnder(x, y, place.offset);
    if (mark) show(mark);
    else alternatives.hide();
  }

  function later(action, milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  }

  area.addEventListener("pointermove", ({ pointerType, clientX, clientY, buttons }) => {
    if (pointerType !== "mouse" || buttons !== 0 || !isOn()) return;
    later(() => isOn() && lookAtPoint(clientX, clientY), restInMilliseconds);
  });
  pane.addEventListener("pointerleave", () => later(() => alternatives.hide(), leaveInMilliseconds));
  pane.addEventListener("pointerover", ({ target }) => {
    if (alternatives.contains(target)) clearTimeout(timer);
  });
  area.addEventListener("keyup", ({ key }) => {
    if (key.startsWith("Arrow") || key === "Home" || key === "End") lookAtCaret();
  });
  area.addEventListener("pointerup", ({ pointerType }) => {
    // The caret moves only after the touch.
    if (pointerType !== "mouse") later(lookAtCaret, 50);
  });

  return {
    /** Goes to the next or the previous character, from within the window. */
    step(by) {
      const { text } = editor.state;
      const { start } = alternatives.mark;
      const to = by > 0 ? clusterEnd(text, start) : clusterStart(text, Math.max(0, start - 1));
      if (!markAt(editor.state.marks, to)) return;
      editor.select(to);
      lookAtCaret();
    },
    /** Goes back to the text, at the character that was shown. */
    leave() {
      if (alternatives.mark) editor.select(alternatives.mark.start);
      alternatives.hide();
      editor.focus();
    },
  };
}
