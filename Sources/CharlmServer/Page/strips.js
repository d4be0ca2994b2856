// The numbers of one unit along the text: the characters in a row, and below it a row for each
// vector. They scroll together, and only what is in sight is drawn.

import { element } from "./dom.js";
import { isRightToLeft } from "./direction.js";
import { colorOf, currentPalette, whenColorsChange } from "./palette.js";
import { invisibleName } from "./surprisal.js";
import { vectorName } from "./vectors.js";

const cellWidth = 18;
const characterHeight = 28;
const rowHeight = 18;
const gap = 4;

const signs = new Map([[" ", "·"], ["\n", "↵"], ["\t", "→"]]);

export class Strips {
  #scroller;
  #canvas = element("canvas");
  #spacer = element("div", { class: "strips-width" });
  #names;
  #move;
  #characters = [];
  #isMirrored = false;
  /** @type {{vector: string, gate: boolean, shares: number[]}[]} */
  #rows = [];
  #at = -1;

  /**
   * @param {HTMLElement} root
   * @param {(character: number) => void} move is called when a character is pointed at
   */
  constructor(root, move) {
    this.#move = move;
    this.#names = element("div", { class: "strip-names", "aria-hidden": "true" });
    this.#scroller = element("div", { class: "strips-scroller", tabIndex: -1 }, this.#spacer);
    this.#spacer.append(this.#canvas);
    root.replaceChildren(this.#names, this.#scroller);
    this.#scroller.addEventListener("scroll", () => this.#draw());
    this.#scroller.addEventListener("pointermove", (event) => this.#point(event));
    this.#scroller.addEventListener("click", (event) => this.#point(event));
    new ResizeObserver(() => this.#draw()).observe(this.#scroller);
    whenColorsChange(() => this.#draw());
  }

  /** @param {string[]} characters */
  showText(characters) {
    this.#characters = characters;
    this.#isMirrored = isRightToLeft(characters.join(""));
    this.#spacer.style.width = `${characters.length * cellWidth}px`;
    this.#scroller.scrollLeft = this.#isMirrored ? this.#spacer.scrollWidth : 0;
    this.#at = -1;
  }

  /** @param rows of numbers in the order of the characters, as shares of the largest magnitude */
  showRows(rows) {
    this.#rows = rows;
    const height = characterHeight + rows.length * (rowHeight + gap);
    this.#spacer.style.height = `${height}px`;
    this.#names.replaceChildren(...rows.map(({ vector }) =>
      element("span", { title: vectorName(vector) }, vector)));
    this.#draw();
  }

  /** Marks a character, and scrolls to it unless it is in sight. */
  lookAt(character) {
    this.#at = character;
    const left = this.#left(character);
    const { scrollLeft, clientWidth } = this.#scroller;
    if (left < scrollLeft || left + cellWidth > scrollLeft + clientWidth) {
      this.#scroller.scrollLeft = left - clientWidth / 2;
    }
    this.#draw();
  }

  #left(character) {
    const column = this.#isMirrored ? this.#characters.length - 1 - character : character;
    return column * cellWidth;
  }

  #point({ clientX }) {
    const x = clientX - this.#spacer.getBoundingClientRect().left;
    const column = Math.floor(x / cellWidth);
    const character = this.#isMirrored ? this.#characters.length - 1 - column : column;
    if (character >= 0 && character < this.#characters.length) this.#move(character);
  }

  #draw() {
    const { clientWidth: width, scrollLeft } = this.#scroller;
    const height = this.#spacer.clientHeight;
    if (width === 0 || height === 0) return;
    const ratio = devicePixelRatio || 1;
    this.#canvas.width = width * ratio;
    this.#canvas.height = height * ratio;
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    const context = this.#canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.translate(-scrollLeft, 0);
    const palette = currentPalette();
    const family = getComputedStyle(this.#scroller).fontFamily;
    context.textAlign = "center";
    const count = this.#characters.length;
    const [from, to] = [Math.floor(scrollLeft / cellWidth), Math.ceil((scrollLeft + width) / cellWidth)];
    for (let column = from; column < Math.min(to, count); column += 1) {
      this.#drawColumn(context, this.#isMirrored ? count - 1 - column : column, palette, family);
    }
    if (this.#at >= 0) {
      context.strokeStyle = palette.accent;
      context.lineWidth = 2;
      context.strokeRect(this.#left(this.#at) + 0.5, 1, cellWidth - 1, height - 2);
    }
  }

  #drawColumn(context, character, palette, family) {
    const left = this.#left(character);
    const text = this.#characters[character];
    const sign = signs.get(text) ?? (invisibleName(text) ? "▫" : text);
    context.fillStyle = sign === text ? palette.ink : palette.soft;
    context.font = `18px ${family}`;
    context.fillText(sign, left + cellWidth / 2, characterHeight - 9, cellWidth);
    this.#rows.forEach(({ gate, shares }, row) => {
      context.fillStyle = `rgb(${colorOf(palette, shares[character], gate).join(" ")})`;
      context.fillRect(left, characterHeight + row * (rowHeight + gap), cellWidth, rowHeight);
    });
  }
}
