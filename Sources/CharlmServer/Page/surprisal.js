// How surprising each character of a text was to the model.

import { ScalarCursor, clusterEnd, clusters } from "./offsets.js";

/**
 * One grapheme cluster of a text and what the model made of it. `start` and `end` are UTF-16.
 * @typedef {{text: string, probability: number}} Candidate
 * @typedef {{start: number, end: number, bits: number, candidates: Candidate[]}} Mark
 */

/** The bits at which levels 1 to 7 begin; the levels of `charlm evaluate --html`. */
export const levelBounds = [1, 2, 3, 4, 6, 8, 11];

/** The level, 0 to 7, of so many bits. */
export function levelOf(bits) {
  const level = levelBounds.findIndex((bound) => bits < bound);
  return level < 0 ? levelBounds.length : level;
}

/** "under 1", "1 to 2", ... "11 and more": for legends. */
export function levelRange(level) {
  if (level === 0) return `under ${levelBounds[0]}`;
  if (level === levelBounds.length) return `${levelBounds.at(-1)} and more`;
  return `${levelBounds[level - 1]} to ${levelBounds[level]}`;
}

export const bitsOf = (logProbability) => -logProbability / Math.LN2;

/** @returns {Candidate[]} the likeliest first. */
export function candidatesOf(topLogProbabilities) {
  return Object.entries(topLogProbabilities ?? {})
    .map(([text, logProbability]) => ({ text, probability: Math.exp(logProbability) }))
    .sort((a, b) => b.probability - a.probability);
}

/** A text that the model is writing, with the marks of its characters, from the chunks of a stream. */
export class Continuation {
  text = "";
  /** @type {Mark[]} */
  marks = [];
  seed = null;
  finishReason = null;
  #units = [];
  #cursor = new ScalarCursor();

  /** @param choice a choice of a chunk, with the new text and the new logprobs only. */
  add(choice) {
    this.text += choice.text ?? "";
    this.seed = choice.seed ?? this.seed;
    this.finishReason = choice.finish_reason ?? this.finishReason;
    this.#units.push(...unitsOf(choice.logprobs));
    this.#mark();
  }

  /** Marks the new characters, and the last one again: it may have grown by an accent. */
  #mark() {
    const from = this.marks.pop()?.start ?? 0;
    const units = [];
    for (const unit of this.#units) {
      unit.start ??= this.#cursor.indexOf(this.text, unit.offset);
      units.push(unit);
    }
    this.marks.push(...marksOf(this.text, from, units));
    // Only the units of the last mark are needed again.
    const keep = this.marks.at(-1)?.start ?? 0;
    this.#units = units.filter((unit) => unit.start >= keep);
    for (const unit of this.#units) if (unit.start >= this.text.length) unit.start = undefined;
  }
}

/** One object for each token of a choice's logprobs. */
function unitsOf(logprobs) {
  return (logprobs?.tokens ?? []).map((_, index) => ({
    offset: logprobs.text_offset[index],
    bits: bitsOf(logprobs.token_logprobs[index] ?? 0),
    candidates: candidatesOf(logprobs.top_logprobs?.[index]),
  }));
}

/**
 * Joins units to clusters, so that nothing on the page ever splits one: the bits of its units add
 * up, and the candidates are those of its first unit.
 * @param {{start: number, bits: number, candidates: Candidate[]}[]} units in the order of the text
 * @returns {Mark[]}
 */
export function marksOf(text, from, units) {
  const marks = [];
  let next = units.findIndex((unit) => unit.start >= from);
  if (next < 0) return marks;
  for (const { start, end } of clusters(text, from)) {
    let mark = null;
    for (; next < units.length && units[next].start < end; next += 1) {
      const { bits, candidates } = units[next];
      if (mark) mark.bits += bits;
      else marks.push((mark = { start, end, bits, candidates }));
    }
  }
  return marks;
}

/**
 * The marks of an evaluated text. The model reads a normalized text, so a unit may be spelled
 * differently, or be longer or shorter than what it was in the text.
 * @param {{text: string, bits: number, candidates?: Candidate[]}[]} units of `/v1/evaluate`
 * @returns {Mark[]}
 */
export const marksOfEvaluation = (text, units) => marksOf(text, 0, placed(text, units));

/**
 * The units of an evaluated text with the UTF-16 index where each begins.
 * @returns {{start: number, bits: number, candidates: Candidate[]}[]}
 */
export function placed(text, units) {
  let at = 0;
  const found = [];
  for (let index = 0; index < units.length && at < text.length; index += 1) {
    const { text: spelling, bits, candidates = [] } = units[index];
    found.push({ start: at, bits, candidates });
    at += lengthInText(text, at, spelling, units[index + 1]?.text);
  }
  return found;
}

/** How much of the text at `at` a unit stands for. */
function lengthInText(text, at, spelling, nextSpelling) {
  if (spelling.length > 0 && text.startsWith(spelling, at)) return spelling.length;
  // A text that was normalized: the cluster is one unit, or the next unit is a further part of it.
  const cluster = text.slice(at, clusterEnd(text, at));
  const parts = cluster.normalize("NFKD");
  const isPart = parts.startsWith(spelling) && spelling !== cluster.normalize("NFKC");
  if (isPart && nextSpelling !== undefined && parts.startsWith(spelling + nextSpelling)) return 0;
  return cluster.length;
}

/** The mark at an index of the text, by binary search. */
export function markAt(marks, index) {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle].end <= index) low = middle + 1;
    else high = middle;
  }
  return marks[low]?.start <= index ? marks[low] : null;
}

/** Tokens that stand for no text: the end of a text, a part of a character. */
export const isText = (token) => !/^<\|.*\|>$|^bytes:|\ufffd/.test(token);
export const isEnd = (token) => token === "<|endoftext|>";

const names = new Map([
  ["", "nothing"], [" ", "space"], ["\n", "new line"], ["\t", "tab"], ["\r", "carriage return"],
  ["\u00a0", "no-break space"], ["\u200b", "zero-width space"], ["\u200d", "joiner"],
  ["\ufeff", "byte order mark"], ["\u00ad", "soft hyphen"],
  ["<|endoftext|>", "end of the text"], ["<|unknown|>", "an unknown character"],
]);

/** What to call a character that nobody sees; null for the others. */
export function invisibleName(text) {
  if (names.has(text)) return names.get(text);
  return /^[\p{C}\p{Z}]+$/u.test(text) ? codePoints(text) : null;
}

/** A name for a character, to be read or spoken: `space`, `U+0301`, or itself. */
export function characterName(text) {
  return invisibleName(text) ?? (/^\p{M}/u.test(text) ? codePoints(text) : text);
}

const codePoints = (text) =>
  [...text].map((c) => `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`).join(" ");
