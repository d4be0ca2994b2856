// The page: tabs, the choice of a model, the key.

import { hooks } from "./api.js"
import { element, loadModels, report } from "./page.js"
import { startMeasuring } from "./measure.js"
import { startTraining } from "./train.js"
import { startWriting } from "./write.js"

const tabs = ["write", "train", "measure"]

function show(name) {
  for (const tab of tabs) {
    const isShown = tab === name
    element(tab).hidden = !isShown
    element(`tab-${tab}`).setAttribute("aria-selected", isShown)
    element(`tab-${tab}`).tabIndex = isShown ? 0 : -1
  }
}

function startTabs() {
  const fromAddress = () => show(tabs.includes(location.hash.slice(1)) ? location.hash.slice(1) : "write")
  addEventListener("hashchange", fromAddress)
  for (const tab of tabs) {
    element(`tab-${tab}`).addEventListener("click", () => { location.hash = tab })
    element(`tab-${tab}`).addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      if (!step) return
      const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
      location.hash = next
      element(`tab-${next}`).focus()
    })
  }
  fromAddress()
}

hooks.askForKey = () => new Promise(resolve => {
  const dialog = element("key-dialog")
  dialog.addEventListener("close", () => resolve(element("key").value.trim() || null), { once: true })
  dialog.showModal()
})

startTabs()
startWriting()
startMeasuring()
try {
  await loadModels()
} catch (error) {
  report(error)
}
startTraining()
