// The small window at a character: how surprising it was, and what else could have come.

import { element } from "./dom.js";
import { characterName, isEnd, isText } from "./surprisal.js";
import { decimal, percent } from "./numbers.js";
import { Spot } from "./spot.js";

/** @typedef {import("./surprisal.js").Mark} Mark */

const canBeChosen = ({ text }) => isText(text) || isEnd(text);

export class Alternatives {
  #root;
  #actions;
  #spot;
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
    this.#spot = new Spot(root.parentElement);
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
    this.#spot.show(box);
    if (hadFocus) this.focus();
  }

  describe(mark, text) {
    return described(mark, text);
  }

  hide() {
    this.mark = null;
    this.#root.hidden = true;
    this.#spot.hide();
  }

  focus() {
    this.#root.querySelector("button")?.focus();
  }

  contains(node) {
    return this.#root.contains(node);
  }

  #item(mark, candidate, index, isWritten) {
    const key = element("span", { class: "key", "aria-hidden": "true" }, String(index + 1));
    if (!this.#actions.choose || !canBeChosen(candidate)) {
      return candidateRow(candidate, isWritten, key);
    }
    return element("button", {
      type: "button", class: classesOf(isWritten), "aria-current": isWritten ? "true" : undefined,
      onclick: () => this.#actions.choose(mark, candidate),
    }, key, ...candidateParts(candidate));
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
  }
}

const classesOf = (isWritten) => `candidate${isWritten ? " is-written" : ""}`;

/** A character that might have come, with a bar of its probability. */
export const candidateRow = (candidate, isWritten, ...first) =>
  element("div", { class: classesOf(isWritten) }, ...first, ...candidateParts(candidate));

function candidateParts({ text, probability }) {
  const bar = element("span", { class: "bar", "aria-hidden": "true" });
  bar.style.inlineSize = `${Math.max(1, probability * 100)}%`;
  return [
    spelled(text),
    element("span", { class: "track", "aria-hidden": "true" }, bar),
    element("span", { class: "share" }, percent(probability)),
  ];
}

/** A character as itself, or by name if nobody sees it. */
export function spelled(text) {
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
