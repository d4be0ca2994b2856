import assert from "node:assert/strict";
import test from "node:test";
import {
  ScalarCursor, clusterEnd, clusterStart, clusters, scalarCount, startOfLast,
} from "../../Sources/CharlmServer/Page/offsets.js";

const family = "👨‍👩‍👧";
const accented = "e\u0301";
const texts = ["", "plain", `a${family}b${accented}\nc🇩🇪🇫🇷d`, "नमस्ते שלום", "𝒳𝒴"];

test("a scalar cursor gives the UTF-16 index of every scalar", () => {
  for (const text of texts) {
    const cursor = new ScalarCursor();
    let index = 0;
    [...text].forEach((scalar, number) => {
      assert.equal(cursor.indexOf(text, number), index);
      index += scalar.length;
    });
    assert.equal(cursor.indexOf(text, 1000), text.length);
    assert.equal(cursor.indexOf(text, 0), 0, "it also goes back");
  }
});

test("a scalar cursor follows a text that grows", () => {
  const cursor = new ScalarCursor();
  assert.equal(cursor.indexOf("😀", 2), 2);
  assert.equal(cursor.indexOf("😀a😀", 2), 3);
});

test("scalars are counted", () => {
  for (const text of texts) assert.equal(scalarCount(text), [...text].length);
});

test("no index within a cluster stays there", () => {
  for (const text of texts) {
    for (const { start, end } of clusters(text)) {
      for (let index = start; index < end; index += 1) {
        assert.equal(clusterStart(text, index), start);
      }
      assert.equal(clusterEnd(text, start), end);
    }
  }
});

test("clusters are found far into a text of one line", () => {
  const text = "x".repeat(5000) + family + "y";
  assert.equal(clusterStart(text, 5003), 5000);
  assert.equal(clusterEnd(text, 5000), 5000 + family.length);
});

test("the last part of a text begins at a line if one is near", () => {
  assert.equal(startOfLast("short", 5, 10), 0);
  const text = "first line\nsecond line";
  assert.equal(startOfLast(text, text.length, 12), 11);
  assert.equal(startOfLast("x".repeat(50), 50, 20), 30);
});
