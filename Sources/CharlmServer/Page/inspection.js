// The answer of `/v1/inspect`, ready to be looked up: numbers of units after characters, and the
// characters at their positions in the text.

import { marksOf, placed } from "./surprisal.js";

/** @typedef {import("./surprisal.js").Mark} Mark */
/** @typedef {Mark & {first: number, last: number}} ReadMark with the characters that it stands for */

export class Inspection {
  /** @type {ReadMark[]} */
  marks;
  #traces = new Map();
  #states = null;

  /** @param {string} text the text that was sent @param {object} answer */
  constructor(text, answer) {
    this.text = text;
    this.model = answer.model;
    this.cell = answer.cell;
    this.layer = answer.layer;
    this.layers = answer.layers;
    this.unitCount = answer.hidden_size;
    this.characters = answer.characters;
    /** @type {{vector: string, gate: boolean}[]} */
    this.vectors = answer.vectors;
    this.features = answer.features;
    this.units = answer.units;
    this.gradients = answer.gradients ?? null;
    this.gradientsMissing = answer.gradients_missing ?? "";
    this.marks = readMarks(text, answer.characters);
    this.add(answer);
  }

  /** Takes the traces and states of a further answer about the same text. */
  add({ traces = [], states }) {
    for (const { unit, values } of traces) this.#traces.set(unit, values);
    if (states) this.#states = decoded(states, this.characters.length);
  }

  /** The states of all units, as bytes. */
  get states() {
    return this.#states;
  }

  hasTrace(unit) {
    return this.#traces.has(unit);
  }

  /** The numbers of a vector of a unit, one after each character. */
  values(unit, vector) {
    return this.#traces.get(unit)?.[vector] ?? [];
  }

  /** The largest magnitude of a vector of a unit in this text; 1 for a gate. */
  scale(unit, { vector, gate }) {
    if (gate) return 1;
    const largest = this.values(unit, vector).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    return largest || 1;
  }

  /** The mark that stands for a character, among others perhaps. */
  markOf(character) {
    return this.marks.find(({ last }) => last >= character) ?? this.marks.at(-1);
  }

  /** The feature that a unit follows most closely; undefined if it is constant. */
  followed(unit) {
    return this.units.find((entry) => entry.unit === unit);
  }
}

/** @returns {ReadMark[]} */
function readMarks(text, characters) {
  const units = placed(text, characters);
  let next = 0;
  return marksOf(text, 0, units).map((mark) => {
    const first = next;
    while (next < units.length && units[next].start < mark.end) next += 1;
    return { ...mark, first, last: next - 1 };
  });
}

/** A row of signed bytes for each unit. */
function decoded({ vector, units, scales, values }, count) {
  const bytes = Int8Array.from(atob(values), (letter) => letter.charCodeAt(0));
  return {
    vector,
    units,
    scales,
    rows: units.map((_, index) => bytes.subarray(index * count, (index + 1) * count)),
  };
}
