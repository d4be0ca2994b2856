import assert from "node:assert/strict";
import test from "node:test";
import { about } from "../../Sources/CharlmServer/Page/models.js";

const model = { cell: "lstm", parameters: 1234567, validation_bits_per_character: 2.084 };

test("a model is described in one line, with the names that its texts had", () => {
  assert.equal(about({ charlm: { ...model, trained_on: ["001-novel.txt", "2-b.txt"] } }),
    "LSTM, 1,234,567 parameters · 2.08 bits per character · learned from novel.txt, 2-b.txt");
  assert.equal(about({ charlm: { ...model, validation_bits_per_character: null } }), "LSTM, 1,234,567 parameters");
});
