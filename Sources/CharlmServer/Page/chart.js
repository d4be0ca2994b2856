// The loss of a run against time: a thin line for the text it learns from, points for the text that
// was held back. Drawn anew at every change, at the width that there is.

import { apart, lossRange, scale, ticks, timeUnit } from "./scale.js";
import { decimal, duration } from "./numbers.js";
import { thinned } from "./run-log.js";
import { clip, grid, pointList, shape, text } from "./svg.js";

const height = 280;
const margin = { top: 28, bottom: 40, left: 40, right: 104 };
const pointLimit = 500;

/**
 * @param {SVGSVGElement} svg
 * @param {import("./run-log.js").RunLog} log
 * @param {number} totalSeconds of the whole run
 */
export function drawLoss(svg, log, totalSeconds) {
  const width = Math.max(280, svg.clientWidth || 600);
  const training = thinned(log.training, pointLimit);
  const { validation } = log;
  const seconds = Math.max(totalSeconds, log.seconds, 1);
  const { low, high } = lossRange([...training, ...validation], seconds);
  const area = {
    left: margin.left, right: width - margin.right, top: margin.top, bottom: height - margin.bottom,
  };
  const x = scale(0, seconds, area.left, area.right);
  const y = scale(low, high, area.bottom, area.top);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-label", summary(log));
  svg.replaceChildren(
    ...grid(area, y, ticks(low, high, 5)),
    ...timeAxis(area, x, seconds),
    text("bits per character", 0, 12, "axis"),
    clip(area, "loss-area"),
    line(training, x, y),
    ...validation.map((point) => dot(point, x, y)),
    ...endLabels(area, x, y, training, validation));
}

/** The chart in words. */
export function summary(log) {
  const { best, training } = log;
  if (training.length === 0) return "Loss chart. There are no points yet.";
  const learned = `from ${decimal(training[0].bits)} to ${decimal(training.at(-1).bits)}`;
  const held = best === null ? "" : ` The best on the held-back text is ${decimal(best)}.`;
  return `Loss chart, bits per character in ${duration(log.seconds)}: `
    + `on the learned text ${learned}.${held}`;
}

function timeAxis(area, x, seconds) {
  const unit = timeUnit(seconds);
  const values = ticks(0, seconds / unit.seconds, 6);
  return [
    ...values.map((value) => text(String(value), x(value * unit.seconds), area.bottom + 18, "axis middle")),
    text(unit.name, area.right, area.bottom + 36, "axis end"),
  ];
}

/** The last value of each line, written next to its end: a legend in its place. */
function endLabels(area, x, y, training, validation) {
  const labels = [[training, "learned", "learned"], [validation, "held back", "held"]]
    .filter(([points]) => points.length > 0)
    .map(([points, name, kind]) => ({ name, kind, bits: points.at(-1).bits }));
  const positions = apart(labels.map(({ bits }) => Math.max(area.top, y(bits))), 17);
  const left = x(Math.max(0, ...[...training, ...validation].map(({ seconds }) => seconds))) + 10;
  return labels.map(({ name, kind, bits }, index) =>
    text(`${decimal(bits)} ${name}`, left, positions[index] + 4, `label ${kind}`));
}

function line(points, x, y) {
  const path = pointList(points.map(({ seconds, bits }) => [x(seconds), y(bits)]));
  return shape("polyline", { points: path, class: "learned", "clip-path": "url(#loss-area)" });
}

const dot = ({ seconds, bits }, x, y) =>
  shape("circle", { cx: x(seconds), cy: y(bits), r: 3.5, class: "held", "clip-path": "url(#loss-area)" });
