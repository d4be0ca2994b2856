// One training run: its state, how its loss falls, and what it writes so far. The run is a process
// of the server; whatever happens to this page, opening it again shows all from the log.

import * as api from "./api.js";
import { announce, report } from "./announce.js";
import { drawLoss, summary } from "./chart.js";
import { confirmed } from "./dialogs.js";
import { element, part } from "./dom.js";
import { loadModels } from "./models.js";
import { decimal, duration, integer } from "./numbers.js";
import { RunLog } from "./run-log.js";
import { EndedEarly } from "./sse.js";

const paintDelayInMilliseconds = 200;
const retryDelayInMilliseconds = 3000;
const restartDelayInMilliseconds = 300;
const announceDelayInMilliseconds = 30_000;

export class RunView {
  #run = null;
  #log = new RunLog();
  #follower = null;
  #timer = null;
  #announcedAt = 0;
  #changed;

  /** @param {() => void} changed is called when the state of the run changed */
  constructor(changed) {
    this.#changed = changed;
    part("run-pause").addEventListener("click", () => this.#steer("pause"));
    part("run-resume").addEventListener("click", () => this.#steer("resume"));
    part("run-stop").addEventListener("click", () => this.#stop());
    part("run-write").addEventListener("click", () => this.#writeWithIt());
    new ResizeObserver(() => this.#paint()).observe(part("loss-chart"));
  }

  /** Shows a run and follows it. */
  open(run) {
    this.close();
    if (run.id !== this.#run?.id) this.#log = new RunLog();
    this.#run = run;
    this.#say(run.message ?? "", run.state === "failed");
    this.#follow();
  }

  /** Stops following; the run itself continues. */
  close() {
    this.#follower?.abort();
    this.#follower = null;
  }

  async #follow() {
    const follower = new AbortController();
    this.#follower = follower;
    this.#paint();
    const isCurrent = () => this.#follower === follower;
    while (isCurrent()) {
      let delay = restartDelayInMilliseconds;
      try {
        await this.#read(follower.signal);
        if (isCurrent()) await this.#refresh();
        if (this.#run.state !== "running") return;
      } catch (error) {
        if (!isCurrent()) return;
        // The log of a run that resumes is cut to its checkpoint, wherever a reader is.
        if (!(error instanceof EndedEarly)) {
          this.#say(api.sentence(error), true);
          if (error.status >= 400 && error.status < 500) return;
          delay = retryDelayInMilliseconds;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  /** Reads the log from its beginning to the end of the stream. */
  async #read(signal) {
    const log = new RunLog();
    for await (const event of api.runEvents(this.#run.id, signal)) {
      log.add(event);
      // Only now: until then, what was shown before a lost connection stays.
      if (this.#log !== log) this.#say("");
      this.#log = log;
      this.#paintSoon();
    }
  }

  async #refresh() {
    const before = this.#run.state;
    const run = await api.run(this.#run.id);
    if (run.id !== this.#run.id) return;
    this.#run = run;
    this.#say(this.#run.message ?? "", this.#run.state === "failed");
    this.#paint();
    if (this.#run.state === before) return;
    announce(`${this.#run.id} is ${this.#run.state}. ${summary(this.#log)}`);
    if (this.#run.state === "finished") await loadModels();
    this.#changed();
  }

  async #steer(action) {
    try {
      const run = await api.steerRun(this.#run.id, action);
      this.#changed();
      if (run.id !== this.#run.id) return;
      this.#run = run;
      this.#say("");
      // A run that stops starts once more, to write its model: whoever followed it has seen an end.
      if (action !== "pause" && run.state === "running") this.open(run);
      else await this.#refresh();
      if (this.#run.state === "finished") await loadModels();
    } catch (error) {
      this.#say(api.sentence(error), true);
    }
  }

  async #stop() {
    const question = "Stop training? The best model so far is kept. The run cannot be resumed.";
    if (await confirmed(question, "Stop and keep the best")) await this.#steer("stop");
  }

  async #writeWithIt() {
    try {
      await loadModels(this.#run.model);
      location.hash = "write";
    } catch (error) {
      this.#say(api.sentence(error), true);
    }
  }

  // What the view shows

  #paintSoon() {
    this.#timer ??= setTimeout(() => this.#paint(), paintDelayInMilliseconds);
  }

  #paint() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#run) return;
    const { id, state, minutes } = this.#run;
    part("run-name").textContent = id;
    part("run-state").textContent = state;
    part("run-state").className = `state is-${state}`;
    part("run-pause").hidden = state !== "running";
    part("run-resume").hidden = state !== "paused";
    part("run-stop").hidden = state !== "running" && state !== "paused";
    part("run-write").hidden = state !== "finished";
    const isEmpty = this.#log.training.length === 0;
    part("loss-chart").toggleAttribute("hidden", isEmpty && state !== "running");
    const total = state === "finished" ? 0 : this.#log.seconds + this.#log.secondsLeft(minutes);
    drawLoss(part("loss-chart"), this.#log, total);
    part("run-figures").replaceChildren(...figures(this.#run, this.#log));
    this.#paintSamples();
    this.#announceProgress();
  }

  #paintSamples() {
    const { samples } = this.#log;
    part("run-samples-section").hidden = samples.length === 0;
    const items = samples.map((sample) => element("li", { class: "sample", dir: "auto" }, sample));
    part("run-samples").replaceChildren(...items);
  }

  #announceProgress() {
    const now = Date.now();
    const { best } = this.#log;
    const isDue = now - this.#announcedAt > announceDelayInMilliseconds;
    if (this.#run.state !== "running" || best === null || !isDue || part("train-view").hidden) return;
    this.#announcedAt = now;
    const left = duration(this.#log.secondsLeft(this.#run.minutes));
    announce(`${decimal(best)} bits per character, ${left} left.`);
  }

  #say(sentence, isProblem = false) {
    report(part("run-status"), sentence, isProblem);
  }
}

function figures({ state, minutes }, log) {
  const isLive = state === "running";
  const time = state === "finished" || state === "failed"
    ? ["Time", duration(log.seconds)]
    : ["Time left", duration(log.secondsLeft(minutes))];
  const rows = [
    ["Bits per character", log.best === null ? "–" : decimal(log.best)],
    time,
    [isLive ? "Characters a second" : "Characters a second, last",
      log.charactersPerSecond === null ? "–" : integer(log.charactersPerSecond)],
    ["Passes over the text", decimal(log.passes, log.passes < 10 ? 1 : 0)],
  ];
  return rows.map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value)));
}
