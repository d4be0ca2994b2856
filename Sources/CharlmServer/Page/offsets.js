// Positions in a text. The server counts Unicode scalars, JavaScript counts UTF-16 units, and
// people see grapheme clusters: an "é" of two scalars, a family emoji of seven.

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** No cluster that people write is longer; it bounds how far to look back for its beginning. */
const longestCluster = 256;

const isHighSurrogate = (unit) => unit >= 0xd800 && unit < 0xdc00;
const isLowSurrogate = (unit) => unit >= 0xdc00 && unit < 0xe000;

/** The number of UTF-16 units of the scalar at `index`. */
const scalarLength = (text, index) =>
  isHighSurrogate(text.charCodeAt(index)) && isLowSurrogate(text.charCodeAt(index + 1)) ? 2 : 1;

/** The number of scalars in a text. */
export function scalarCount(text) {
  let count = 0;
  for (let index = 0; index < text.length; index += scalarLength(text, index)) count += 1;
  return count;
}

/** Converts rising scalar offsets to UTF-16 indexes in one pass over a text that may grow. */
export class ScalarCursor {
  #scalars = 0;
  #index = 0;

  /** @returns {number} the UTF-16 index of the scalar, or of the end of the text if that is before. */
  indexOf(text, scalars) {
    if (scalars < this.#scalars) this.#scalars = this.#index = 0;
    while (this.#scalars < scalars && this.#index < text.length) {
      this.#index += scalarLength(text, this.#index);
      this.#scalars += 1;
    }
    return this.#index;
  }
}

/** The beginning of the cluster that `index` is in, or `index` itself between two clusters. */
export function clusterStart(text, index) {
  if (index <= 0) return 0;
  if (index >= text.length) return text.length;
  const from = windowStart(text, index);
  return from + segmenter.segment(text.slice(from, index + longestCluster)).containing(index - from).index;
}

/** The end of the cluster that begins at `index`. */
export function clusterEnd(text, index) {
  if (index >= text.length) return text.length;
  const from = clusterStart(text, index);
  return from + segmenter.segment(text.slice(from, from + longestCluster)).containing(0).segment.length;
}

/** A place before `index` where a cluster certainly begins, if there is one: after a line feed. */
function windowStart(text, index) {
  const from = Math.max(0, index - longestCluster);
  const afterLine = text.lastIndexOf("\n", index - 1) + 1;
  if (afterLine >= from) return afterLine;
  return isLowSurrogate(text.charCodeAt(from)) ? from - 1 : from;
}

/**
 * The clusters of a text from an index on.
 * @returns {Generator<{start: number, end: number}>}
 */
export function* clusters(text, from = 0) {
  for (const { index, segment } of segmenter.segment(text.slice(from))) {
    yield { start: from + index, end: from + index + segment.length };
  }
}

/** Where the last `limit` units before `end` begin, moved to the beginning of a line if one is near. */
export function startOfLast(text, end, limit) {
  if (end <= limit) return 0;
  const from = end - limit;
  const line = text.indexOf("\n", from) + 1;
  return line > 0 && line < from + limit / 4 ? line : clusterStart(text, from);
}
