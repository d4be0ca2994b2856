// The models that the server has, and the one that is picked.

import * as api from "./api.js";
import { element, part } from "./dom.js";
import { decimal, integer } from "./numbers.js";

const storageName = "charlm.model";

let list = [];
const listeners = new Set();

/** The picked model, or null if the server has none. */
export const picked = () => list.find((model) => model.id === part("model").value) ?? null;
export const all = () => list;

/** Calls `listener` now and whenever the list or the choice changes. */
export function whenModelsChange(listener) {
  listeners.add(listener);
  listener();
}

/** Asks the server for its models, and picks `id` if it is given. */
export async function loadModels(id) {
  list = await api.models();
  fillWithModels(part("model"));
  const wanted = id ?? localStorage.getItem(storageName);
  if (list.some((model) => model.id === wanted)) part("model").value = wanted;
  part("model").disabled = list.length === 0;
  if (id) localStorage.setItem(storageName, id);
  tell();
}

export function startPicker() {
  part("model").addEventListener("change", () => {
    localStorage.setItem(storageName, part("model").value);
    tell();
  });
}

/** Lists the models in a `select`, keeping its value if it is still there. */
export function fillWithModels(select, ...first) {
  const value = select.value;
  const options = list.map(({ id }) => element("option", { value: id }, id));
  select.replaceChildren(...first, ...options);
  if ([...select.options].some((option) => option.value === value)) select.value = value;
  if (select.options.length === 0) select.append(element("option", { value: "" }, "none"));
}

/** What is worth knowing about a model, in one line. */
export function about({ charlm }) {
  const parts = [`${charlm.cell.toUpperCase()}, ${integer(charlm.parameters)} parameters`];
  const bits = charlm.validation_bits_per_character;
  if (typeof bits === "number") parts.push(`${decimal(bits)} bits per character`);
  if (charlm.trained_on?.length) parts.push(`learned from ${charlm.trained_on.map(unnumbered).join(", ")}`);
  return parts.join(" · ");
}

/** A file's name without the number that the server gives the texts of a run. */
const unnumbered = (name) => name.replace(/^\d{3,}-(?=.)/, "");

function tell() {
  for (const listener of listeners) listener();
}
