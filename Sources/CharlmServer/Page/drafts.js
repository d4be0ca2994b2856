// Drafts and their versions, kept in this browser.

/**
 * @typedef {{text: string, written: {start: number, end: number}[]}} Content
 * @typedef {{id: string, title: string, changed: number}} Entry
 * @typedef {Content & {name: string, time: number}} Version
 */

const listName = "charlm.drafts";
const draftName = (id) => `charlm.draft.${id}`;
const versionsName = (id) => `charlm.versions.${id}`;
const titleLength = 60;

export class StorageFull extends Error {
  constructor() {
    super("This browser has no room for more. Download the text, or delete drafts or versions.");
  }
}

export class Drafts {
  #storage;

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @returns {Entry[]} the draft that was changed last comes first. */
  get list() {
    return this.#read(listName, []).sort((a, b) => b.changed - a.changed);
  }

  /** @returns {string} the id of a new, empty draft. It is listed once something is in it. */
  newId() {
    return crypto.randomUUID();
  }

  /** @returns {Content} */
  open(id) {
    return this.#read(draftName(id), { text: "", written: [] });
  }

  /**
   * @param {Content} content
   * @throws {StorageFull}
   */
  save(id, { text, written }, now = Date.now()) {
    this.#write(draftName(id), { text, written });
    const others = this.list.filter((entry) => entry.id !== id);
    this.#write(listName, [{ id, title: titleOf(text), changed: now }, ...others]);
  }

  remove(id) {
    this.#storage.removeItem(draftName(id));
    this.#storage.removeItem(versionsName(id));
    this.#write(listName, this.list.filter((entry) => entry.id !== id));
  }

  /** @returns {Version[]} the newest first. */
  versions(id) {
    return this.#read(versionsName(id), []);
  }

  /** @throws {StorageFull} */
  addVersion(id, name, { text, written }, now = Date.now()) {
    this.#write(versionsName(id), [{ name, time: now, text, written }, ...this.versions(id)]);
  }

  removeVersion(id, time) {
    this.#write(versionsName(id), this.versions(id).filter((version) => version.time !== time));
  }

  #read(name, otherwise) {
    try {
      return JSON.parse(this.#storage.getItem(name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  #write(name, value) {
    try {
      this.#storage.setItem(name, JSON.stringify(value));
    } catch {
      throw new StorageFull();
    }
  }
}

/** The first line that is not empty. */
export function titleOf(text) {
  const line = text.match(/\S.*/)?.[0].trim() ?? "";
  if (line === "") return "Untitled";
  const letters = [...line];
  return letters.length > titleLength ? letters.slice(0, titleLength - 1).join("") + "…" : line;
}

/** A name for the file of a text. */
export const fileNameOf = (text) =>
  titleOf(text).replace(/[^\p{L}\p{N} '-]/gu, "").trim().replace(/\s+/g, "-").slice(0, 40) || "text";
