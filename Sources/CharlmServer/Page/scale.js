// The arithmetic of a chart's axes.

/** From values to pixels. */
export const scale = (low, high, from, to) => (value) =>
  from + ((value - low) / (high - low || 1)) * (to - from);

/** Round numbers from `low` to `high`, about `count` of them. */
export function ticks(low, high, count) {
  const step = roundStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => clean((first + index) * step));
}

/** The round number (1, 2 or 5 times a power of ten) that is at least `step`. */
function roundStep(step) {
  if (!(step > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map((factor) => factor * power).find((round) => round >= step * 0.999);
}

const clean = (value) => Number(value.toPrecision(12));

/** The unit in which so many seconds are best read. */
export function timeUnit(seconds) {
  if (seconds <= 120) return { name: "seconds", seconds: 1 };
  if (seconds <= 7200) return { name: "minutes", seconds: 60 };
  return { name: "hours", seconds: 3600 };
}

/**
 * The range of the vertical axis. The first moments, in which the loss falls from very high, would
 * flatten all the rest; what is above the axis is cut off.
 * @param {{seconds: number, bits: number}[]} points of all lines
 */
export function lossRange(points, seconds) {
  const later = points.filter((point) => point.seconds >= seconds * 0.04);
  const values = (later.length > 1 ? later : points).map((point) => point.bits);
  if (values.length === 0) return { low: 0, high: 5 };
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const margin = Math.max(0.1, (most - least) * 0.08);
  return { low: Math.max(0, least - margin), high: most + margin };
}

/** Moves labels apart that would lie on each other. @param {number[]} positions in pixels */
export function apart(positions, distance) {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a] - positions[b]);
  const result = [...positions];
  for (let k = 1; k < order.length; k += 1) {
    const least = result[order[k - 1]] + distance;
    if (result[order[k]] < least) result[order[k]] = least;
  }
  return result;
}
