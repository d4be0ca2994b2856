// A tinted text to read: the pointer or the arrow keys show what is known about a character.

import { announce } from "./announce.js";
import { isRightToLeft } from "./direction.js";
import { markAt } from "./surprisal.js";
import { TextLayer } from "./text-layer.js";

const restInMilliseconds = 100;

/**
 * What shows a character: a window at it, or a part of the page.
 * @typedef {{isOpen: boolean, hide: () => void,
 *   show: (mark: object, text: string, box: DOMRect, note?: string) => void,
 *   describe: (mark: object, text: string) => string, cover?: number}} Display
 *   `cover` is the height at the top of the window that it takes
 */

export class Reader {
  #root;
  #layer;
  #display;
  #text = "";
  #marks = [];
  #at = 0;
  #timer = null;

  /** @param {HTMLElement} root @param {Display} display */
  constructor(root, display) {
    this.#root = root;
    this.#layer = new TextLayer(root);
    this.#display = display;
    root.addEventListener("keydown", (event) => this.#press(event));
    root.addEventListener("blur", () => this.#display.hide());
    root.addEventListener("pointermove", (event) => this.#later(() => this.#point(event)));
    root.addEventListener("click", (event) => this.#point(event));
    root.addEventListener("pointerleave", () => this.#later(() => this.#display.hide()));
  }

  /**
   * @param {import("./surprisal.js").Mark[]} marks
   * @param {(mark: object) => string} [tint] the class of a mark
   */
  show(text, marks, tint) {
    this.#text = text;
    this.#marks = marks;
    this.#at = 0;
    this.#display.hide();
    this.tint(tint);
  }

  /** Changes the colors. */
  tint(tint) {
    this.#layer.draw(this.#text, this.#marks, 0, tint);
  }

  /** Shows a character that was chosen elsewhere on the page. */
  lookAt(mark) {
    this.#at = this.#marks.indexOf(mark);
    this.#look(mark);
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
    if (event.key === "Escape") this.#display.hide();
    if (to === null || this.#marks.length === 0) return;
    event.preventDefault();
    this.#at = Math.min(Math.max(0, to), this.#marks.length - 1);
    const mark = this.#marks[this.#at];
    const box = this.#layer.rectangles(mark)[0];
    getSelection().removeAllRanges();
    const cover = this.#display.cover ?? 0;
    if (box.top < cover || box.bottom > innerHeight) scrollBy(0, box.top - (innerHeight + cover) / 2);
    this.#look(mark);
    announce(this.#display.describe(mark, this.#spelling(mark)));
  }

  #neighbor(key) {
    // The first time, the first character is shown.
    const step = this.#display.isOpen ? (isRightToLeft(this.#text) ? -1 : 1) : 0;
    switch (key) {
      case "ArrowRight": return this.#at + step;
      case "ArrowLeft": return this.#at - step;
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
    if (!mark) return this.#display.hide();
    this.#at = this.#marks.indexOf(markAt(this.#marks, mark.start));
    this.#look(mark);
  }

  #look(mark) {
    this.#display.show(mark, this.#spelling(mark), this.#layer.rectangles(mark)[0], mark.note);
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
