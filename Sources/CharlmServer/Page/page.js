// What all views share: elements, messages, the models.

import { ServerError, get } from "./api.js"

export const element = id => document.getElementById(id)

/** A new element with text and attributes. */
export function make(name, text = "", attributes = {}) {
  const node = document.createElement(name)
  node.textContent = text
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value)
    else node.setAttribute(key, value)
  }
  return node
}

/** Shows an error in one sentence. */
export function report(error) {
  if (error?.name === "AbortError") return
  const message = element("message")
  message.textContent = error instanceof ServerError ? error.message : `Something failed: ${error?.message ?? error}`
  message.hidden = false
}

export function clearMessage() { element("message").hidden = true }

let lastStatus = 0
/** Tells a screen reader what happens, at most every two seconds. */
export function announce(text, { always = false } = {}) {
  if (!always && Date.now() - lastStatus < 2000) return
  lastStatus = Date.now()
  element("status").textContent = text
}

/** A listener that reports what goes wrong. */
export const guarded = action => async event => {
  clearMessage()
  try {
    await action(event)
  } catch (error) {
    report(error)
  }
}

export let models = []
export const currentModel = () => element("model").value || undefined
export const describeModel = id => models.find(model => model.id === id)?.charlm

/** Reads the list of models, and keeps the choice. */
export async function loadModels(chosen) {
  models = (await get("v1/models")).data
  for (const [id, none] of [["model", null], ["other", "no other"]]) {
    const select = element(id)
    const before = id === "model" ? chosen ?? select.value : select.value
    select.replaceChildren(
      ...(none === null ? [] : [make("option", none, { value: "" })]), ...models.map(model => make("option", model.id, { value: model.id })))
    if (models.some(model => model.id === before)) select.value = before
  }
}

export const format = (number, digits = 0) =>
  number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** Lets files be dropped on an element. */
export function acceptFiles(node, onFiles) {
  for (const name of ["dragover", "dragleave", "drop"]) {
    node.addEventListener(name, event => {
      event.preventDefault()
      node.classList.toggle("over", name === "dragover")
      if (name === "drop") onFiles([...event.dataTransfer.files])
    })
  }
}
