// A tinted text to read: the pointer or the arrow keys show what the model expected at a character.

import { Alternatives, described } from "./alternatives.js";
import { announce } from "./announce.js";
import { markAt } from "./surprisal.js";
import { TextLayer } from "./text-layer.js";

const restInMilliseconds = 100;

export class Reader {
  #root;
  #layer;
  #alternatives;
  #text = "";
  #marks = [];
  #at = 0;
  #timer = null;

  /** @param {HTMLElement} root @param {HTMLElement} alternatives the window's element */
  constructor(root, alternatives) {
    this.#root = root;
    this.#layer = new TextLayer(root);
    this.#alternatives = new Alternatives(alternatives);
    root.addEventListener("keydown", (event) => this.#press(event));
    root.addEventListener("blur", () => this.#alternatives.hide());
    root.addEventListener("pointermove", (event) => this.#later(() => this.#point(event)));
    root.addEventListener("click", (event) => this.#point(event));
    root.addEventListener("pointerleave", () => this.#later(() => this.#alternatives.hide()));
  }

  /**
   * @param {import("./surprisal.js").Mark[]} marks
   * @param {(mark: object) => string} [tint] the class of a mark
   */
  show(text, marks, tint) {
    this.#text = text;
    this.#marks = marks;
    this.#at = 0;
    this.#alternatives.hide();
    this.#layer.draw(text, marks, 0, tint);
  }

  /** Scrolls to a passage and selects it. */
  goTo(start, end) {
    const range = this.#layer.range(start, end);
    const box = range.getBoundingClientRect();
    scrollBy({ top: box.top - innerHeight / 3, behavior: scrollBehavior() });
    this.#root.focus({ preventScroll: true });
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    this.#at = Math.max(0, this.#marks.findIndex((mark) => mark.start >= start));
    announce(`Passage: ${this.#text.slice(start, end)}`);
  }

  #press(event) {
    const to = this.#neighbor(event.key);
    if (event.key === "Escape") this.#alternatives.hide();
    if (to === null || this.#marks.length === 0) return;
    event.preventDefault();
    this.#at = Math.min(Math.max(0, to), this.#marks.length - 1);
    const mark = this.#marks[this.#at];
    const box = this.#layer.rectangles(mark)[0];
    getSelection().removeAllRanges();
    if (box.top < 0 || box.bottom > innerHeight) scrollBy(0, box.top - innerHeight / 2);
    this.#look(mark);
    announce(described(mark, this.#spelling(mark)));
  }

  #neighbor(key) {
    // The first time, the first character is shown.
    const isClosed = !this.#alternatives.isOpen;
    switch (key) {
      case "ArrowRight": return isClosed ? this.#at : this.#at + 1;
      case "ArrowLeft": return isClosed ? this.#at : this.#at - 1;
      case "ArrowDown": return this.#lineStart(1);
      case "ArrowUp": return this.#lineStart(-1);
      case "Home": return 0;
      case "End": return this.#marks.length - 1;
      default: return null;
    }
  }

  /** The first mark of the next line, or of this or the previous one. */
  #lineStart(by) {
    const { start } = this.#marks[this.#at] ?? { start: 0 };
    const index = by > 0
      ? this.#text.indexOf("\n", start) + 1 || this.#text.length
      : this.#text.lastIndexOf("\n", start - 2) + 1;
    const found = this.#marks.findIndex((mark) => mark.start >= index);
    return found < 0 ? this.#marks.length - 1 : found;
  }

  #point({ clientX, clientY }) {
    const place = document.caretPositionFromPoint?.(clientX, clientY);
    if (!place || !this.#root.contains(place.offsetNode)) return;
    const index = this.#layer.indexOf(place.offsetNode, place.offset);
    const mark = index === null ? null : this.#layer.markUnder(clientX, clientY, index);
    if (!mark) return this.#alternatives.hide();
    this.#at = this.#marks.indexOf(markAt(this.#marks, mark.start));
    this.#look(mark);
  }

  #look(mark) {
    this.#alternatives.show(mark, this.#spelling(mark), this.#layer.rectangles(mark)[0], mark.note);
  }

  #spelling(mark) {
    return this.#text.slice(mark.start, mark.end);
  }

  #later(action) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, restInMilliseconds);
  }
}

const scrollBehavior = () =>
  matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
