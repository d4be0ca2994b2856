import assert from "node:assert/strict";
import test from "node:test";
import { RunLog, thinned } from "../../Sources/CharlmServer/Page/run-log.js";
import { apart, lossRange, scale, ticks, timeUnit } from "../../Sources/CharlmServer/Page/scale.js";

const step = (step, seconds, nats) => ({
  event: "step", step, seconds, train_nats_per_token: nats, characters_per_second: 1000, epoch: 2,
});

test("a log gives both losses in bits per character", () => {
  const log = new RunLog();
  log.add({ event: "recipe", anything: 1 });
  log.add(step(50, 10, 2 * Math.LN2));
  log.add({ event: "validation", step: 50, nats_per_token: Math.LN2, bits_per_character: 2, seconds: 11 });
  log.add({ event: "sample", text: "one" });
  log.add({ event: "sample", text: "two" });
  log.add({ event: "finished", seconds: 12 });
  // Two bits per character for one per token: such a model has two tokens for each character.
  assert.deepEqual(log.training, [{ seconds: 10, bits: 4 }]);
  assert.deepEqual(log.validation, [{ seconds: 11, bits: 2 }]);
  assert.equal(log.best, 2);
  assert.deepEqual(log.samples, ["two", "one"]);
  assert.equal(log.seconds, 12);
  assert.ok(log.isFinished);
});

test("a validation without a time is at that of the last step", () => {
  const log = new RunLog();
  log.add(step(50, 10, 1));
  log.add({ event: "validation", step: 60, nats_per_token: 1, bits_per_character: 2 });
  assert.deepEqual(log.validation, [{ seconds: 10, bits: 2 }]);
});

test("a run ends with its time or its passes, whichever comes first", () => {
  const log = new RunLog();
  assert.equal(log.secondsLeft(3), 180);
  log.add({ event: "started", configuration: { budget: { most_epochs: 3 } }, training_tokens: 20_000 });
  log.add(step(50, 10, 1)); // two passes, and 1,000 characters a second
  assert.equal(log.secondsLeft(3), 20);
  assert.equal(log.secondsLeft(0.25), 5);
  assert.equal(log.secondsLeft(0.1), 0);
  const free = new RunLog();
  free.add({ event: "started", configuration: { budget: {} }, training_tokens: 20_000 });
  free.add(step(50, 10, 1));
  assert.equal(free.secondsLeft(3), 170);
});

test("losses that are not numbers are left out", () => {
  const log = new RunLog();
  log.add(step(50, 10, null));
  log.add({ event: "validation", step: 50, nats_per_token: null, bits_per_character: null });
  assert.deepEqual([log.training, log.validation, log.best], [[], [], null]);
});

test("many points become few, with the same mean", () => {
  const points = Array.from({ length: 1000 }, (_, k) => ({ seconds: k, bits: k }));
  const few = thinned(points, 100);
  assert.equal(few.length, 100);
  assert.equal(few[0].bits, 4.5);
});

test("ticks are round numbers within the range", () => {
  assert.deepEqual(ticks(0, 10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks(1.93, 2.61, 4), [2, 2.2, 2.4, 2.6]);
  assert.deepEqual(ticks(3, 3, 4), [3]);
});

test("a scale maps its ends", () => {
  const y = scale(1, 3, 200, 0);
  assert.deepEqual([y(1), y(2), y(3)], [200, 100, 0]);
});

test("the first moments do not decide the height of a chart", () => {
  const points = [{ seconds: 0, bits: 9 }, { seconds: 50, bits: 3 }, { seconds: 100, bits: 2 }];
  assert.ok(lossRange(points, 100).high < 4);
});

test("time is in the unit that reads best", () => {
  assert.deepEqual([60, 180, 9000].map((seconds) => timeUnit(seconds).name), ["seconds", "minutes", "hours"]);
});

test("labels keep their distance", () => assert.deepEqual(apart([10, 12, 50], 17), [10, 27, 50]));
