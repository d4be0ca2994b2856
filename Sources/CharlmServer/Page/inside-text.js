// The text of the view that looks inside, tinted by a vector of the chosen unit, with the strips of
// all its vectors and the readout at a character.

import { element, part } from "./dom.js";
import { showLegend } from "./legend.js";
import { gateClasses, stateClasses, tintOf } from "./palette.js";
import { Reader } from "./reader.js";
import { Readout } from "./readout.js";
import { Strips } from "./strips.js";
import { levelOf } from "./surprisal.js";
import { whatItFollows } from "./unit-search.js";
import { signed, vectorName } from "./vectors.js";

const surprise = "surprise";

export class InsideText {
  /** The character that is looked at; -1 before the first one. */
  character = -1;
  #reader;
  #readout;
  #strips;
  #inspection = null;
  #unit = 0;

  /** @param {(character: number) => void} changed is called when another character is looked at */
  constructor(changed) {
    this.#readout = new Readout(part("inside-readout"), part("inside-read").parentElement, {
      numbers: (mark) => this.#numbers(mark.last),
      count: () => this.#inspection.characters.length,
      changed: (mark) => {
        this.character = mark.last;
        this.#strips.lookAt(mark.last);
        changed(mark.last);
      },
    });
    this.#reader = new Reader(part("inside-read"), this.#readout);
    this.#strips = new Strips(part("inside-strips"), (character) => this.lookAt(character));
    part("inside-tint").addEventListener("change", () => this.#paint());
  }

  /** @param {import("./inspection.js").Inspection} inspection */
  show(inspection) {
    this.#inspection = inspection;
    this.character = -1;
    this.#readout.clear();
    this.#reader.show(inspection.text, inspection.marks, () => "");
    this.#strips.showText(inspection.characters.map(({ text }) => text));
    const options = inspection.vectors.map(({ vector }) =>
      element("option", { value: vector }, vectorName(vector)));
    part("inside-tint").replaceChildren(
      ...options, element("option", { value: surprise }, "surprise"));
  }

  /** @param {string} [vector] the vector that tints the text */
  showUnit(unit, vector) {
    this.#unit = unit;
    const followed = this.#inspection.followed(unit) ?? {};
    part("inside-heading").textContent = `Unit ${unit}: ${whatItFollows(followed)}`;
    part("inside-strips").setAttribute("aria-label",
      `Unit ${unit} along the text: ${this.#inspection.vectors.map(({ vector }) => vector).join(", ")}`);
    const tint = part("inside-tint");
    if (vector && tint.value !== surprise) tint.value = vector;
    this.#strips.showRows(this.#inspection.vectors.map((entry) => ({
      ...entry,
      shares: this.#inspection.values(unit, entry.vector)
        .map((value) => value / this.#inspection.scale(unit, entry)),
    })));
    this.#paint();
    if (this.character >= 0) this.lookAt(this.character);
  }

  /** Shows a character that was chosen elsewhere. */
  lookAt(character) {
    this.#reader.lookAt(this.#inspection.markOf(character));
  }

  /** The numbers of the chosen unit after a character. */
  #numbers(character) {
    return this.#inspection.vectors.map((entry) => {
      const value = this.#inspection.values(this.#unit, entry.vector)[character] ?? 0;
      return { ...entry, value, share: value / this.#inspection.scale(this.#unit, entry) };
    });
  }

  #paint() {
    if (!this.#inspection) return;
    const letter = part("inside-tint").value;
    const entry = this.#inspection.vectors.find(({ vector }) => vector === letter);
    if (!entry) {
      showLegend(part("inside-legend"));
      this.#reader.tint((mark) => `level-${levelOf(mark.bits)}`);
      return;
    }
    const values = this.#inspection.values(this.#unit, letter);
    const scale = this.#inspection.scale(this.#unit, entry);
    showScale(part("inside-legend"), entry.gate, scale);
    this.#reader.tint((mark) => tintOf(values[mark.last] / scale, entry.gate));
  }
}

/** The legend of a vector: its colors between its smallest and its largest number. */
export function showScale(root, isGate, scale) {
  const classes = isGate ? gateClasses : stateClasses;
  const swatches = classes.map((name) => element("span", { class: `swatch ${name}` }));
  root.replaceChildren(
    element("span", {}, isGate ? "0, closed" : signed(-scale)),
    element("span", { class: "swatches", "aria-hidden": "true" }, ...swatches),
    element("span", {}, isGate ? "1, open" : `+${signed(scale)}`));
}
