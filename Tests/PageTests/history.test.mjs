import assert from "node:assert/strict";
import test from "node:test";
import { History } from "../../Sources/CharlmServer/Page/history.js";
import { plain, replace } from "../../Sources/CharlmServer/Page/marked-text.js";

/** A text with a history, as the editor has one. */
class Page {
  history = new History();
  state = plain("");
  now = 0;

  type(text) {
    for (const letter of text) {
      const edit = { at: this.state.text.length, removed: plain(""), inserted: plain(letter) };
      this.history.addTyping(edit, (this.now += 100));
      this.apply(edit);
    }
  }

  backspace() {
    const at = this.state.text.length - 1;
    const edit = { at, removed: plain(this.state.text[at]), inserted: plain("") };
    this.history.addTyping(edit, (this.now += 100));
    this.apply(edit);
  }

  apply(edit) {
    if (edit) this.state = replace(this.state, edit.at, edit.removed.text.length, edit.inserted);
    return this.state.text;
  }

  undo = () => this.apply(this.history.undo());
  redo = () => this.apply(this.history.redo());
}

test("typing is undone word by word", () => {
  const page = new Page();
  page.type("two words");
  assert.equal(page.undo(), "two ");
  assert.equal(page.undo(), "");
  assert.equal(page.redo(), "two ");
  assert.equal(page.redo(), "two words");
});

test("a pause ends an action", () => {
  const page = new Page();
  page.type("ab");
  page.now += 5000;
  page.type("cd");
  assert.equal(page.undo(), "ab");
});

test("deleting is one action, apart from typing", () => {
  const page = new Page();
  page.type("word");
  page.backspace();
  page.backspace();
  assert.equal(page.undo(), "word");
  assert.equal(page.undo(), "");
});

test("what the model wrote is one action, never joined with typing", () => {
  const page = new Page();
  page.type("a");
  const edit = { at: 1, removed: plain(""), inserted: plain("bcd") };
  page.history.add(edit);
  page.apply(edit);
  page.type("e");
  assert.equal(page.undo(), "abcd");
  assert.equal(page.undo(), "a");
});

test("a new action forgets what was undone", () => {
  const page = new Page();
  page.type("a");
  page.undo();
  page.type("b");
  assert.equal(page.history.canRedo, false);
  assert.equal(page.redo(), "b");
});
