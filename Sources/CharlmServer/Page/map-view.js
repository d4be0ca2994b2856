// The overview: the state of every unit along the text, and what to call the one that is pointed at.

import { element, part } from "./dom.js";
import { isRightToLeft } from "./direction.js";
import { showScale } from "./inside-text.js";
import { counted, integer } from "./numbers.js";
import { UnitMap } from "./unit-map.js";
import { ordered, whatItFollows } from "./unit-search.js";
import { vectorName } from "./vectors.js";

export class MapView {
  #map;
  #inspection = null;

  /**
   * @param {{pick: (unit: number, character: number) => void, load: (vector: string) => void}} actions
   */
  constructor({ pick, load }) {
    this.#map = new UnitMap(part("inside-map"), pick, (unit) => this.#name(unit));
    part("inside-map-vector").addEventListener("change", () => load(this.vector));
    part("inside-map-grouped").addEventListener("change", () => this.#draw());
  }

  /** The chosen vector; undefined before the first answer. */
  get vector() {
    return part("inside-map-vector").value || undefined;
  }

  /** @param {import("./inspection.js").Inspection} inspection */
  show(inspection) {
    this.#inspection = inspection;
    const letters = inspection.vectors.map(({ vector }) => vector).filter((v) => v === "h" || v === "c");
    part("inside-map-vector").replaceChildren(...letters.map((letter) =>
      element("option", { value: letter }, vectorName(letter))));
    part("inside-map-vector").value = inspection.states.vector;
    part("inside-map-vector").disabled = letters.length < 2;
    this.#draw();
  }

  mark(unit, character) {
    this.#map.mark(unit, character);
  }

  #draw() {
    if (!this.#inspection) return;
    const { states, text, units: followed, characters, unitCount } = this.#inspection;
    const units = ordered(states.units, followed, part("inside-map-grouped").checked);
    const rows = new Map(states.units.map((unit, index) => [unit, states.rows[index]]));
    this.#map.show({
      units, rows: units.map((unit) => rows.get(unit)), isMirrored: isRightToLeft(text),
    });
    showScale(part("inside-map-legend"), false, 1);
    part("inside-map").setAttribute("aria-label",
      `${vectorName(states.vector)} of ${counted(units.length, "unit")} after each of `
      + `${counted(characters.length, "character")}. The list of units has the same ones.`);
    part("inside-map-some").textContent = units.length === unitCount ? ""
      : `${integer(units.length)} of ${integer(unitCount)} units: those that follow something most closely.`;
    this.#name(null);
  }

  #name(unit) {
    const followed = this.#inspection?.followed(unit) ?? {};
    part("inside-map-note").textContent = unit === null
      ? "A row is a unit, a column a character. Choose a unit by clicking on it."
      : `Unit ${unit}: ${whatItFollows(followed)}`;
  }
}
