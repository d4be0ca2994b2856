// All units of a layer along the text: a row for each unit, a column for each character.

import { colorOf, currentPalette, whenColorsChange } from "./palette.js";

const least = 160;
const most = 520;

export class UnitMap {
  #canvas;
  #pick;
  #image = null;
  /** @type {{units: number[], rows: Int8Array[], scales: number[], isMirrored: boolean}|null} */
  #shown = null;
  #unit = -1;
  #character = -1;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(unit: number, character: number) => void} pick
   * @param {(unit: number|null) => void} point is called with the unit under the pointer
   */
  constructor(canvas, pick, point) {
    this.#canvas = canvas;
    this.#pick = pick;
    canvas.addEventListener("click", (event) => {
      const place = this.#place(event);
      if (place) this.#pick(place.unit, place.character);
    });
    canvas.addEventListener("pointermove", (event) => point(this.#place(event)?.unit ?? null));
    canvas.addEventListener("pointerleave", () => point(null));
    new ResizeObserver(() => this.#draw()).observe(canvas);
    whenColorsChange(() => this.#shown && this.show(this.#shown));
  }

  /** @param shown the rows in the order in which they are drawn */
  show(shown) {
    this.#shown = shown;
    this.#image = imageOf(shown);
    this.#canvas.style.height = `${Math.min(most, Math.max(least, shown.rows.length * 2))}px`;
    this.#draw();
  }

  /** Marks a unit and a character. */
  mark(unit, character) {
    this.#unit = unit;
    this.#character = character;
    this.#draw();
  }

  #place({ clientX, clientY }) {
    if (!this.#shown) return null;
    const box = this.#canvas.getBoundingClientRect();
    const { units, rows, isMirrored } = this.#shown;
    const count = rows[0].length;
    const row = Math.floor(((clientY - box.top) / box.height) * units.length);
    const column = Math.floor(((clientX - box.left) / box.width) * count);
    if (row < 0 || row >= units.length || column < 0 || column >= count) return null;
    return { unit: units[row], character: isMirrored ? count - 1 - column : column };
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!this.#image || width === 0) return;
    const ratio = devicePixelRatio || 1;
    this.#canvas.width = width * ratio;
    this.#canvas.height = height * ratio;
    const context = this.#canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.imageSmoothingEnabled = this.#image.width > width * ratio;
    context.drawImage(this.#image, 0, 0, width, height);
    this.#drawMarks(context, width, height);
  }

  #drawMarks(context, width, height) {
    const { units, rows, isMirrored } = this.#shown;
    context.strokeStyle = context.fillStyle = currentPalette().accent;
    const row = units.indexOf(this.#unit);
    if (row >= 0) {
      const size = height / units.length;
      context.lineWidth = 1;
      context.strokeRect(0.5, row * size - 1.5, width - 1, size + 3);
    }
    if (this.#character >= 0) {
      const size = width / rows[0].length;
      const column = isMirrored ? rows[0].length - 1 - this.#character : this.#character;
      context.fillRect((column + 0.5) * size - 0.5, 0, 1, height);
    }
  }
}

/** A canvas with a pixel for each number. */
function imageOf({ rows, isMirrored }) {
  const palette = currentPalette();
  const colors = Array.from({ length: 255 }, (_, index) => colorOf(palette, (index - 127) / 127, false));
  const [width, height] = [rows[0].length, rows.length];
  const image = document.createElement("canvas");
  image.width = width;
  image.height = height;
  const context = image.getContext("2d");
  const pixels = context.createImageData(width, height);
  rows.forEach((row, top) => row.forEach((byte, character) => {
    const left = isMirrored ? width - 1 - character : character;
    const [red, green, blue] = colors[byte + 127];
    pixels.data.set([red, green, blue, 255], 4 * (top * width + left));
  }));
  context.putImageData(pixels, 0, 0);
  return image;
}
