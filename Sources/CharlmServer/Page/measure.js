// The view that measures how well models predict a text.

import { post } from "./api.js"
import { acceptFiles, announce, currentModel, element, format, guarded, make } from "./page.js"
import { hardestPassages, heat, visible } from "./text.js"

/** Longer texts are measured whole, but tinted only at their beginning. */
const mostTinted = 20000
const mostBytes = 900000

const score = (model, text) => post("v1/evaluate", { model, text, per_character: true, candidates: 3 })

async function measure() {
  const text = element("measured-text").value
  if (new Blob([text]).size > mostBytes) throw new Error("the text is too long for this page: use charlm evaluate.")
  const button = element("evaluate")
  button.disabled = true
  try {
    const names = [currentModel(), element("other").value].filter(Boolean)
    const scores = []
    for (const name of names) scores.push(await score(name, text))
    showFigures(scores)
    showDetails(scores)
    announce(`${scores[0].bits_per_character.toFixed(3)} bits per character`, { always: true })
  } finally {
    button.disabled = false
  }
}

function showFigures(scores) {
  const rows = [
    ["bits per character", one => format(one.bits_per_character, 4)],
    ["95 % interval", one => one.interval?.bits_per_character.map(bound => format(bound, 3)).join(" to ") ?? "the text is too short"],
    ["perplexity per character", one => format(one.perplexity_per_character, 3)],
    ["bits per byte", one => format(one.bits_per_byte, 4)],
    ["characters", one => format(one.characters)],
    ["unknown characters", one => format(one.unknown_characters)],
  ]
  const table = make("table")
  const head = make("tr")
  head.append(make("th"), ...scores.map(one => make("th", one.model, { scope: "col" })))
  table.append(head, ...rows.map(([name, value]) => {
    const row = make("tr")
    row.append(make("th", name, { scope: "row" }), ...scores.map(one => make("td", value(one))))
    return row
  }))
  const nodes = [make("h2", "Figures"), table]
  if (scores.length === 2) {
    const difference = scores[0].bits_per_character - scores[1].bits_per_character
    const better = difference < 0 ? 0 : 1
    nodes.push(make("p", `${scores[better].model} is better by ${format(Math.abs(difference), 4)} bits per character.`))
  }
  element("figures").replaceChildren(...nodes)
}

function showDetails(scores) {
  const units = scores[0].units
  element("details").hidden = false
  element("legend").replaceChildren("0", ...[0, 2, 4, 6, 8].map(bits => {
    const swatch = make("i")
    swatch.style.setProperty("--heat", heat(bits))
    return swatch
  }), "8 bits and more")
  const box = element("measured-tint")
  box.replaceChildren(...units.slice(0, mostTinted).map((unit, index) => {
    const span = make("span", unit.text, { "data-unit": index })
    span.style.setProperty("--heat", heat(unit.bits))
    return span
  }))
  if (units.length > mostTinted) box.append(make("p", `The other ${format(units.length - mostTinted)} characters are not shown.`, { class: "hint" }))
  box.onmouseover = event => {
    const unit = units[event.target.dataset?.unit]
    if (unit) element("expected").textContent = expected(unit)
  }
  element("hardest").replaceChildren(...passages(scores).map(({ passage, note }) => {
    const item = make("li")
    const text = units.slice(passage.start, passage.end).map(unit => unit.text).join("")
    item.append(make("button", text, {
      dir: "auto", onclick: () => box.children[passage.start]?.scrollIntoView({ block: "center" }),
    }), make("small", ` ${note}`))
    return item
  }))
}

const expected = unit =>
  `“${visible(unit.text)}”: ${unit.bits.toFixed(1)} bits. Expected: `
  + unit.candidates.map(one => `“${visible(one.text)}” ${(one.probability * 100).toFixed(0)} %`).join(", ")

/** The hardest passages, and of two models those on which they differ most. */
function passages(scores) {
  const hardest = hardestPassages(scores[0].units).map(passage => ({ passage, note: `${passage.bits.toFixed(1)} bits a character` }))
  const [first, second] = scores.map(one => one.units)
  if (!second || first.length !== second.length) return hardest
  const better = (a, b, name) => hardestPassages(a.map((unit, index) => ({ bits: unit.bits - b[index].bits })), 60, 2)
    .filter(passage => passage.bits > 0)
    .map(passage => ({ passage, note: `${name} is better by ${passage.bits.toFixed(2)} bits a character` }))
  return [...hardest, ...better(first, second, scores[1].model), ...better(second, first, scores[0].model)]
}

export function startMeasuring() {
  element("evaluate").addEventListener("click", guarded(measure))
  acceptFiles(element("measured-text"), guarded(async files => { element("measured-text").value = await files[0].text() }))
}
