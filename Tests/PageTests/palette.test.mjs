import assert from "node:assert/strict";
import test from "node:test";
import { isRightToLeft } from "../../Sources/CharlmServer/Page/direction.js";
import {
  channels, colorOf, levelOfShare, ramp, tintOf,
} from "../../Sources/CharlmServer/Page/palette.js";
import { sentences } from "../../Sources/CharlmServer/Page/reach-chart.js";

test("levels divide the range evenly", () => {
  assert.deepEqual([0, 0.19, 0.2, -0.5, 0.8, 1, -1].map(levelOfShare), [0, 0, 1, 2, 4, 4, 4]);
});

test("a tint is below, above or a gate", () => {
  assert.deepEqual([tintOf(-0.9, false), tintOf(0.3, false), tintOf(0.1, false), tintOf(0.7, true)],
    ["below-4", "above-1", "", "gate-3"]);
});

test("a ramp goes through its stops", () => {
  const colors = ramp([[0, 0, 0], [100, 50, 0], [200, 0, 0]], 5);
  assert.deepEqual(colors, [[0, 0, 0], [50, 25, 0], [100, 50, 0], [150, 25, 0], [200, 0, 0]]);
  assert.deepEqual(channels("#0a80ff"), [10, 128, 255]);
});

test("the ends of the range have the ends of the ramp", () => {
  const palette = { state: ["low", "middle", "high"], gate: ["shut", "open"] };
  assert.deepEqual([-1, 0, 1, 2].map((share) => colorOf(palette, share, false)),
    ["low", "middle", "high", "high"]);
  assert.deepEqual([0, 1].map((share) => colorOf(palette, share, true)), ["shut", "open"]);
});

test("the first letter says where a text begins", () => {
  assert.deepEqual(["abc שלום", "« שלום abc", "123 مرحبا", "12", ""].map(isRightToLeft),
    [false, true, true, false, false]);
});

test("the reach of gradients is said in words", () => {
  const hidden = { median: [1, 0.4, 0.1], half_distance: 1 };
  assert.deepEqual(sentences({ windows: 7, hidden }, "bytes"), [
    "dL/dh has fallen to 1/2 at distance 1 and to 1/1000 nowhere within 2 bytes.",
    "Medians of 7 windows of the text.",
  ]);
  const cell = { median: [1, 0.0001], half_distance: 1, thousandth_distance: 1 };
  assert.match(sentences({ windows: 1, hidden, cell_state: cell }, "characters")[1], /^dL\/dc .* 1\.$/);
});
