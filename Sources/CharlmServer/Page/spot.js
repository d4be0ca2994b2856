// A frame around the character that is looked at.

import { element } from "./dom.js";

export class Spot {
  #node = element("div", { class: "spot", hidden: true, "aria-hidden": "true" });

  /** @param {HTMLElement} pane the offset parent of the text */
  constructor(pane) {
    pane.append(this.#node);
  }

  /** @param {DOMRect} box of the character on the screen */
  show(box) {
    const pane = this.#node.parentElement.getBoundingClientRect();
    this.#node.hidden = false;
    this.#node.style.left = `${box.left - pane.left}px`;
    this.#node.style.top = `${box.top - pane.top}px`;
    this.#node.style.width = `${Math.max(3, box.width)}px`;
    this.#node.style.height = `${box.height}px`;
  }

  hide() {
    this.#node.hidden = true;
  }
}
