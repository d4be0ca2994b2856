// What the log of a training run says, in the form in which the page shows it.

/** @typedef {{seconds: number, bits: number}} Point */

const sampleCount = 3;

export class RunLog {
  /** The newest sample first. @type {string[]} */
  samples = [];
  seconds = 0;
  charactersPerSecond = null;
  /** How often the whole text was read. */
  passes = 0;
  isFinished = false;
  /** @type {Point[]} */
  validation = [];
  #training = [];
  #secondsOfStep = new Map();
  /** Bits per character for one bit per token: not 1 if the model's units are bytes or clusters. */
  #charactersRatio = 1;

  /** @param {object} event a line of the log; unknown events are passed over. */
  add(event) {
    switch (event.event) {
      case "step": return this.#addStep(event);
      case "validation": return this.#addValidation(event);
      case "sample":
        this.samples = [event.text, ...this.samples].slice(0, sampleCount);
        return;
      case "finished":
        this.isFinished = true;
        this.seconds = event.seconds ?? this.seconds;
    }
  }

  /** The loss on the text that the model learns from. @returns {Point[]} */
  get training() {
    return this.#training.map(({ seconds, bits }) => ({ seconds, bits: bits * this.#charactersRatio }));
  }

  /** The best bits per character on the text that was held back; null before the first validation. */
  get best() {
    const bits = this.validation.map((point) => point.bits);
    return bits.length > 0 ? Math.min(...bits) : null;
  }

  #addStep({ step, epoch, train_nats_per_token: nats, characters_per_second: speed, seconds }) {
    this.seconds = seconds;
    this.passes = epoch ?? this.passes;
    this.charactersPerSecond = speed ?? this.charactersPerSecond;
    this.#secondsOfStep.set(step, seconds);
    if (Number.isFinite(nats)) this.#training.push({ seconds, bits: nats / Math.LN2 });
  }

  #addValidation({ step, nats_per_token: nats, bits_per_character: bits }) {
    if (!Number.isFinite(bits)) return;
    if (nats > 0) this.#charactersRatio = bits / (nats / Math.LN2);
    // A validation has no time of its own; that of its step, or of the last one, is near enough.
    this.validation.push({ seconds: this.#secondsOfStep.get(step) ?? this.seconds, bits });
  }
}

/** At most `limit` points, each the mean of neighbors. @param {Point[]} points */
export function thinned(points, limit) {
  const size = Math.ceil(points.length / limit);
  if (size <= 1) return points;
  const result = [];
  for (let at = 0; at < points.length; at += size) {
    const part = points.slice(at, at + size);
    const mean = (key) => part.reduce((sum, point) => sum + point[key], 0) / part.length;
    result.push({ seconds: mean("seconds"), bits: mean("bits") });
  }
  return result;
}
