// Making elements. Text from outside always becomes text nodes, never markup.

/**
 * @param {string} tag
 * @param {Object} properties of the element; `class`, `aria-…`, `data-…` and `role` are attributes,
 *   and functions whose name begins with `on` are listeners.
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (/^(class|role|for|aria-|data-)/.test(name)) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children);
  return node;
}

/** The element of `index.html` with this id. */
export const part = (id) => document.getElementById(id);

export const button = (label, onclick, properties = {}) =>
  element("button", { type: "button", onclick, ...properties }, label);

/** Lets files be dropped on an element. */
export function acceptFiles(zone, take) {
  const holdsFiles = (event) => [...event.dataTransfer.types].includes("Files");
  zone.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.add("dropping");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("dropping"));
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("dropping");
    if (!holdsFiles(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
}

/** The text of a file. @throws a sentence, if it is not UTF-8. */
export async function textOf(file) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new NotText(file.name);
  }
}

export class NotText extends Error {
  constructor(name) {
    super(`${name} is not a text in UTF-8.`);
  }
}
