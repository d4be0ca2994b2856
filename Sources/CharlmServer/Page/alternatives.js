// The small window at a character: how surprising it was, and what else could have come.

import { element } from "./dom.js";
import { characterName, isEnd, isText } from "./surprisal.js";
import { decimal, percent } from "./numbers.js";

/** @typedef {import("./surprisal.js").Mark} Mark */

const canBeChosen = ({ text }) => isText(text) || isEnd(text);

export class Alternatives {
  #root;
  #actions;
  /** A frame around the character. */
  #spot = element("div", { class: "spot", hidden: true, "aria-hidden": "true" });
  /** @type {Mark|null} the mark that is shown. */
  mark = null;

  /**
   * @param {HTMLElement} root whose offset parent holds the text
   * @param {{choose?: (mark: Mark, candidate: object) => void, step?: (by: number) => void,
   *   leave?: () => void}} actions choosing one, going to a neighbor, going back to the text
   */
  constructor(root, actions = {}) {
    this.#root = root;
    this.#actions = actions;
    root.before(this.#spot);
    root.addEventListener("keydown", (event) => this.#press(event));
  }

  get isOpen() {
    return !this.#root.hidden;
  }

  /**
   * @param {Mark} mark
   * @param {string} text of the mark
   * @param {DOMRect} box of the character on the screen
   * @param {string} note one line under the list
   */
  show(mark, text, box, note = "") {
    const hadFocus = this.#root.contains(document.activeElement);
    this.mark = mark;
    const items = mark.candidates.map((candidate, index) =>
      element("li", {}, this.#item(mark, candidate, index, candidate.text === text)));
    this.#root.replaceChildren(
      element("p", { class: "alternatives-head" }, spelled(text), `${decimal(mark.bits)} bits`),
      element("ol", {}, ...items));
    if (note) this.#root.append(element("p", { class: "fine" }, note));
    this.#root.hidden = false;
    this.#moveTo(box);
    if (hadFocus) this.focus();
  }

  hide() {
    this.mark = null;
    this.#root.hidden = true;
    this.#spot.hidden = true;
  }

  focus() {
    this.#root.querySelector("button")?.focus();
  }

  contains(node) {
    return this.#root.contains(node);
  }

  #item(mark, candidate, index, isWritten) {
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.inlineSize = `${Math.max(1, candidate.probability * 100)}%`;
    const parts = [
      element("span", { class: "key", "aria-hidden": "true" }, String(index + 1)),
      spelled(candidate.text),
      element("span", { class: "track", "aria-hidden": "true" }, bar),
      element("span", { class: "share" }, percent(candidate.probability)),
    ];
    const classes = `candidate${isWritten ? " is-written" : ""}`;
    if (!this.#actions.choose || !canBeChosen(candidate)) {
      return element("div", { class: classes }, ...parts);
    }
    return element("button", {
      type: "button", class: classes, "aria-current": isWritten ? "true" : undefined,
      onclick: () => this.#actions.choose(mark, candidate),
    }, ...parts);
  }

  #press(event) {
    const buttons = [...this.#root.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const actions = {
      ArrowDown: () => buttons[(at + 1) % buttons.length]?.focus(),
      ArrowUp: () => buttons.at(at - 1)?.focus(),
      ArrowRight: () => this.#actions.step?.(1),
      ArrowLeft: () => this.#actions.step?.(-1),
      Escape: () => this.#actions.leave?.(),
    };
    const number = Number(event.key) - 1;
    const candidate = this.mark?.candidates[number];
    const action = candidate && canBeChosen(candidate) && this.#actions.choose
      ? () => this.#actions.choose(this.mark, candidate)
      : actions[event.key];
    if (!action || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  /** Below the character, within the width of the text and touching it, so that a pointer gets there. */
  #moveTo(box) {
    const parent = this.#root.offsetParent.getBoundingClientRect();
    const own = this.#root.getBoundingClientRect();
    const limit = Math.max(0, parent.width - own.width);
    const left = Math.min(Math.max(0, box.left - parent.left - 12), limit);
    const isRoomBelow = box.bottom + own.height < innerHeight - 70;
    const top = isRoomBelow || box.top < own.height ? box.bottom : box.top - own.height;
    this.#root.style.left = `${left}px`;
    this.#root.style.top = `${top - parent.top}px`;
    this.#spot.hidden = false;
    this.#spot.style.left = `${box.left - parent.left}px`;
    this.#spot.style.top = `${box.top - parent.top}px`;
    this.#spot.style.width = `${Math.max(3, box.width)}px`;
    this.#spot.style.height = `${box.height}px`;
  }
}

/** A character as itself, or by name if nobody sees it. */
function spelled(text) {
  const name = characterName(text);
  return element("span", { class: name === text ? "glyph" : "glyph is-named" }, name);
}

/** What a screen reader says at a character. */
export function described(mark, text) {
  const likely = mark.candidates.slice(0, 3)
    .map((c) => `${characterName(c.text)} ${percent(c.probability)}`);
  const rest = likely.length > 0 ? ` Likely here: ${likely.join(", ")}.` : "";
  return `${characterName(text)}: ${decimal(mark.bits, 1)} bits.${rest}`;
}
