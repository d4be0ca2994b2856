// Passages of a marked text: which were hard, and which one of two models read better.

/** @typedef {import("./surprisal.js").Mark} Mark */

const passageLength = 60;

/**
 * The windows of some 60 characters with the highest mean, the first one first. They do not overlap.
 * @param {Mark[]} marks
 * @param {(mark: Mark, index: number) => number} value
 * @returns {{first: number, last: number, start: number, end: number, mean: number}[]}
 *   `first` and `last` count marks, `start` and `end` UTF-16 units.
 */
export function highestPassages(marks, count, value = (mark) => mark.bits) {
  const length = Math.min(passageLength, marks.length);
  if (length === 0) return [];
  const windows = windowSums(marks.map(value), length)
    .map((sum, first) => ({ first, mean: sum / length }))
    .sort((a, b) => b.mean - a.mean || a.first - b.first);
  const chosen = [];
  for (const window of windows) {
    if (chosen.length === count) break;
    const isFree = chosen.every(({ first }) => Math.abs(first - window.first) >= length);
    if (isFree) chosen.push(window);
  }
  return chosen.map(({ first, mean }) => {
    const last = first + length - 1;
    return { first, last, start: marks[first].start, end: marks[last].end, mean };
  });
}

/** The sum of each window of `length` values. */
function windowSums(values, length) {
  let sum = values.slice(0, length).reduce((a, b) => a + b, 0);
  const sums = [sum];
  for (let end = length; end < values.length; end += 1) {
    sum += values[end] - values[end - length];
    sums.push(sum);
  }
  return sums;
}

/**
 * The bits that two models needed for the same characters.
 * @param {Mark[]} first
 * @param {Mark[]} second
 * @returns {(Mark & {difference: number})[]} those that both marked; positive where the first needed more.
 */
export function compared(first, second) {
  const others = new Map(second.map((mark) => [mark.start, mark]));
  return first
    .filter(({ start, end }) => others.get(start)?.end === end)
    .map((mark) => ({ ...mark, difference: mark.bits - others.get(mark.start).bits }));
}

const charactersPerBlock = 1000;
const fewestBlocks = 20;

/**
 * The mean difference and its standard error, from blocks of 1,000 characters as `charlm compare`
 * does: neighbors are easy or hard together, so single characters would promise too much.
 * @param {{difference: number}[]} pairs
 * @returns {{mean: number, standardError: number|null}} null for a text of fewer than 20 blocks.
 */
export function meanDifference(pairs) {
  const values = pairs.map((pair) => pair.difference);
  const blocks = [];
  for (let at = 0; at + charactersPerBlock <= values.length; at += charactersPerBlock) {
    blocks.push(average(values.slice(at, at + charactersPerBlock)));
  }
  const mean = average(values);
  if (blocks.length < fewestBlocks) return { mean, standardError: null };
  const center = average(blocks);
  const variance =
    blocks.reduce((sum, block) => sum + (block - center) ** 2, 0) / (blocks.length - 1);
  return { mean, standardError: Math.sqrt(variance / blocks.length) };
}

const average = (values) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
