// What a unit does at one character: its state and gates after it, and what the model expected
// before it.

import { candidateRow, spelled } from "./alternatives.js";
import { element } from "./dom.js";
import { decimal, integer, percent } from "./numbers.js";
import { tintOf } from "./palette.js";
import { Spot } from "./spot.js";
import { characterName } from "./surprisal.js";
import { signed, vectorName } from "./vectors.js";

/** @implements {import("./reader.js").Display} */
export class Readout {
  isOpen = false;
  #root;
  #spot;
  #numbers;
  #count;
  #changed;

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} pane of the text
   * @param {{numbers: (mark: object) => {vector: string, gate: boolean, value: number, share: number}[],
   *   count: () => number, changed: (mark: object) => void}} source
   *   the numbers of the chosen unit at a mark, the number of characters, and whom to notify
   */
  constructor(root, pane, { numbers, count, changed }) {
    this.#root = root;
    this.#spot = new Spot(pane);
    this.#numbers = numbers;
    this.#count = count;
    this.#changed = changed;
  }

  show(mark, text, box) {
    this.isOpen = true;
    this.#spot.show(box);
    const numbers = this.#numbers(mark);
    this.#root.replaceChildren(
      element("p", { class: "readout-head" },
        spelled(text),
        element("span", {}, `${integer(mark.last + 1)} of ${integer(this.#count())}`),
        element("span", {}, `${decimal(mark.bits)} bits`)),
      element("table", { class: "numbers" },
        element("caption", { class: "hidden" }, "The unit after this character"),
        ...numbers.map(numberRow)),
      element("div", { class: "expected" },
        element("p", { class: "fine" }, "Expected before it"),
        ...mark.candidates.map((candidate) => candidateRow(candidate, candidate.text === text))));
    this.#changed(mark);
  }

  /** In a narrow window it stays at the top, above the text. */
  get cover() {
    const { bottom } = this.#root.getBoundingClientRect();
    return matchMedia("(max-width: 60rem)").matches ? Math.max(0, bottom) : 0;
  }

  /** The readout stays: it is a part of the page. */
  hide() {}

  /** Before anything was looked at. */
  clear() {
    this.isOpen = false;
    this.#spot.hide();
    this.#root.replaceChildren(element("p", { class: "fine" },
      "Point at a character, or go along the text with the arrow keys."));
  }

  describe(mark, text) {
    const numbers = this.#numbers(mark).map(({ vector, value }) => `${vector} ${signed(value)}`);
    const likely = mark.candidates.slice(0, 3)
      .map((candidate) => `${characterName(candidate.text)} ${percent(candidate.probability)}`);
    const rest = likely.length > 0 ? ` Expected before it: ${likely.join(", ")}.` : "";
    return `${characterName(text)}, ${mark.last + 1}: ${numbers.join(", ")}. `
      + `${decimal(mark.bits, 1)} bits.${rest}`;
  }
}

function numberRow({ vector, gate, value, share }) {
  const swatch = element("span", { class: `swatch ${tintOf(share, gate)}`, "aria-hidden": "true" });
  return element("tr", {},
    element("th", { scope: "row" }, vectorName(vector)),
    element("td", {}, swatch),
    element("td", { class: "number" }, signed(value)));
}
