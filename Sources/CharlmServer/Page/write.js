// The view in which a person and the model write.

import { events, post } from "./api.js"
import { Drafts } from "./drafts.js"
import { History } from "./history.js"
import { announce, currentModel, element, guarded, make, report } from "./page.js"
import { clusterStart, heat, keptMarks, marks as marksOf, visible } from "./text.js"

/** The settings of the sampler, and what they do in one line. */
const settings = [
  { id: "length", label: "Length", hint: "Characters to write.", min: 20, max: 2000, step: 20, value: 300, field: "max_tokens" },
  { id: "temperature", label: "Temperature", hint: "Lower is safer, higher is wilder.", min: 0, max: 2, step: 0.05, value: 0.8, field: "temperature" },
  { id: "top-k", label: "Top k", hint: "Choose among so many characters; 0 for all.", min: 0, max: 100, step: 1, value: 0, field: "top_k" },
  { id: "top-p", label: "Top p", hint: "Leave out the unlikely rest; 1 for nothing.", min: 0.05, max: 1, step: 0.01, value: 1, field: "top_p" },
  { id: "min-p", label: "Min p", hint: "Leave out what is so much less likely than the best.", min: 0, max: 0.5, step: 0.01, value: 0, field: "min_p" },
  { id: "repeat", label: "Repetition", hint: "Above 1 the model repeats itself less.", min: 1, max: 1.5, step: 0.01, value: 1, field: "repeat_penalty" },
]

let drafts, history
/** Surprisal of characters that the model wrote, or that were measured. */
let marks = []
let current = -1
let controller = null
let isTinted = false

const text = () => element("text").value

/** Replaces the text, and records it. */
function setText(value, cursor, { isTyping = false, record = true } = {}) {
  const area = element("text")
  marks = keptMarks(marks, history.present.text, value)
  if (area.value !== value) area.value = value
  if (cursor !== undefined) area.setSelectionRange(cursor, cursor)
  if (record) history.push({ text: value, cursor: cursor ?? area.selectionStart }, { isTyping })
  else history.present = { text: value, cursor: cursor ?? area.selectionStart }
  keepDraft(value)
  showHistory()
  if (isTinted) showTint()
}

let draftTimer
function keepDraft(value) {
  clearTimeout(draftTimer)
  draftTimer = setTimeout(() => {
    try {
      drafts.change(value)
    } catch {
      report(new Error("this browser keeps no more drafts; download this one and delete others."))
    }
    showDrafts()
  }, 300)
}

function showHistory() {
  element("undo").disabled = history.past.length === 0
  element("redo").disabled = history.future.length === 0
}

// MARK: Continuing

function request(prompt) {
  const fields = { model: currentModel(), prompt, logprobs: 5, stream: true }
  for (const setting of settings) fields[setting.field] = Number(element(`slider-${setting.id}`).value)
  const seed = element("seed").value.trim()
  if (seed !== "") fields.seed = Number(seed)
  return fields
}

function setBusy(isBusy) {
  element("continue").hidden = isBusy
  element("stop").hidden = !isBusy
  element("several").disabled = isBusy
  element("text").readOnly = isBusy
}

/** Lets the model continue after `position`; the rest of the text stays after it. */
async function continueAt(position, prefix = "") {
  if (controller) return
  const whole = text()
  const [before, after] = [whole.slice(0, position) + prefix, whole.slice(position)]
  controller = new AbortController()
  setBusy(true)
  history.push({ text: before + after, cursor: before.length })
  let written = ""
  let isFirst = true
  try {
    for await (const part of events("POST", "v1/completions", request(before), controller.signal)) {
      const choice = part.choices[0]
      if (part.charlm?.notes) announce(part.charlm.notes.join(" "), { always: true })
      if (!choice) continue
      if (choice.seed !== undefined) element("last-seed").textContent = `Last seed: ${choice.seed}`
      const start = before.length + (marks.at(-1)?.end > before.length ? marks.at(-1).end - before.length : 0)
      written += choice.text
      const value = before + written + after
      setText(value, before.length + written.length, { record: isFirst })
      if (choice.logprobs) marks.push(...marksOf(choice.logprobs, start))
      isFirst = false
      if (isTinted) showTint()
      announce(`${written.length} characters written`)
    }
    announce("The text is written.", { always: true })
  } finally {
    controller = null
    setBusy(false)
    showHistory()
    if (!isTinted) element("text").focus()
  }
}

const stop = () => controller?.abort()

/** Three continuations side by side, of which one is picked. */
async function several() {
  const position = clusterStart(text(), element("text").selectionEnd)
  const [before, after] = [text().slice(0, position), text().slice(position)]
  const box = element("choices")
  const texts = ["", "", ""]
  box.replaceChildren(...texts.map((_, index) => {
    const article = make("article")
    article.append(make("p", "…", { dir: "auto" }), make("button", "Use this", {
      onclick: () => {
        setText(before + texts[index] + after, before.length + texts[index].length)
        stop()
        box.hidden = true
      },
    }))
    return article
  }))
  box.hidden = false
  controller = new AbortController()
  setBusy(true)
  try {
    for await (const part of events("POST", "v1/completions", { ...request(before), n: 3, logprobs: null }, controller.signal)) {
      for (const choice of part.choices) {
        texts[choice.index] += choice.text
        box.children[choice.index].firstChild.textContent = texts[choice.index]
      }
    }
    announce("Three continuations are written.", { always: true })
  } finally {
    controller = null
    setBusy(false)
  }
}

// MARK: Surprisal

/** Longer texts are tinted only at their end. */
const mostTinted = 20000

function showTint() {
  const box = element("tinted")
  const value = text()
  const first = Math.max(0, value.length - mostTinted)
  const nodes = []
  let position = first
  marks.sort((a, b) => a.start - b.start).forEach((mark, index) => {
    if (mark.start < position || mark.end > value.length) return
    if (mark.start > position) nodes.push(document.createTextNode(value.slice(position, mark.start)))
    const span = make("span", value.slice(mark.start, mark.end), { "data-mark": index, role: "option", id: `mark-${index}` })
    span.style.setProperty("--heat", heat(mark.bits))
    nodes.push(span)
    position = mark.end
  })
  nodes.push(document.createTextNode(value.slice(position)))
  box.replaceChildren(...nodes)
  if (controller) box.scrollTop = box.scrollHeight
}

async function toggleTint() {
  isTinted = !isTinted
  element("tint").setAttribute("aria-pressed", isTinted)
  element("text").hidden = isTinted
  element("tinted").hidden = !isTinted
  if (!isTinted) return
  showTint()
  element("tinted").focus()
  if (marks.length === 0 && text() !== "") await measureAll()
}

/** Marks every character of the text. */
async function measureAll() {
  const value = text().slice(-mostTinted)
  const score = await post("v1/evaluate", { model: currentModel(), text: value, per_character: true, candidates: 5 })
  let position = text().length - value.length
  marks = score.units.map(unit => {
    const mark = { start: position, end: position + unit.text.length, bits: unit.bits, top: unit.candidates }
    position = mark.end
    return mark
  })
  showTint()
}

function select(index) {
  const mark = marks[index]
  if (!mark) return
  current = index
  element("tinted").querySelector(".current")?.classList.remove("current")
  const span = element(`mark-${index}`)
  span?.classList.add("current")
  span?.scrollIntoView({ block: "nearest" })
  element("tinted").setAttribute("aria-activedescendant", `mark-${index}`)
  const written = text().slice(mark.start, mark.end)
  element("alternatives-hint").textContent = `“${visible(written)}”: ${mark.bits.toFixed(1)} bits`
  announce(`${visible(written)}, ${mark.bits.toFixed(1)} bits`, { always: true })
  element("alternatives").replaceChildren(...mark.top.slice(0, 6).map((option, rank) => {
    const button = make("button", "", { onclick: guarded(() => choose(mark, option)), "aria-current": option.text === written })
    const bar = make("span", "", { class: "bar" })
    bar.style.setProperty("--share", `${Math.max(1, option.probability * 100)}%`)
    button.append(
      make("span", String(rank + 1), { class: "number" }), make("bdi", visible(option.text)), bar,
      make("span", `${(option.probability * 100).toFixed(1)} %`))
    const item = make("li")
    item.append(button)
    return item
  }))
}

/** Cuts at a character, puts another one there, and continues from it. */
function choose(mark, option) {
  if (option.text === "<|endoftext|>") return
  const position = clusterStart(text(), mark.start)
  setText(text().slice(0, position), position)
  return continueAt(position, option.text)
}

function startTint() {
  const box = element("tinted")
  const ofEvent = event => Number(event.target.dataset?.mark ?? -1)
  box.addEventListener("mouseover", event => ofEvent(event) >= 0 && select(ofEvent(event)))
  box.addEventListener("click", event => ofEvent(event) >= 0 && select(ofEvent(event)))
  box.addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 40, ArrowUp: -40 }[event.key]
    if (step) {
      event.preventDefault()
      select(Math.max(0, Math.min(marks.length - 1, current < 0 ? marks.length - 1 : current + step)))
    } else if (/^[1-6]$/.test(event.key)) {
      element("alternatives").querySelectorAll("button")[Number(event.key) - 1]?.click()
    }
  })
}

// MARK: Drafts

function openDraft() {
  marks = []
  history = new History({ text: drafts.current.text, cursor: drafts.current.text.length })
  element("text").value = drafts.current.text
  element("choices").hidden = true
  showHistory()
  showDrafts()
  if (isTinted) showTint()
}

function showDrafts() {
  element("drafts").replaceChildren(...drafts.all.map(draft => {
    const item = make("li")
    item.append(
      make("button", Drafts.title(draft), {
        class: "name", "aria-current": draft === drafts.current, onclick: () => { drafts.open(draft.id); openDraft() },
      }),
      make("button", "Delete", {
        "aria-label": `Delete ${Drafts.title(draft)}`,
        onclick: () => {
          if (draft.text === "" || confirm(`Delete “${Drafts.title(draft)}”?`)) { drafts.remove(draft.id); openDraft() }
        },
      }))
    return item
  }))
  element("versions").replaceChildren(...drafts.current.versions.map(version => {
    const item = make("li")
    item.append(
      make("button", `${new Date(version.time).toLocaleString()}, ${version.text.length} characters`, {
        class: "name", onclick: () => setText(version.text, version.text.length),
      }))
    return item
  }))
}

// MARK: Start

function startSliders() {
  element("sliders").append(...settings.map(setting => {
    const box = make("div", "", { class: "slider" })
    const label = make("label", setting.label, { for: `slider-${setting.id}` })
    const shown = make("output", String(setting.value))
    const slider = make("input", "", {
      type: "range", id: `slider-${setting.id}`, min: setting.min, max: setting.max, step: setting.step, value: setting.value,
      "aria-describedby": `hint-${setting.id}`, oninput: () => { shown.textContent = slider.value },
    })
    label.append(shown)
    box.append(label, slider, make("p", setting.hint, { class: "hint", id: `hint-${setting.id}` }))
    return box
  }))
  const seed = make("div", "", { class: "slider" })
  const label = make("label", "Seed", { for: "seed" })
  label.append(make("input", "", { id: "seed", inputmode: "numeric", pattern: "[0-9]*", size: 10, placeholder: "new each time" }))
  seed.append(label, make("p", "The same seed gives the same text.", { class: "hint" }), make("p", "", { class: "hint", id: "last-seed" }))
  element("sliders").append(seed)
}

function download() {
  const link = make("a", "", {
    href: URL.createObjectURL(new Blob([text()], { type: "text/plain" })),
    download: `${Drafts.title(drafts.current).replace(/[^\p{L}\p{N}]+/gu, "-")}.txt`,
  })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

function step(state) {
  if (!state) return
  marks = keptMarks(marks, text(), state.text)
  element("text").value = state.text
  element("text").setSelectionRange(state.cursor, state.cursor)
  keepDraft(state.text)
  showHistory()
  if (isTinted) showTint()
}

export function startWriting() {
  drafts = new Drafts()
  startSliders()
  startTint()
  openDraft()
  const proceed = guarded(() => continueAt(
    isTinted ? text().length : clusterStart(text(), element("text").selectionEnd)))
  element("continue").addEventListener("click", proceed)
  element("stop").addEventListener("click", stop)
  element("several").addEventListener("click", guarded(several))
  element("undo").addEventListener("click", () => step(history.undo()))
  element("redo").addEventListener("click", () => step(history.redo()))
  element("tint").addEventListener("click", guarded(toggleTint))
  element("copy").addEventListener("click", guarded(async () => {
    await navigator.clipboard.writeText(text())
    announce("Copied.", { always: true })
  }))
  element("download").addEventListener("click", download)
  element("new-draft").addEventListener("click", () => { drafts.add(); openDraft(); element("text").focus() })
  element("save-version").addEventListener("click", () => { drafts.change(text()); drafts.keepVersion(); showDrafts() })
  element("text").addEventListener("input", () => setText(text(), undefined, { isTyping: true }))
  element("write").addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); proceed(event) }
    if (event.key === "Escape") stop()
    if (event.altKey && event.ctrlKey && event.key.toLowerCase() === "z") { event.preventDefault(); step(history.undo()) }
    if (event.altKey && event.ctrlKey && event.key.toLowerCase() === "y") { event.preventDefault(); step(history.redo()) }
  })
}
