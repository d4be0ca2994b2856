// How the norm of a gradient falls with the distance from the loss: medians as lines, quartiles as
// bands, on a logarithmic axis.

import { apart, scale, ticks } from "./scale.js";
import { clip, grid, pointList, shape, text } from "./svg.js";

const height = 260;
const margin = { top: 28, bottom: 40, left: 52, right: 92 };
/** Powers of ten below which the axis ends. */
const lowestPower = -6;

/**
 * @typedef {{median: number[], lower_quartile: number[], upper_quartile: number[],
 *   half_distance?: number, thousandth_distance?: number}} Curve
 */

/**
 * @param {SVGSVGElement} svg
 * @param {{windows: number, hidden: Curve, cell_state?: Curve}} gradients
 * @param {string} unit what distances count: characters or bytes
 */
export function drawReach(svg, gradients, unit) {
  const width = Math.max(280, svg.clientWidth || 600);
  const area = {
    left: margin.left, right: width - margin.right, top: margin.top, bottom: height - margin.bottom,
  };
  const curves = curvesOf(gradients);
  const furthest = curves[0].curve.median.length - 1;
  const powers = powersOf(curves.flatMap(({ curve }) => curve.median));
  const x = scale(0, furthest, area.left, area.right);
  const y = scale(powers[0], powers.at(-1), area.bottom, area.top);
  // Below the axis a line is cut off.
  const at = (norm, distance) => [x(distance), y(Math.max(lowestPower - 1, Math.log10(norm)))];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-label", `Gradients by distance. ${sentences(gradients, unit).join(" ")}`);
  svg.replaceChildren(
    ...grid(area, y, powers, powerName),
    ...ticks(0, furthest, Math.min(6, width / 90)).filter(Number.isInteger).map((distance) =>
      text(String(distance), x(distance), area.bottom + 18, "axis middle")),
    text(`${unit} before the loss`, area.right, area.bottom + 36, "axis end"),
    text("norm, 1 at the loss", 0, 12, "axis"),
    clip(area, "reach-area"),
    ...curves.flatMap(({ kind, curve }) => [band(curve, kind, at), line(curve, kind, at)]),
    ...labels(curves, area, y));
}

/** The figures in words. */
export function sentences({ windows, ...gradients }, unit) {
  const end = `Medians of ${windows} ${windows === 1 ? "window" : "windows"} of the text.`;
  return [...curvesOf(gradients).map(({ name, curve }) => fall(name, curve, unit)), end];
}

function fall(name, { median, half_distance: half, thousandth_distance: thousandth }, unit) {
  const place = (distance) =>
    distance === undefined ? `nowhere within ${median.length - 1} ${unit}` : `at distance ${distance}`;
  return `${name} has fallen to 1/2 ${place(half)} and to 1/1000 ${place(thousandth)}.`;
}

function curvesOf({ hidden, cell_state: cell }) {
  const curves = [{ name: "dL/dh", kind: "held", curve: hidden }];
  if (cell) curves.push({ name: "dL/dc", kind: "learned", curve: cell });
  return curves;
}

/** The powers of ten of the axis. */
function powersOf(norms) {
  const logarithms = norms.filter((norm) => norm > 0).map(Math.log10);
  const low = Math.max(lowestPower, Math.floor(Math.min(-1, ...logarithms)));
  const high = Math.ceil(Math.max(0, ...logarithms) - 0.05);
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const powerName = (power) =>
  power === 0 ? "1" : `10${power < 0 ? "⁻" : ""}${superscripts[Math.abs(power)]}`;

const line = ({ median }, kind, at) =>
  shape("polyline", { points: pointList(median.map(at)), class: kind, "clip-path": "url(#reach-area)" });

const band = ({ lower_quartile: low, upper_quartile: high }, kind, at) =>
  shape("polygon", {
    points: pointList([...high.map(at), ...low.map(at).reverse()]),
    class: `band ${kind}`, "clip-path": "url(#reach-area)",
  });

/** The name of each line, next to its end and above the axis. */
function labels(curves, area, y) {
  const ends = curves.map(({ curve }) => y(Math.max(lowestPower, Math.log10(curve.median.at(-1)))));
  const positions = apart(ends, 17);
  const excess = Math.max(0, Math.max(...positions) - (area.bottom - 4));
  return curves.map(({ name, kind }, index) =>
    text(name, area.right + 10, positions[index] - excess, `label ${kind}`));
}
