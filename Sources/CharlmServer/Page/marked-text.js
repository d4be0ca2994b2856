// A text together with what is known about its characters: their surprisal, and who wrote them.
// Values never change: an edit makes a new one, so that undo is the same edit the other way round.

/**
 * @typedef {import("./surprisal.js").Mark} Mark
 * @typedef {{start: number, end: number}} Range written by the model
 * @typedef {{text: string, marks: Mark[], written: Range[]}} MarkedText
 */

/** @returns {MarkedText} */
export const plain = (text) => ({ text, marks: [], written: [] });

/** @returns {MarkedText} a text by the model. */
export const byModel = (text, marks = []) => ({
  text,
  marks,
  written: text.length > 0 ? [{ start: 0, end: text.length }] : [],
});

/** The part of a text between two indexes; its positions count from its own beginning. */
export function slice({ text, marks, written }, start, end) {
  return {
    text: text.slice(start, end),
    marks: marks.filter((mark) => mark.start >= start && mark.end <= end).map((m) => moved(m, -start)),
    written: clipped(written, start, end).map((range) => moved(range, -start)),
  };
}

/**
 * Puts `piece` in the place of `length` units at `at`. A mark that is only partly replaced is lost.
 * @param {MarkedText} whole
 * @param {MarkedText} piece
 * @returns {MarkedText}
 */
export function replace(whole, at, length, piece) {
  const end = at + length;
  const shift = piece.text.length - length;
  return {
    text: whole.text.slice(0, at) + piece.text + whole.text.slice(end),
    marks: [
      ...whole.marks.filter((mark) => mark.end <= at),
      ...piece.marks.map((mark) => moved(mark, at)),
      ...whole.marks.filter((mark) => mark.start >= end).map((mark) => moved(mark, shift)),
    ],
    written: joined([
      ...clipped(whole.written, 0, at),
      ...piece.written.map((range) => moved(range, at)),
      ...clipped(whole.written, end, Infinity).map((range) => moved(range, shift)),
    ]),
  };
}

/** Where an index is after an edit; one inside of what was replaced is then at the end of it. */
export function movedIndex(index, at, length, insertedLength) {
  if (index <= at) return index;
  return Math.max(index, at + length) - length + insertedLength;
}

/**
 * The edit that makes `after` of `before`: what is between their common beginning and end.
 * @param {number} caret the caret afterwards: it says which of several equal letters was typed.
 */
export function difference(before, after, caret = after.length) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  const growth = Math.max(0, after.length - before.length);
  const startLimit = Math.min(shorter, Math.max(0, caret - growth));
  while (start < startLimit && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let tail = 0;
  const [beforeLast, afterLast] = [before.length - 1, after.length - 1];
  const isSame = (tail) => before.charCodeAt(beforeLast - tail) === after.charCodeAt(afterLast - tail);
  while (tail < shorter - start && isSame(tail)) tail += 1;
  return {
    at: start,
    length: before.length - tail - start,
    inserted: after.slice(start, after.length - tail),
  };
}

const moved = (range, by) =>
  by === 0 ? range : { ...range, start: range.start + by, end: range.end + by };

function clipped(ranges, start, end) {
  return ranges
    .map((range) => ({ start: Math.max(range.start, start), end: Math.min(range.end, end) }))
    .filter((range) => range.start < range.end);
}

function joined(ranges) {
  const result = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last?.end === range.start) result[result.length - 1] = { start: last.start, end: range.end };
    else result.push(range);
  }
  return result;
}
