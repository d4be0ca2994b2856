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
  /** After how many passes the run ends, if its time does not end before; null for no limit. */
  #mostPasses = null;
  #tokensOfPass = 0;
  /** Bits per character for one bit per token: not 1 if the model's units are bytes or clusters. */
  #charactersRatio = 1;

  /** @param {object} event a line of the log; unknown events are passed over. */
  add(event) {
    switch (event.event) {
      case "started":
        this.#mostPasses = event.configuration?.budget?.most_epochs ?? null;
        this.#tokensOfPass = event.training_tokens ?? 0;
        return;
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

  /** Until the run ends: the rest of its time, or of its passes if that is less. @param {number} minutes of the run */
  secondsLeft(minutes) {
    const time = Math.max(0, minutes * 60 - this.seconds);
    if (this.#mostPasses === null || !this.charactersPerSecond) return time;
    const tokens = Math.max(0, this.#mostPasses - this.passes) * this.#tokensOfPass;
    return Math.min(time, tokens / this.charactersPerSecond);
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

  #addStep({ epoch, train_nats_per_token: nats, characters_per_second: speed, seconds }) {
    this.seconds = seconds;
    this.passes = epoch ?? this.passes;
    this.charactersPerSecond = speed ?? this.charactersPerSecond;
    if (Number.isFinite(nats)) this.#training.push({ seconds, bits: nats / Math.LN2 });
  }

  #addValidation({ nats_per_token: nats, bits_per_character: bits, seconds }) {
    if (!Number.isFinite(bits)) return;
    if (nats > 0) this.#charactersRatio = bits / (nats / Math.LN2);
    // Logs of earlier versions have no seconds here; those of the last step are near enough.
    this.seconds = seconds ?? this.seconds;
    this.validation.push({ seconds: this.seconds, bits });
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
