// What a view does at the moment: one thing at a time, which the person can stop.

import * as api from "./api.js";

export class Work {
  #say;
  #showBusy;
  #stopper = null;
  #running = Promise.resolve();

  /**
   * @param {(sentence: string, isProblem?: boolean) => void} say
   * @param {(isBusy: boolean) => void} showBusy
   */
  constructor(say, showBusy) {
    this.#say = say;
    this.#showBusy = showBusy;
  }

  get isBusy() {
    return this.#stopper !== null;
  }

  /**
   * Does something, and says at the end what it returns, or what went wrong.
   * @param {(signal: AbortSignal) => Promise<string|void>} action
   */
  run(action) {
    return (this.#running = this.#do(action));
  }

  /** Stops what is being done, if there is something. Resolves when nothing is. */
  async stop() {
    this.#stopper?.abort();
    await this.#running;
  }

  async #do(action) {
    this.#stopper = new AbortController();
    this.#showBusy(true);
    try {
      this.#say((await action(this.#stopper.signal)) ?? "");
    } catch (error) {
      if (api.wasStopped(error)) this.#say("Stopped.");
      else this.#say(api.sentence(error), true);
    }
    this.#stopper = null;
    this.#showBusy(false);
  }
}
