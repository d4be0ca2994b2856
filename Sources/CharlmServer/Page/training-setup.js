// The form that starts a training run: texts, what they consist of, a name and the time.

import * as api from "./api.js";
import { report } from "./announce.js";
import { acceptFiles, button, element, part, textOf } from "./dom.js";
import { invisibleName } from "./surprisal.js";
import { counted, integer } from "./numbers.js";

/** What the server takes in one request. */
const byteLimit = 64_000_000;
const fewCharacters = 20_000;
const oddLimit = 12;
const surveyDelayInMilliseconds = 500;

export class TrainingSetup {
  /** @type {{name: string, text: string}[]} */
  #files = [];
  #started;
  #timer = null;
  #survey = null;
  #nameIsOwn = false;

  /** @param {(run: object) => void} started takes the new run */
  constructor(started) {
    this.#started = started;
    part("train-choose").addEventListener("click", () => part("train-files").click());
    part("train-files").addEventListener("change", (event) => this.#take([...event.target.files]));
    part("train-paste").addEventListener("input", () => this.#changed());
    part("train-name").addEventListener("input", () => (this.#nameIsOwn = true));
    part("train-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#start();
    });
    acceptFiles(part("train-form"), (files) => this.#take(files));
  }

  get #texts() {
    const pasted = part("train-paste").value;
    return [...this.#files, ...(pasted.trim() ? [{ name: "pasted.txt", text: pasted }] : [])];
  }

  async #take(files) {
    for (const file of files) {
      try {
        this.#files.push({ name: file.name, text: await textOf(file) });
      } catch (error) {
        this.#say(error.message, true);
      }
    }
    part("train-files").value = "";
    this.#changed();
  }

  #changed() {
    part("train-file-list").replaceChildren(...this.#files.map((file) => this.#fileItem(file)));
    if (!this.#nameIsOwn) part("train-name").value = nameFrom(this.#texts[0]?.name ?? "");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), surveyDelayInMilliseconds);
  }

  #fileItem(file) {
    const remove = () => {
      this.#files = this.#files.filter((other) => other !== file);
      this.#changed();
      part("train-choose").focus();
    };
    return element("li", {}, element("span", {}, file.name),
      element("span", { class: "fine" }, counted(file.text.length, "character")),
      button("Remove", remove, { class: "quiet", "aria-label": `Remove ${file.name}` }));
  }

  /** Shows what the texts consist of. */
  async #look() {
    this.#survey?.abort();
    const texts = this.#texts;
    if (texts.length === 0) return part("train-survey").replaceChildren();
    if (isTooMuch(texts)) return this.#say(tooMuch, true);
    this.#survey = new AbortController();
    try {
      const survey = await api.survey(texts, this.#survey.signal);
      part("train-survey").replaceChildren(...surveyParts(survey));
      this.#say("");
    } catch (error) {
      if (!api.wasStopped(error)) this.#say(api.sentence(error), true);
    }
  }

  async #start() {
    const name = part("train-name").value.trim();
    const minutes = Number(part("train-minutes").value);
    if (this.#texts.length === 0) return this.#say("There is no text yet.", true);
    if (isTooMuch(this.#texts)) return this.#say(tooMuch, true);
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      return this.#say("The name may have letters, digits, - and _.", true);
    }
    if (!(minutes > 0)) return this.#say("The time is a number of minutes.", true);
    part("train-start").disabled = true;
    this.#say("The text goes to the server.");
    try {
      const run = await api.startRun({ name, texts: this.#texts, minutes });
      this.#clear();
      this.#started(run);
    } catch (error) {
      this.#say(api.sentence(error), true);
    }
    part("train-start").disabled = false;
  }

  #clear() {
    this.#files = [];
    this.#nameIsOwn = false;
    part("train-paste").value = "";
    part("train-survey").replaceChildren();
    this.#changed();
    this.#say("");
  }

  #say(sentence, isProblem = false) {
    report(part("train-status"), sentence, isProblem);
  }
}

const tooMuch = "These are more than 64 MB. Train on such texts with charlm train on the command line.";
const isTooMuch = (texts) => new Blob(texts.map(({ text }) => text)).size > byteLimit;

/** A name for the model from that of a file. */
export const nameFrom = (file) =>
  file.replace(/\.[^.]*$/, "").normalize("NFKD").replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "");

function surveyParts({ characters, vocabulary_size: kinds, odd_characters: odd, notes }) {
  const parts = [element("p", {},
    element("strong", {}, counted(characters, "character")), `, ${integer(kinds)} different ones.`)];
  if (characters < fewCharacters) {
    parts.push(element("p", { class: "problem" },
      `This is short. From fewer than ${integer(fewCharacters)} characters a model learns little more `
      + "than the spelling."));
  }
  if (odd.length > 0) parts.push(oddCharacters(odd));
  parts.push(...notes.map((note) => element("p", {}, note)));
  return parts;
}

function oddCharacters(odd) {
  const items = odd.slice(0, oddLimit).map(({ character, name, count }) =>
    element("li", {}, ...spelled(character), name,
      element("span", { class: "fine" }, ` × ${integer(count)}`)));
  if (odd.length > oddLimit) items.push(element("li", {}, `and ${integer(odd.length - oddLimit)} more`));
  return element("div", {},
    element("p", {}, "Unusual characters, perhaps by mistake:"),
    element("ul", { class: "odd" }, ...items));
}

/** A character as itself, and what it is called if nobody sees it. */
function spelled(character) {
  const name = invisibleName(character);
  if (name?.startsWith("U+")) return [];
  return name ? [`${name}, `] : [element("span", { class: "glyph" }, character), " "];
}
