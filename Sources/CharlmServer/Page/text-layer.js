// A text drawn with its tint, one element a line, so that an edit touches only the lines it changed.
// Behind the text area it lies exactly under the letters; in Measure it is the text itself.

import { levelOf, markAt } from "./surprisal.js";

/** @typedef {import("./surprisal.js").Mark} Mark */

/** How many characters are tinted at most: tens of thousands of elements make a page slow. */
export const tintLimit = 20_000;

export class TextLayer {
  #root;
  #lines = [];
  #marks = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  /**
   * @param {string} text
   * @param {Mark[]} marks which may be empty
   * @param {number} near of more marks than can be tinted, those near this index are
   * @param {(mark: Mark) => string} tint the class of a mark
   */
  draw(text, marks, near = 0, tint = (mark) => `level-${levelOf(mark.bits)}`) {
    this.#marks = marks;
    this.#setLines(text.split("\n"));
    const shown = nearest(marks, near);
    let next = 0;
    for (const line of this.#lines) {
      const runs = [];
      const end = line.start + line.text.length;
      while (next < shown.length && shown[next].start < line.start) next += 1;
      for (; next < shown.length && shown[next].start < end; next += 1) {
        addRun(runs, shown[next], line.start, tint(shown[next]));
      }
      drawLine(line, runs);
    }
  }

  /** Keeps the lines that are the same at the beginning and at the end. */
  #setLines(texts) {
    const old = this.#lines;
    const shorter = Math.min(old.length, texts.length);
    let head = 0;
    while (head < shorter && old[head].text === texts[head]) head += 1;
    let tail = 0;
    while (tail < shorter - head && old.at(-1 - tail).text === texts.at(-1 - tail)) tail += 1;
    const fresh = texts.slice(head, texts.length - tail).map(newLine);
    const gone = old.slice(head, old.length - tail);
    const following = old[old.length - tail]?.node ?? null;
    for (const line of gone) line.node.remove();
    const fragment = document.createDocumentFragment();
    fragment.append(...fresh.map((line) => line.node));
    this.#root.insertBefore(fragment, following);
    this.#lines = [...old.slice(0, head), ...fresh, ...old.slice(old.length - tail)];
    let start = 0;
    for (const line of this.#lines) {
      line.start = start;
      start += line.text.length + 1;
    }
  }

  /** The rectangles of a mark on the screen; a line feed has one at the end of its line. */
  rectangles({ start, end }) {
    const line = this.#lineAt(start);
    if (!line) return [];
    const range = this.range(start, Math.min(end, line.start + line.text.length));
    const rectangles = [...range.getClientRects()].filter((box) => box.height > 0);
    return rectangles.length > 0 ? rectangles : [line.node.getBoundingClientRect()];
  }

  /** The part of the document that shows a part of the text. */
  range(start, end) {
    const range = document.createRange();
    range.setStart(...this.#place(start));
    range.setEnd(...this.#place(end));
    return range;
  }

  /**
   * The mark under a point of the screen.
   * @param {number} index the position in the text next to the point
   */
  markUnder(x, y, index) {
    const found = [markAt(this.#marks, index), markAt(this.#marks, index - 1)];
    return found.find((mark) => mark && this.rectangles(mark).some((box) => contains(box, x, y)));
  }

  /** The position in the text of a place in the layer's own elements. */
  indexOf(node, offset) {
    const lineNode = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".line");
    const line = this.#lines.find((line) => line.node === lineNode);
    if (!line) return null;
    const range = document.createRange();
    range.setStart(lineNode, 0);
    range.setEnd(node, offset);
    return line.start + range.toString().length;
  }

  #place(index) {
    const line = this.#lineAt(index);
    return place(line, Math.min(index - line.start, line.text.length));
  }

  #lineAt(index) {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle].start <= index) low = middle + 1;
      else high = middle;
    }
    return this.#lines[low - 1];
  }
}

function newLine(text) {
  const node = document.createElement("div");
  node.className = "line";
  node.dir = "auto";
  return { text, start: 0, drawn: null, node };
}

function nearest(marks, index) {
  if (marks.length <= tintLimit) return marks;
  const at = marks.findIndex((mark) => mark.end > index);
  const first = Math.max(0, (at < 0 ? marks.length : at) - tintLimit / 2);
  return marks.slice(first, first + tintLimit);
}

/** Neighbors of one tint share an element. */
function addRun(runs, mark, lineStart, tint) {
  const last = runs.at(-1);
  const start = mark.start - lineStart;
  const end = mark.end - lineStart;
  if (last?.end === start && last.tint === tint) last.end = end;
  else runs.push({ start, end, tint });
}

function drawLine(line, runs) {
  const key = runs.map(({ start, end, tint }) => `${start}-${end}${tint}`).join();
  if (line.drawn === key) return;
  line.drawn = key;
  const parts = [];
  let at = 0;
  for (const { start, end, tint } of runs) {
    if (start > at) parts.push(line.text.slice(at, start));
    const span = document.createElement("span");
    span.className = tint;
    span.textContent = line.text.slice(start, end);
    parts.push(span);
    at = end;
  }
  if (at < line.text.length) parts.push(line.text.slice(at));
  line.node.replaceChildren(...parts);
}

/** The text node and the offset in it of a position in a line. */
function place(line, offset) {
  for (const child of line.node.childNodes) {
    const length = child.textContent.length;
    if (offset < length) return [child.firstChild ?? child, offset];
    offset -= length;
  }
  const last = line.node.lastChild;
  if (!last) return [line.node, 0];
  const text = last.firstChild ?? last;
  return [text, text.length];
}

const contains = (box, x, y) =>
  x >= box.left && x <= box.right && y >= box.top - 4 && y <= box.bottom + 4;
