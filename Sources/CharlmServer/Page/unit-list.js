// The list of units by what they follow, with a field to search it.

import { element } from "./dom.js";
import { counted, integer } from "./numbers.js";
import { findUnits, whatItFollows } from "./unit-search.js";

/** More buttons than anybody reads make a page slow. */
const shownLimit = 200;

export class UnitList {
  #parts;
  #pick;
  #inspection = null;
  #unit = -1;

  /**
   * @param {{field: HTMLInputElement, found: HTMLElement, list: HTMLElement}} parts
   * @param {(unit: number, vector: string) => void} pick
   */
  constructor(parts, pick) {
    this.#parts = parts;
    this.#pick = pick;
    parts.field.addEventListener("input", () => this.#show());
    parts.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      parts.list.querySelector("button")?.click();
    });
    parts.list.addEventListener("keydown", (event) => this.#press(event));
  }

  /** The unit that follows a feature most closely. */
  get best() {
    return findUnits(this.#inspection, "")[0] ?? { unit: 0, vector: "h" };
  }

  /** @param {import("./inspection.js").Inspection} inspection */
  show(inspection) {
    this.#inspection = inspection;
    this.#show();
  }

  /** Marks the chosen unit. */
  choose(unit) {
    this.#unit = unit;
    for (const button of this.#buttons) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.unit) === unit));
    }
    const pressed = this.#buttons.find((button) => button.getAttribute("aria-pressed") === "true");
    this.#letTabReach(pressed ?? this.#buttons[0]);
  }

  get #buttons() {
    return [...this.#parts.list.querySelectorAll("button")];
  }

  /** Tab reaches one button of the list, the arrow keys the others. */
  #letTabReach(reached) {
    for (const button of this.#buttons) button.tabIndex = button === reached ? 0 : -1;
  }

  #show() {
    if (!this.#inspection) return;
    const found = findUnits(this.#inspection, this.#parts.field.value);
    this.#parts.found.textContent = found.length > shownLimit
      ? `${integer(found.length)} units, the first ${shownLimit}`
      : counted(found.length, "unit");
    this.#parts.list.replaceChildren(
      ...found.slice(0, shownLimit).map((entry) => element("li", {}, this.#button(entry))));
    this.choose(this.#unit);
  }

  #button(entry) {
    return element("button", {
      type: "button", class: "unit-item", "data-unit": String(entry.unit),
      onclick: () => this.#pick(entry.unit, entry.vector),
    },
    element("span", {}, `unit ${entry.unit}`),
    element("span", { class: "fine" }, whatItFollows(entry)));
  }

  #press(event) {
    const buttons = this.#buttons;
    const next = neighbor(buttons, buttons.indexOf(document.activeElement), event.key);
    if (!next) return;
    event.preventDefault();
    this.#letTabReach(next);
    next.focus();
  }
}

function neighbor(buttons, index, key) {
  switch (key) {
    case "ArrowDown": return buttons[index + 1];
    case "ArrowUp": return buttons[index - 1];
    case "Home": return buttons[0];
    case "End": return buttons.at(-1);
    default: return undefined;
  }
}
