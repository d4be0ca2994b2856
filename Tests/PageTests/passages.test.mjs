import assert from "node:assert/strict";
import test from "node:test";
import { compared, highestPassages, meanDifference } from "../../Sources/CharlmServer/Page/passages.js";

const marksOfBits = (bits) => bits.map((bits, start) => ({ start, end: start + 1, bits, candidates: [] }));

test("the hardest passage is around the hardest characters", () => {
  const bits = Array(300).fill(1);
  bits.fill(5, 100, 160);
  const [hardest, next] = highestPassages(marksOfBits(bits), 2);
  assert.deepEqual([hardest.start, hardest.end, hardest.mean], [100, 160, 5]);
  assert.ok(next.end <= 100 || next.start >= 160, "passages do not overlap");
});

test("a short text is one passage, an empty one has none", () => {
  assert.equal(highestPassages(marksOfBits([1, 2]), 5).length, 1);
  assert.deepEqual(highestPassages([], 5), []);
});

test("models are compared on characters that both marked", () => {
  const first = marksOfBits([1, 2, 3]);
  const second = [{ start: 0, end: 1, bits: 0.5 }, { start: 1, end: 3, bits: 9 }];
  assert.deepEqual(compared(first, second).map(({ start, difference }) => [start, difference]), [[0, 0.5]]);
});

test("the standard error comes from blocks", () => {
  const pairs = Array.from({ length: 20_000 }, (_, index) => ({
    difference: Math.floor(index / 1000) % 2 === 0 ? 0 : 2,
  }));
  const { mean, standardError } = meanDifference(pairs);
  assert.equal(mean, 1);
  // Ten blocks of 0 and ten of 2: variance 20/19.
  assert.ok(Math.abs(standardError - Math.sqrt(1 / 19)) < 1e-12);
  assert.equal(meanDifference(pairs.slice(0, 19_999)).standardError, null);
});
