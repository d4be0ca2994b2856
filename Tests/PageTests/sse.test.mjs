import assert from "node:assert/strict";
import test from "node:test";
import { EndedEarly, eventData, eventObjects } from "../../Sources/CharlmServer/Page/sse.js";

async function* inPieces(text, size) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function collected(generator) {
  const items = [];
  for await (const item of generator) items.push(item);
  return items;
}

test("events arrive whole wherever the chunks end", async () => {
  const stream = ': ping\r\n\r\ndata: {"a":1}\r\n\r\nevent: x\ndata:two\ndata: lines\n\ndata: é☃\n\n';
  for (let size = 1; size < stream.length; size += 1) {
    assert.deepEqual(await collected(eventData(inPieces(stream, size))),
      ['{"a":1}', "two\nlines", "é☃"], `chunks of ${size}`);
  }
});

test("a stream ends with [DONE]", async () => {
  const stream = 'data: {"n":1}\n\ndata: [DONE]\n\ndata: {"n":2}\n\n';
  assert.deepEqual(await collected(eventObjects(inPieces(stream, 7))), [{ n: 1 }]);
});

test("a stream that breaks off is an error, between two events and in one", async () => {
  for (const stream of ['data: {"n":1}\n\n', 'data: {"n":1}\n\ndata: n":2}\n\ndata: [DONE]\n\n']) {
    await assert.rejects(collected(eventObjects(inPieces(stream, 5))), EndedEarly);
  }
});
