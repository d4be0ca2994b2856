import assert from "node:assert/strict";
import test from "node:test";
import {
  byModel, difference, movedIndex, plain, replace, slice,
} from "../../Sources/CharlmServer/Page/marked-text.js";

const marked = (text) =>
  byModel(text, [...text].map((_, start) => ({ start, end: start + 1, bits: start, candidates: [] })));

test("a replaced part can be put back exactly", () => {
  const whole = replace(plain("one  two"), 4, 0, marked("model"));
  for (let at = 0; at <= whole.text.length; at += 1) {
    for (let length = 0; at + length <= whole.text.length; length += 1) {
      const removed = slice(whole, at, at + length);
      const edited = replace(whole, at, length, plain("xyz"));
      assert.deepEqual(replace(edited, at, 3, removed), whole, `${length} at ${at}`);
    }
  }
});

test("marks and authorship move with the text", () => {
  const whole = replace(replace(plain("ab"), 1, 0, marked("MN")), 0, 0, plain("--"));
  assert.equal(whole.text, "--aMNb");
  assert.deepEqual(whole.written, [{ start: 3, end: 5 }]);
  assert.deepEqual(whole.marks.map(({ start }) => start), [3, 4]);
});

test("what the person types into the model's text is not the model's", () => {
  const whole = replace(marked("MN"), 1, 0, plain("x"));
  assert.deepEqual(whole.written, [{ start: 0, end: 1 }, { start: 2, end: 3 }]);
});

test("the model's text that is continued is one range", () => {
  assert.deepEqual(replace(marked("MN"), 2, 0, marked("OP")).written, [{ start: 0, end: 4 }]);
});

test("the difference makes one text of the other", () => {
  const words = ["", "a", "aa", "aab", "abab", "the cat", "the fat cat", "cat"];
  for (const before of words) {
    for (const after of words) {
      const { at, length, inserted } = difference(before, after);
      assert.equal(before.slice(0, at) + inserted + before.slice(at + length), after);
    }
  }
});

test("the caret says which of several equal letters was typed", () => {
  assert.deepEqual(difference("aaa", "aaaa", 1), { at: 0, length: 0, inserted: "a" });
  assert.deepEqual(difference("aaa", "aaaa", 3), { at: 2, length: 0, inserted: "a" });
});

test("an index moves with the text before it", () => {
  assert.equal(movedIndex(2, 5, 1, 9), 2);
  assert.equal(movedIndex(9, 5, 1, 3), 11);
  assert.equal(movedIndex(6, 5, 3, 1), 6, "an index in a replaced part is at its end");
});
