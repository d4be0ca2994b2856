import assert from "node:assert/strict";
import test from "node:test";
import { Drafts, StorageFull, fileNameOf, titleOf } from "../../Sources/CharlmServer/Page/drafts.js";
import { defaults, requestOf } from "../../Sources/CharlmServer/Page/sampling.js";

class Memory {
  #values = new Map();
  getItem = (name) => this.#values.get(name) ?? null;
  removeItem = (name) => this.#values.delete(name);
  setItem(name, value) {
    if (value.length > 1000) throw new Error("QuotaExceededError");
    this.#values.set(name, value);
  }
}

test("a draft comes back as it was saved, the newest first", () => {
  const drafts = new Drafts(new Memory());
  drafts.save("a", { text: "First\nmore", written: [{ start: 1, end: 2 }] }, 1);
  drafts.save("b", { text: "Second", written: [] }, 2);
  assert.deepEqual(drafts.open("a"), { text: "First\nmore", written: [{ start: 1, end: 2 }] });
  assert.deepEqual(drafts.list.map(({ title }) => title), ["Second", "First"]);
  drafts.remove("b");
  assert.deepEqual(drafts.list.map(({ id }) => id), ["a"]);
});

test("versions are kept with their draft", () => {
  const drafts = new Drafts(new Memory());
  drafts.addVersion("a", "one", { text: "x", written: [] }, 1);
  drafts.addVersion("a", "two", { text: "y", written: [] }, 2);
  assert.deepEqual(drafts.versions("a").map(({ name }) => name), ["two", "one"]);
  drafts.removeVersion("a", 2);
  assert.deepEqual(drafts.versions("a").map(({ name }) => name), ["one"]);
  assert.deepEqual(drafts.versions("b"), []);
});

test("a full storage is said, and keeps what it had", () => {
  const drafts = new Drafts(new Memory());
  drafts.save("a", { text: "short", written: [] });
  assert.throws(() => drafts.save("a", { text: "x".repeat(2000), written: [] }), StorageFull);
  assert.equal(drafts.open("a").text, "short");
});

test("the title is the first line with something in it", () => {
  assert.equal(titleOf("\n  \n A title \nmore"), "A title");
  assert.equal(titleOf(" \n"), "Untitled");
  assert.equal([...titleOf("😀".repeat(100))].length, 60);
});

test("a file name has no signs that a file system forbids", () => {
  assert.equal(fileNameOf("Who/what: “it”?"), "Whowhat-it");
  assert.equal(fileNameOf("…"), "text");
});

test("settings that do nothing are not sent", () => {
  assert.deepEqual(requestOf(defaults), { max_tokens: 300, temperature: 0.8, finish: "sentence" });
  assert.deepEqual(
    requestOf({ ...defaults, ending: "", topK: 5, minP: 0.1, isSeedNew: false, seed: 0 }),
    { max_tokens: 300, temperature: 0.8, min_p: 0.1, top_k: 5, seed: 0 });
});
