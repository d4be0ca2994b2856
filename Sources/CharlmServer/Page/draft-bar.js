// The bar above the text: drafts, versions, copy and download.

import { part, button, element } from "./dom.js";
import { askForName, confirmed, shown } from "./dialogs.js";
import { Drafts, fileNameOf, titleOf } from "./drafts.js";
import { counted, time } from "./numbers.js";
import { plain } from "./marked-text.js";
import { scalarCount } from "./offsets.js";

const saveDelayInMilliseconds = 400;

export class DraftBar {
  #drafts = new Drafts(localStorage);
  #editor;
  #say;
  #id = null;
  #timer = null;

  /**
   * @param {import("./editor.js").Editor} editor
   * @param {(sentence: string, isProblem?: boolean) => void} say
   */
  constructor(editor, say) {
    this.#editor = editor;
    this.#say = say;
    part("draft").addEventListener("change", (event) => this.#switchTo(event.target.value));
    part("new-draft").addEventListener("click", () => this.#switchTo(this.#drafts.newId()));
    part("delete-draft").addEventListener("click", () => this.#delete());
    part("versions").addEventListener("click", () => this.#showVersions());
    part("keep-version").addEventListener("click", () => this.#keepVersion());
    part("copy").addEventListener("click", () => this.#copy());
    part("download").addEventListener("click", () => this.#download());
    addEventListener("storage", () => this.#takeOver());
    addEventListener("pagehide", () => this.#save());
    document.addEventListener("visibilitychange", () => this.#save());
  }

  openLatest() {
    this.#open(this.#drafts.list[0]?.id ?? this.#drafts.newId());
  }

  /** Keeps the draft soon. */
  changed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), saveDelayInMilliseconds);
  }

  #switchTo(id) {
    this.#save();
    this.#open(id);
    this.#editor.focus();
  }

  #open(id) {
    this.#id = id;
    this.#editor.load({ ...plain(""), ...this.#drafts.open(id) });
    this.#showList();
  }

  #save() {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    const { state } = this.#editor;
    const isListed = this.#drafts.list.some(({ id }) => id === this.#id);
    if (state.text === "" && !isListed) return;
    try {
      this.#drafts.save(this.#id, state);
    } catch (error) {
      this.#say(error.message, true);
    }
    this.#showList();
  }

  /** Takes over what another tab did, so that this one does not overwrite it. */
  #takeOver() {
    const isOurs = this.#timer !== null || part("draft-bar").disabled;
    if (isOurs || this.#drafts.open(this.#id).text === this.#editor.state.text) return;
    this.#open(this.#id);
  }

  #showList() {
    const entries = this.#drafts.list;
    if (!entries.some(({ id }) => id === this.#id)) entries.unshift({ id: this.#id, title: "New draft" });
    const options = entries.map(({ id, title }) => element("option", { value: id }, title));
    part("draft").replaceChildren(...options);
    part("draft").value = this.#id;
  }

  async #delete() {
    const title = titleOf(this.#editor.state.text);
    if (!(await confirmed(`Delete “${title}” and its versions?`, "Delete"))) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#drafts.remove(this.#id);
    this.openLatest();
    this.#say("The draft was deleted.");
  }

  async #keepVersion() {
    part("version-list").close();
    const name = await askForName("Name of this version", `Version ${this.#versions.length + 1}`);
    if (name === null) return;
    try {
      this.#drafts.addVersion(this.#id, name, this.#editor.state);
      this.changed();
      this.#say(`Kept as “${name}”.`);
    } catch (error) {
      this.#say(error.message, true);
    }
  }

  get #versions() {
    return this.#drafts.versions(this.#id);
  }

  #showVersions() {
    const items = this.#versions.map((version) => this.#versionItem(version));
    part("version-items").replaceChildren(...items);
    part("no-versions").hidden = items.length > 0;
    shown(part("version-list"));
  }

  #versionItem(version) {
    const size = counted(scalarCount(version.text), "character");
    return element("li", {},
      element("div", {},
        element("strong", {}, version.name),
        element("p", { class: "fine" }, `${time(version.time)} · ${size}`)),
      button("Restore", () => this.#restore(version), { "aria-label": `Restore ${version.name}` }),
      button("Delete", () => this.#deleteVersion(version), {
        class: "quiet", "aria-label": `Delete ${version.name}`,
      }));
  }

  /** Restoring is an action like every other: undo brings back what was there. */
  #restore(version) {
    part("version-list").close();
    const piece = { ...plain(version.text), written: version.written };
    this.#editor.act(0, this.#editor.state.text.length, piece);
    this.#say(`“${version.name}” is back. Undo returns to what was there.`);
  }

  async #deleteVersion(version) {
    part("version-list").close();
    if (await confirmed(`Delete the version “${version.name}”?`, "Delete")) {
      this.#drafts.removeVersion(this.#id, version.time);
    }
    this.#showVersions();
  }

  async #copy() {
    const { text } = this.#editor.state;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Over plain HTTP from another machine there is no clipboard API; the old way still works.
      this.#editor.focus();
      this.#editor.select(0, text.length);
      document.execCommand("copy");
      this.#editor.select(text.length);
    }
    this.#say("Copied.");
  }

  #download() {
    const { text } = this.#editor.state;
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    element("a", { href: url, download: `${fileNameOf(text)}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}
