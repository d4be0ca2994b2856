// The view that trains models.

import { ServerError, events, get, post } from "./api.js"
import { drawChart } from "./chart.js"
import { acceptFiles, announce, element, format, guarded, loadModels, make, report } from "./page.js"

let texts = []
let runs = []
let shown = null
let follower = null

// MARK: A new model

async function addFiles(files) {
  for (const file of files) {
    const text = new TextDecoder("utf-8").decode(await file.arrayBuffer())
    texts.push({ name: file.name, text: text.replace(/^\uFEFF/, "") })
  }
  if (!element("name").value && texts[0]) {
    element("name").value = texts[0].name.replace(/\.[^.]*$/, "").replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+/, "")
  }
  await showTexts()
}

const allTexts = () => {
  const pasted = element("pasted").value
  return pasted ? [...texts, { name: "pasted", text: pasted }] : texts
}

async function showTexts() {
  element("chosen").replaceChildren(...texts.map((text, index) => {
    const item = make("li")
    item.append(make("span", text.name), make("small", `${format(text.text.length)} characters`), make("span", "", { class: "spacer" }),
      make("button", "Remove", { type: "button", "aria-label": `Remove ${text.name}`, onclick: guarded(() => { texts.splice(index, 1); return showTexts() }) }))
    return item
  }))
  if (allTexts().length === 0) return element("survey").replaceChildren()
  const survey = await post("v1/training/survey", { texts: allTexts() })
  const nodes = [make("p", `${format(survey.characters)} characters, ${survey.vocabulary_size} different ones.`)]
  for (const note of survey.notes) nodes.push(make("p", note))
  if (survey.odd_characters.length > 0) {
    const names = survey.odd_characters.slice(0, 12).map(odd => `${odd.name} (${odd.count})`).join(", ")
    nodes.push(make("p", `Rare or odd, so worth a look: ${names}.`, { class: "hint" }))
  }
  element("survey").replaceChildren(...nodes)
}

async function start(event) {
  event.preventDefault()
  if (allTexts().length === 0) throw new ServerError(0, "There is no text yet: drop files, choose them, or paste a text.")
  const run = await post("v1/training", {
    name: element("name").value, minutes: Number(element("minutes").value), texts: allTexts(),
  })
  texts = []
  for (const id of ["pasted", "name"]) element(id).value = ""
  element("chosen").replaceChildren()
  element("survey").replaceChildren()
  await showRuns()
  show(run.id)
}

// MARK: Runs

const stateNames = { running: "training", paused: "paused", finished: "ready", failed: "failed" }

async function showRuns() {
  runs = (await get("v1/training")).data
  element("runs").replaceChildren(...runs.map(run => {
    const item = make("li")
    item.append(make("button", run.id, { class: "name", "aria-current": run.id === shown, onclick: () => show(run.id) }),
      make("small", stateNames[run.state]))
    return item
  }))
  if (runs.length === 0) element("runs").append(make("li", "None yet."))
  const run = runs.find(run => run.id === shown)
  if (!run) return
  element("pause").hidden = run.state !== "running"
  element("resume").hidden = !["paused", "failed"].includes(run.state)
  element("finish").hidden = !["running", "paused"].includes(run.state)
  element("use").hidden = run.state !== "finished"
  if (run.message) report(new ServerError(0, `${run.id}: ${run.message}`))
}

/** Shows a run, and follows its log. */
async function show(id) {
  follower?.abort()
  follower = new AbortController()
  shown = id
  element("run").hidden = false
  element("run-title").textContent = id
  element("run-figures").textContent = ""
  element("sample").textContent = "Nothing yet."
  const minutes = runs.find(run => run.id === id)?.minutes ?? 1
  const [train, validation] = [[], []]
  try {
    await showRuns()
    let last = 0
    const draw = () => drawChart(element("run-chart"), train, validation, minutes * 60)
    for await (const event of events("GET", `v1/training/${id}/events`, undefined, follower.signal)) {
      receive(event, train, validation, minutes)
      if (Date.now() - last > 250) { draw(); last = Date.now() }
    }
    draw()
    await showRuns()
    await loadModels()
  } catch (error) {
    report(error)
  }
}

let seconds = 0
function receive(event, train, validation, minutes) {
  if (event.event === "step") {
    seconds = event.seconds
    train.push({ seconds: event.seconds, bits: event.train_nats_per_token / Math.LN2 })
    const left = Math.max(0, minutes * 60 - event.seconds)
    const best = Math.min(...validation.map(point => point.bits))
    element("run-figures").textContent = [
      `${format(event.characters_per_second)} characters a second`,
      `${Math.floor(left / 60)}:${String(Math.floor(left % 60)).padStart(2, "0")} left at most`,
      Number.isFinite(best) ? `best ${best.toFixed(3)} bits per character` : "",
    ].filter(Boolean).join(" · ")
  } else if (event.event === "validation") {
    validation.push({ seconds, bits: event.bits_per_character ?? event.nats_per_token / Math.LN2 })
    announce(`${validation.at(-1).bits.toFixed(2)} bits per character`)
  } else if (event.event === "sample") {
    element("sample").textContent = event.text
  } else if (event.event === "finished") {
    element("run-figures").textContent =
      `${format(event.steps ?? 0)} steps in ${Math.round(event.seconds ?? seconds)} seconds`
      + (event.validation_nats_per_token ? `, ${(event.validation_nats_per_token / Math.LN2).toFixed(3)} bits per character` : "")
  }
}

const act = verb => guarded(async () => {
  await post(`v1/training/${shown}/${verb}`)
  await showRuns()
  if (verb !== "pause") show(shown)
})

export async function startTraining() {
  try {
    await showRuns()
  } catch (error) {
    element("train-on").hidden = error.status === 404
    element("train-off").hidden = error.status !== 404
    if (error.status !== 404) report(error)
    return
  }
  acceptFiles(element("drop"), guarded(addFiles))
  element("files").addEventListener("change", guarded(event => addFiles([...event.target.files])))
  element("pasted").addEventListener("change", guarded(showTexts))
  element("train-form").addEventListener("submit", guarded(start))
  for (const [id, verb] of [["pause", "pause"], ["resume", "resume"], ["finish", "stop"]]) element(id).addEventListener("click", act(verb))
  element("use").addEventListener("click", guarded(async () => {
    await loadModels(shown)
    location.hash = "write"
  }))
  const active = runs.find(run => run.state === "running") ?? runs[0]
  if (active) show(active.id)
}
