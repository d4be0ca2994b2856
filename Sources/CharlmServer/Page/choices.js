// Several continuations side by side, to take one.

import { button, element } from "./dom.js";

export class Choices {
  #root;
  #columns;
  #texts = [];
  #buttons = [];

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} columns
   * @param {(index: number) => void} take
   */
  constructor(root, columns, take) {
    this.#root = root;
    this.#columns = columns;
    this.take = take;
  }

  get isOpen() {
    return !this.#root.hidden;
  }

  open(count) {
    this.#texts = [];
    this.#buttons = [];
    this.#columns.replaceChildren(...Array.from({ length: count }, (_, index) => this.#column(index)));
    this.#root.hidden = false;
    this.#root.scrollIntoView({ block: "nearest" });
  }

  /** Shows what has been written so far. */
  update(index, text) {
    this.#texts[index].textContent = text;
    this.#buttons[index].disabled = text === "";
  }

  focus() {
    this.#buttons.find((button) => !button.disabled)?.focus();
  }

  close() {
    this.#root.hidden = true;
    this.#columns.replaceChildren();
  }

  #column(index) {
    // It scrolls, so it takes the focus, too.
    const text = element("p", { class: "choice-text", dir: "auto", tabIndex: 0 });
    const name = `Continuation ${index + 1}`;
    const take = button("Use this", () => this.take(index), {
      disabled: true, "aria-label": `Use continuation ${index + 1}`,
    });
    this.#texts.push(text);
    this.#buttons.push(take);
    return element("li", { class: "choice", "aria-label": name }, text, take);
  }
}
