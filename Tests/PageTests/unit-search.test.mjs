import assert from "node:assert/strict";
import test from "node:test";
import { findUnits, ordered, whatItFollows } from "../../Sources/CharlmServer/Page/unit-search.js";

const unit = (unit, correlation, feature, vector = "h") => ({ unit, feature, vector, correlation });
const inspection = {
  unitCount: 14,
  features: [
    { feature: "inside quotes", units: [unit(3, -0.6), unit(1, 0.2)] },
    { feature: "position in the line", units: [unit(1, 0.4, undefined, "c")] },
    { feature: "position in the word", units: [] },
    { feature: "capital letter", units: [unit(12, 0.1)] },
  ],
  units: [
    unit(1, 0.4, "position in the line", "c"), unit(3, -0.6, "inside quotes"),
    unit(5, 0.1, "inside quotes"), unit(12, 0.3, "position in the word"),
  ],
};
const found = (query) => findUnits(inspection, query).map(({ unit }) => unit);

test("without a query all units that vary are listed, the strongest first", () => {
  assert.deepEqual(found(""), [3, 1, 12, 5]);
  assert.deepEqual(found("  "), [3, 1, 12, 5]);
});

test("a feature finds its best units and those that follow it most closely", () => {
  assert.deepEqual(found("quotes"), [3, 1, 5]);
  assert.deepEqual(findUnits(inspection, "quotes")[1], unit(1, 0.2, "inside quotes"));
});

test("features are found by other words for them", () => {
  assert.deepEqual(found("line length"), [1]);
  assert.deepEqual(found("Capitals"), [12]);
  assert.deepEqual(found("quotation"), [3, 1, 5]);
  assert.deepEqual(found("word"), [12]);
  assert.deepEqual(found("nonsense"), []);
});

test("a number finds the unit, even one that is constant", () => {
  assert.deepEqual(found("unit 12"), [12]);
  assert.deepEqual(found("1"), [1, 10, 11, 12, 13]);
  assert.equal(findUnits(inspection, "unit 13")[0].feature, undefined);
  assert.deepEqual(found("99"), []);
});

test("what a unit follows is a phrase", () => {
  assert.equal(whatItFollows(unit(3, -0.6, "inside quotes", "c")), "inside quotes, c −0.60");
  assert.equal(whatItFollows({}), "constant in this text");
});

test("units of a feature are together, the strongest feature first", () => {
  assert.deepEqual(ordered([0, 1, 3, 5, 12], inspection.units, true), [5, 3, 1, 12, 0]);
  assert.deepEqual(ordered([12, 0, 3], inspection.units, false), [12, 0, 3]);
});
