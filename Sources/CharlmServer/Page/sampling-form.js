// The form of the sampler's settings. It remembers them for the next visit.

import { element } from "./dom.js";
import { defaults, endings, isOff, settings } from "./sampling.js";

const storageName = "charlm.sampling";

export class SamplingForm {
  values = { ...defaults, ...stored() };
  #seedField;
  #newSeed;

  /** @param {HTMLElement} basics @param {HTMLElement} more */
  constructor(basics, more) {
    for (const setting of settings) {
      (setting.isBasic ? basics : more).append(this.#slider(setting));
      if (setting.name === "length") basics.append(this.#endingField());
    }
    more.append(this.#seedFields());
  }

  /** Uses this seed from now on. */
  keepSeed(seed) {
    this.#seedField.value = seed;
    this.#newSeed.checked = false;
    this.#newSeed.dispatchEvent(new Event("change"));
  }

  #set(name, value) {
    this.values[name] = value;
    localStorage.setItem(storageName, JSON.stringify(this.values));
  }

  #slider(setting) {
    const { name, label, min, max, step, about } = setting;
    const id = `setting-${name}`;
    const output = element("output", { htmlFor: id });
    const input = element("input", { type: "range", id, min, max, step, "aria-describedby": `${id}-about` });
    // The browser keeps a value within min and max, so they come first.
    input.value = this.values[name];
    const show = () => {
      const value = Number(input.value);
      output.textContent = isOff(setting, value) ? "off" : setting.shown(value);
      input.setAttribute("aria-valuetext", output.textContent);
      this.#set(name, value);
    };
    input.addEventListener("input", show);
    show();
    return element("div", { class: "setting" },
      element("label", { for: id }, label), output, input,
      element("p", { class: "fine", id: `${id}-about` }, about));
  }

  #endingField() {
    const options = endings.map(([value, label]) => element("option", { value }, label));
    const select = element("select", { id: "setting-ending" }, ...options);
    select.value = this.values.ending;
    select.addEventListener("change", () => this.#set("ending", select.value));
    return element("div", { class: "setting is-inline" },
      element("label", { for: select.id }, "End"), select);
  }

  #seedFields() {
    const seed = element("input", {
      type: "number", id: "setting-seed", min: 0, step: 1, value: this.values.seed,
      "aria-describedby": "setting-seed-about",
    });
    const isNew = element("input", { type: "checkbox", checked: this.values.isSeedNew });
    const show = () => {
      seed.disabled = isNew.checked;
      this.#set("isSeedNew", isNew.checked);
      this.#set("seed", Math.max(0, Math.floor(Number(seed.value)) || 0));
    };
    seed.addEventListener("input", show);
    isNew.addEventListener("change", show);
    this.#seedField = seed;
    this.#newSeed = isNew;
    show();
    return element("div", { class: "setting" },
      element("label", { for: seed.id }, "Seed"),
      element("label", { class: "check" }, isNew, "new each time"),
      seed,
      element("p", { class: "fine", id: "setting-seed-about" },
        "The same seed, text and settings write the same again."));
  }
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(storageName)) ?? {};
  } catch {
    return {};
  }
}
