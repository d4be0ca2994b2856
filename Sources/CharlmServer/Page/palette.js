// The colors of states and gates. A state is orange below zero and blue above, which everybody can
// tell apart; a gate gets darker the further it is open. Classes and canvases share them.

export const levelCount = 4;

/** The level, 0 to 4, of a share of the largest magnitude. */
export const levelOfShare = (share) =>
  Math.min(levelCount, Math.floor(Math.abs(share) * (levelCount + 1)));

/** The class of a number, by its share of the largest magnitude. */
export function tintOf(share, isGate) {
  const level = levelOfShare(share);
  if (level === 0) return "";
  if (isGate) return `gate-${level}`;
  return share < 0 ? `below-${level}` : `above-${level}`;
}

const levels = [1, 2, 3, 4];
const stateStops = [
  ...[...levels].reverse().map((n) => `--below-${n}`), "--paper", ...levels.map((n) => `--above-${n}`),
];
const gateStops = ["--paper", ...levels.map((n) => `--gate-${n}`)];

/** The classes of the legends, from the lowest to the highest. */
export const stateClasses = stateStops.map((name) => name.slice(2));
export const gateClasses = gateStops.map((name) => name.slice(2));

const rampLength = 255;

/** The page's colors at the moment, for canvases: ramps of [red, green, blue], and names. */
export function currentPalette() {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const paint = (stops) => ramp(stops.map((name) => channels(color(name))), rampLength);
  return {
    state: paint(stateStops), gate: paint(gateStops),
    ink: color("--ink"), soft: color("--soft"), accent: color("--accent"),
  };
}

/** [red, green, blue] of "#rrggbb". */
export const channels = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

/** Colors between stops, evenly. */
export function ramp(stops, length) {
  return Array.from({ length }, (_, index) => {
    const position = (index / (length - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(position), stops.length - 2);
    return stops[low].map((from, channel) =>
      Math.round(from + (stops[low + 1][channel] - from) * (position - low)));
  });
}

/** The color of a share: -1 to 1 of a state, 0 to 1 of a gate. */
export function colorOf(palette, share, isGate) {
  const colors = isGate ? palette.gate : palette.state;
  const position = isGate ? share : (share + 1) / 2;
  const index = Math.round(position * (colors.length - 1));
  return colors[Math.min(colors.length - 1, Math.max(0, index))];
}

/** Calls `repaint` when the page changes between light and dark. */
export function whenColorsChange(repaint) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}
