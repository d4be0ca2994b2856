// Undo and redo of whole actions. The browser's own history forgets everything as soon as a program
// changes the text, so the page keeps one that knows both what was typed and what was generated.

/**
 * One action: at `at`, `removed` gave way to `inserted`.
 * @typedef {import("./marked-text.js").MarkedText} MarkedText
 * @typedef {{at: number, removed: MarkedText, inserted: MarkedText}} Edit
 */

/** Typing is one action up to such a pause. */
const pauseInMilliseconds = 1500;
const limit = 300;

export class History {
  /** @type {Edit[]} */
  #done = [];
  /** @type {Edit[]} */
  #undone = [];
  #typedAt = -Infinity;

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** @param {Edit} edit an action of its own. */
  add(edit) {
    this.#done.push(edit);
    if (this.#done.length > limit) this.#done.shift();
    this.#undone = [];
    this.#typedAt = -Infinity;
  }

  /**
   * @param {Edit} edit what one key typed or deleted; joins the action before if it continues it.
   * @param {number} now in milliseconds
   */
  addTyping(edit, now) {
    const last = this.#done.at(-1);
    const together = last && now - this.#typedAt < pauseInMilliseconds ? joined(last, edit) : null;
    if (together) this.#done[this.#done.length - 1] = together;
    else this.add(edit);
    this.#undone = [];
    this.#typedAt = now;
  }

  /** Ends an action: what is typed next is another one. */
  pause() {
    this.#typedAt = -Infinity;
  }

  /** @returns {Edit|null} the edit to apply. */
  undo() {
    const edit = this.#done.pop();
    if (!edit) return null;
    this.#undone.push(edit);
    this.pause();
    return { at: edit.at, removed: edit.inserted, inserted: edit.removed };
  }

  /** @returns {Edit|null} the edit to apply. */
  redo() {
    const edit = this.#undone.pop();
    if (!edit) return null;
    this.#done.push(edit);
    this.pause();
    return edit;
  }
}

/** Two edits as one, if the second types on, or deletes on, where the first ended. */
function joined(first, second) {
  const typesOn =
    second.removed.text === "" && second.at === first.at + first.inserted.text.length &&
    // A new word or line is a new action, or one undo would take a page.
    !(/\s$/.test(first.inserted.text) && /^\S/.test(second.inserted.text));
  if (typesOn) return { ...first, inserted: concatenated(first.inserted, second.inserted) };
  if (first.inserted.text !== "" || second.inserted.text !== "") return null;
  if (second.at + second.removed.text.length === first.at) {
    return { ...second, removed: concatenated(second.removed, first.removed) };
  }
  if (second.at === first.at) {
    return { ...first, removed: concatenated(first.removed, second.removed) };
  }
  return null;
}

function concatenated(a, b) {
  const by = a.text.length;
  const move = (range) => ({ ...range, start: range.start + by, end: range.end + by });
  return {
    text: a.text + b.text,
    marks: [...a.marks, ...b.marks.map(move)],
    written: [...a.written, ...b.written.map(move)],
  };
}
