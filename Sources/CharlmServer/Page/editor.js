// The text pane: a plain text area, for everything that people expect of one, over a layer that
// draws the tint. It knows the marks of the text and every action since the draft was opened.

import { difference, plain, replace, slice } from "./marked-text.js";
import { History } from "./history.js";
import { TextLayer } from "./text-layer.js";
import { clusterStart } from "./offsets.js";

/** @typedef {import("./marked-text.js").MarkedText} MarkedText */

/** A text this long scrolls in a box of its own, without a layer: drawing it twice is too slow. */
export const layerLimit = 300_000;

export class Editor {
  /** @type {MarkedText} */
  state = plain("");
  history = new History();
  layer;
  #area;
  #isTinted = false;
  #onEdit;

  /**
   * @param {HTMLTextAreaElement} area
   * @param {HTMLElement} layerRoot
   * @param {(edit: {at: number, length: number, insertedLength: number}|null) => void} onEdit
   *   is called after every edit, and with null after another text was opened
   */
  constructor(area, layerRoot, onEdit) {
    this.#area = area;
    this.#onEdit = onEdit;
    this.layer = new TextLayer(layerRoot);
    area.addEventListener("input", () => this.#takeTyping());
    area.addEventListener("beforeinput", (event) => this.#interceptUndo(event));
    area.addEventListener("keydown", (event) => this.#press(event));
  }

  /** Where the model would write: the end of the selection, never within a cluster. */
  get cursor() {
    return clusterStart(this.state.text, this.#area.selectionEnd);
  }

  get isLong() {
    return this.state.text.length > layerLimit;
  }

  set isTinted(value) {
    this.#isTinted = value;
    this.redraw();
  }

  set isLocked(value) {
    this.#area.readOnly = value;
  }

  /** Opens another text, without a history. */
  load(state) {
    this.state = state;
    this.history = new History();
    this.#area.value = state.text;
    this.#area.setSelectionRange(state.text.length, state.text.length);
    this.redraw();
    this.#onEdit(null);
  }

  /** Puts a piece in the place of a part of the text. */
  replace(at, length, piece) {
    this.state = replace(this.state, at, length, piece);
    this.#area.setRangeText(piece.text, at, at + length, "end");
    this.redraw();
    this.#onEdit({ at, length, insertedLength: piece.text.length });
  }

  /** The same as an action of its own, which can be undone. */
  act(at, length, piece) {
    this.history.add({ at, removed: slice(this.state, at, at + length), inserted: piece });
    this.replace(at, length, piece);
  }

  /** Gives the characters other marks; that is no action. */
  remark(marks) {
    this.state = { ...this.state, marks };
    this.redraw();
  }

  undo() {
    this.#apply(this.history.undo());
  }

  redo() {
    this.#apply(this.history.redo());
  }

  select(start, end = start) {
    this.#area.setSelectionRange(start, end);
  }

  focus() {
    this.#area.focus({ preventScroll: true });
  }

  redraw() {
    this.#area.parentElement.classList.toggle("is-long", this.isLong);
    const marks = this.#isTinted && !this.isLong ? this.state.marks : [];
    this.layer.draw(this.isLong ? "" : this.state.text, marks, this.#area.selectionEnd);
  }

  #apply(edit) {
    if (!edit || this.#area.readOnly) return;
    this.replace(edit.at, edit.removed.text.length, edit.inserted);
  }

  /** Finds out what the person changed: typed, pasted, dropped, dictated or corrected. */
  #takeTyping() {
    const { value, selectionEnd } = this.#area;
    const { at, length, inserted } = difference(this.state.text, value, selectionEnd);
    if (length === 0 && inserted === "") return;
    const edit = { at, removed: slice(this.state, at, at + length), inserted: plain(inserted) };
    this.history.addTyping(edit, performance.now());
    this.state = replace(this.state, at, length, edit.inserted);
    this.redraw();
    this.#onEdit({ at, length, insertedLength: inserted.length });
  }

  /** Undo from a menu of the browser. */
  #interceptUndo(event) {
    if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return;
    event.preventDefault();
    if (event.inputType === "historyUndo") this.undo();
    else this.redo();
  }

  #press(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) this.redo();
    else this.undo();
  }
}
