import assert from "node:assert/strict";
import test from "node:test";
import { promptBefore, promptLimit } from "../../Sources/CharlmServer/Page/prompt.js";

test("a short text is the prompt up to the index, and nothing is said about it", () => {
  assert.deepEqual(promptBefore("one two", 4), { prompt: "one ", note: "" });
  assert.deepEqual(promptBefore("x".repeat(promptLimit) + "y", promptLimit), {
    prompt: "x".repeat(promptLimit), note: "",
  });
});

test("of a longer text only the end is sent, which is said with its length", () => {
  const text = "a" + "x".repeat(promptLimit) + "after";
  const { prompt, note } = promptBefore(text, promptLimit + 1);
  assert.equal(prompt, "x".repeat(promptLimit));
  assert.equal(note, "The model read only the last 20,000 characters.");
});

test("the end of a longer text begins at a line", () => {
  const { prompt, note } = promptBefore("first\n".repeat(10_000), 60_000);
  assert.ok(prompt.startsWith("first\n") && prompt.length <= promptLimit);
  assert.match(note, /the last 19,99\d characters\.$/);
});
