// The page's logic without a browser: node --test Tests/PageTests

import assert from "node:assert/strict"
import { test } from "node:test"
import { parseEvents } from "../../Sources/CharlmServer/Page/api.js"
import { ticks } from "../../Sources/CharlmServer/Page/chart.js"
import { Drafts } from "../../Sources/CharlmServer/Page/drafts.js"
import { History } from "../../Sources/CharlmServer/Page/history.js"
import { clusterStart, clusters, hardestPassages, keptMarks, marks } from "../../Sources/CharlmServer/Page/text.js"

test("a position within a cluster moves to its beginning", () => {
  const text = "a👩‍👧e\u0301"
  assert.deepEqual(clusters(text).map(one => one.text), ["a", "👩‍👧", "e\u0301"])
  assert.equal(clusterStart(text, 3), 1)
  assert.equal(clusterStart(text, 1), 1)
  assert.equal(clusterStart(text, text.length - 1), text.length - 2)
  assert.equal(clusterStart(text, 99), text.length)
})

test("events are read however they are cut", () => {
  const whole = 'data: {"a":1}\n\n: ping\n\ndata: {"a":2}\n\ndata: [DONE]\n\n'
  for (let cut = 0; cut < whole.length; cut += 1) {
    const first = parseEvents(whole.slice(0, cut))
    const second = parseEvents(first.rest + whole.slice(cut))
    assert.deepEqual([...first.objects, ...second.objects], [{ a: 1 }, { a: 2 }])
    assert.ok(first.isOver || second.isOver)
  }
})

test("marks have UTF-16 positions and probabilities", () => {
  const found = marks({ tokens: ["a", "😀", "b"], token_logprobs: [Math.log(0.5), -1, 0], top_logprobs: [{ a: Math.log(0.5) }, null, {}] }, 10)
  assert.deepEqual(found.map(mark => [mark.start, mark.end]), [[10, 11], [11, 13], [13, 14]])
  assert.ok(Math.abs(found[0].bits - 1) < 1e-12)
  assert.ok(Math.abs(found[0].top[0].probability - 0.5) < 1e-12)
})

test("an edit removes the marks after it", () => {
  const all = [{ start: 0, end: 1 }, { start: 1, end: 2 }, { start: 2, end: 3 }]
  assert.equal(keptMarks(all, "abc", "abc").length, 3)
  assert.equal(keptMarks(all, "abc", "axc").length, 1)
})

test("typing is undone as a whole, actions one by one", () => {
  const history = new History({ text: "" })
  history.push({ text: "a" }, { isTyping: true, now: 1000 })
  history.push({ text: "ab" }, { isTyping: true, now: 1500 })
  history.push({ text: "abc" })
  assert.equal(history.undo().text, "ab")
  assert.equal(history.undo().text, "")
  assert.equal(history.undo(), null)
  assert.equal(history.redo().text, "ab")
  history.push({ text: "x" })
  assert.equal(history.redo(), null)
})

test("drafts survive the page", () => {
  const kept = new Map()
  const storage = { getItem: key => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) }
  const drafts = new Drafts(storage)
  drafts.change("First line\nmore")
  drafts.keepVersion()
  drafts.add()
  const again = new Drafts(storage)
  assert.deepEqual(again.all.map(Drafts.title), ["Empty draft", "First line"])
  assert.equal(again.all[1].versions.length, 1)
  storage.setItem("charlm-drafts", "{broken")
  assert.equal(new Drafts(storage).all.length, 1)
})

test("the hardest passages do not overlap", () => {
  const units = Array.from({ length: 400 }, (_, index) => ({ bits: index >= 200 && index < 260 ? 8 : 1 }))
  const found = hardestPassages(units, 60, 3)
  assert.ok(found[0].bits > 7 && found[0].start >= 190 && found[0].start <= 210)
  for (const one of found) for (const other of found) assert.ok(one === other || one.end <= other.start || other.end <= one.start)
})

test("ticks are round", () => {
  assert.deepEqual(ticks(0, 100), [0, 50, 100])
  assert.ok(ticks(1.9, 3.1).every(value => value >= 1.9 && value <= 3.1))
})
