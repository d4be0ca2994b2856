// Questions to the person.

import { part } from "./dom.js";

export function startDialogs() {
  for (const button of document.querySelectorAll("[data-closes]")) {
    button.addEventListener("click", () => part(button.dataset.closes).close(""));
  }
}

/** Asks for a yes. */
export function confirmed(question, yes) {
  part("question-text").textContent = question;
  part("question-yes").textContent = yes;
  return shown(part("question")).then((answer) => answer === "yes");
}

/** Asks for the key of the server. */
export async function askForKey(wasWrong) {
  part("key-problem").hidden = !wasWrong;
  const field = part("key-field");
  field.value = "";
  const answer = await shown(part("key"));
  return answer === "yes" && field.value ? field.value : null;
}

/** Asks for a line of text; null if the person did not want to give one. */
export async function askForName(question, proposal) {
  part("name-text").textContent = question;
  const field = part("name-field");
  field.value = proposal;
  const answer = shown(part("name"));
  field.select();
  return (await answer) === "yes" ? field.value.trim() || proposal : null;
}

/** Opens a dialog; resolves to the value of the button that closed it. */
export function shown(dialog) {
  return new Promise((resolve) => {
    const form = dialog.querySelector("form");
    dialog.returnValue = "";
    form.onsubmit = (event) => {
      // The page's policy forbids forms to go anywhere.
      event.preventDefault();
      dialog.close(event.submitter?.value ?? "yes");
    };
    dialog.onclose = () => resolve(dialog.returnValue);
    dialog.showModal();
  });
}
