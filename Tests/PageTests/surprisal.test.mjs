import assert from "node:assert/strict";
import test from "node:test";
import {
  Continuation, bitsOf, candidatesOf, characterName, isText, levelOf, levelRange, markAt, marksOf,
  marksOfEvaluation,
} from "../../Sources/CharlmServer/Page/surprisal.js";

const logprobs = (tokens, firstOffset, bits = 1) => ({
  tokens,
  token_logprobs: tokens.map(() => -bits * Math.LN2),
  top_logprobs: tokens.map((token) => ({ [token]: Math.log(0.5), "?": Math.log(0.25) })),
  text_offset: tokens.map((_, index) => firstOffset + index),
});
const placed = (text, marks) => marks.map(({ start, end }) => text.slice(start, end));

test("surprisal is in bits", () => assert.ok(Math.abs(bitsOf(Math.log(1 / 8)) - 3) < 1e-12));

test("levels begin at their bounds", () => {
  assert.deepEqual([0, 0.99, 1, 3.9, 4, 10.9, 11, 40].map(levelOf), [0, 0, 1, 3, 4, 6, 7, 7]);
  assert.deepEqual([0, 1, 7].map(levelRange), ["under 1", "1 to 2", "11 and more"]);
});

test("candidates are ordered by probability", () => {
  const candidates = candidatesOf({ a: Math.log(0.1), b: Math.log(0.6) });
  assert.deepEqual(candidates.map(({ text }) => text), ["b", "a"]);
  assert.ok(Math.abs(candidates[0].probability - 0.6) < 1e-12);
});

test("a continuation collects text and marks from chunks", () => {
  const continuation = new Continuation();
  continuation.add({ text: "a😀", logprobs: logprobs(["a", "😀"], 0), finish_reason: null });
  continuation.add({ text: "b", logprobs: logprobs(["b"], 2), finish_reason: "stop", seed: 7 });
  assert.equal(continuation.text, "a😀b");
  assert.deepEqual(placed("a😀b", continuation.marks), ["a", "😀", "b"]);
  assert.equal(continuation.seed, 7);
  assert.equal(continuation.finishReason, "stop");
  assert.equal(continuation.marks[0].candidates[0].text, "a");
});

test("an accent in the next chunk joins its letter", () => {
  const continuation = new Continuation();
  continuation.add({ text: "xe", logprobs: logprobs(["x", "e"], 0) });
  continuation.add({ text: "\u0301y", logprobs: logprobs(["\u0301", "y"], 2) });
  assert.deepEqual(placed(continuation.text, continuation.marks), ["x", "e\u0301", "y"]);
  assert.equal(continuation.marks[1].bits, 2);
  assert.equal(continuation.marks[1].candidates[0].text, "e");
});

test("logprobs that arrive before their text wait for it", () => {
  const continuation = new Continuation();
  continuation.add({ text: "a", logprobs: logprobs(["a", "b"], 0) });
  assert.deepEqual(placed("a", continuation.marks), ["a"]);
  continuation.add({ text: "b", logprobs: null });
  assert.deepEqual(placed("ab", continuation.marks), ["a", "b"]);
});

test("a continuation without logprobs has no marks", () => {
  const continuation = new Continuation();
  continuation.add({ text: "abc", logprobs: null });
  assert.deepEqual(continuation.marks, []);
});

test("units of one cluster become one mark", () => {
  const family = "👨‍👩‍👧";
  let start = 0;
  const units = [...family, "!"].map((text) => {
    const unit = { start, bits: 1, candidates: [{ text, probability: 1 }] };
    start += text.length;
    return unit;
  });
  const marks = marksOf(`${family}!`, 0, units);
  assert.deepEqual(placed(`${family}!`, marks), [family, "!"]);
  assert.equal(marks[0].bits, 5);
});

const units = (...texts) => texts.map((text) => ({ text, bits: 1 }));

test("an evaluated text is marked unit by unit", () => {
  const marks = marksOfEvaluation("añb", units("a", "ñ", "b"));
  assert.deepEqual(placed("añb", marks), ["a", "ñ", "b"]);
});

test("a text that the model reads in another normalization form keeps its places", () => {
  const decomposed = "an\u0303b";
  assert.deepEqual(placed(decomposed, marksOfEvaluation(decomposed, units("a", "ñ", "b"))),
    ["a", "n\u0303", "b"]);
  assert.deepEqual(placed("añb", marksOfEvaluation("añb", units("a", "n", "\u0303", "b"))),
    ["a", "ñ", "b"]);
});

test("a text that the model reads in lower case keeps its places", () => {
  assert.deepEqual(placed("AbC", marksOfEvaluation("AbC", units("a", "b", "c"))), ["A", "b", "C"]);
});

test("a mark is found at each of its indexes", () => {
  const marks = [{ start: 0, end: 1 }, { start: 1, end: 3 }, { start: 5, end: 6 }];
  assert.deepEqual([0, 1, 2, 3, 5, 6].map((index) => markAt(marks, index)?.start),
    [0, 1, 1, undefined, 5, undefined]);
});

test("characters that nobody sees have names", () => {
  assert.deepEqual([" ", "\n", "a", "\u0301", "\u00a0", "\u2029"].map(characterName),
    ["space", "new line", "a", "U+0301", "no-break space", "U+2029"]);
});

test("parts of characters and signs of the model are no text", () => {
  assert.deepEqual(["a", "<", "<|endoftext|>", "bytes:\\xc3", "\ufffd"].map(isText),
    [true, true, false, false, false]);
});
