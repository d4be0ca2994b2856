// What the colors mean.

import { element } from "./dom.js";
import { levelBounds, levelRange } from "./surprisal.js";

export function showLegend(root) {
  const swatches = Array.from({ length: levelBounds.length + 1 }, (_, level) =>
    element("span", { class: `swatch level-${level}`, title: `${levelRange(level)} bits` }));
  root.replaceChildren(
    element("span", {}, "expected"),
    element("span", { class: "swatches", "aria-hidden": "true" }, ...swatches),
    element("span", {}, "surprising"));
}
