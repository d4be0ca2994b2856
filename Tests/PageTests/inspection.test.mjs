import assert from "node:assert/strict";
import test from "node:test";
import { Inspection } from "../../Sources/CharlmServer/Page/inspection.js";

const bytes = (...numbers) => btoa(String.fromCharCode(...numbers.map((number) => number & 255)));

function answer(characters, more = {}) {
  return {
    model: "novel", cell: "lstm", layer: 0, layers: 1, hidden_size: 2,
    characters: characters.map((text) => ({ text, offset: 0, bits: 1, unknown: false, candidates: [] })),
    vectors: [{ vector: "h", gate: false }, { vector: "i", gate: true }],
    features: [], units: [{ unit: 1, feature: "inside quotes", vector: "h", correlation: 0.5 }],
    traces: [], ...more,
  };
}

test("states are rows of signed bytes", () => {
  const states = { vector: "h", units: [0, 1], scales: [1, 2], values: bytes(127, -127, 0, 1, 2, -3) };
  const inspection = new Inspection("abc", answer(["a", "b", "c"], { states }));
  assert.deepEqual(inspection.states.rows.map((row) => [...row]), [[127, -127, 0], [1, 2, -3]]);
});

test("further answers add units and replace the states", () => {
  const inspection = new Inspection("ab", answer(["a", "b"]));
  assert.equal(inspection.hasTrace(1), false);
  assert.equal(inspection.states, null);
  inspection.add({ traces: [{ unit: 1, values: { h: [-0.5, 0.25], i: [0.1, 0.9] } }] });
  inspection.add({ states: { vector: "c", units: [1], scales: [4], values: bytes(1, 2) } });
  assert.ok(inspection.hasTrace(1));
  assert.deepEqual(inspection.values(1, "h"), [-0.5, 0.25]);
  assert.deepEqual(inspection.values(0, "h"), []);
  assert.equal(inspection.states.vector, "c");
});

test("a state is scaled by its largest magnitude, a gate by one", () => {
  const traces = [{ unit: 1, values: { h: [-0.5, 0.25], i: [0.1, 0.3] } }, { unit: 0, values: { h: [0, 0] } }];
  const inspection = new Inspection("ab", answer(["a", "b"], { traces }));
  const [h, i] = inspection.vectors;
  assert.equal(inspection.scale(1, h), 0.5);
  assert.equal(inspection.scale(1, i), 1);
  assert.equal(inspection.scale(0, h), 1, "never a division by zero");
});

test("a cluster stands for all of its characters", () => {
  const family = "👨‍👩‍👧";
  const text = `a${family}b`;
  const inspection = new Inspection(text, answer(["a", ...family, "b"]));
  assert.deepEqual(inspection.marks.map(({ first, last }) => [first, last]), [[0, 0], [1, 5], [6, 6]]);
  assert.equal(inspection.markOf(3).start, 1);
  assert.equal(inspection.markOf(6).start, text.length - 1);
  assert.equal(inspection.marks[1].bits, 5);
});

test("a text that the model reads in another normalization form keeps its places", () => {
  const inspection = new Inspection("an\u0303b", answer(["a", "ñ", "b"]));
  assert.deepEqual(inspection.marks.map(({ start, last }) => [start, last]), [[0, 0], [1, 1], [3, 2]]);
});

test("a unit that is constant follows nothing", () => {
  const inspection = new Inspection("ab", answer(["a", "b"]));
  assert.equal(inspection.followed(1).feature, "inside quotes");
  assert.equal(inspection.followed(0), undefined);
});
