// The view that trains models: the list of runs, and next to it a run or the form for a new one.

import * as api from "./api.js";
import { announce, report } from "./announce.js";
import { element, part } from "./dom.js";
import { time } from "./numbers.js";
import { RunView } from "./run-view.js";
import { TrainingSetup } from "./training-setup.js";

let view;
let runs = [];
/** The id of the run that is shown; null for the form, undefined before the first look. */
let shownId;
const storageName = "charlm.run";

export function startTraining() {
  view = new RunView(refresh);
  new TrainingSetup((run) => {
    announce(`Training of ${run.id} has begun.`);
    show(run.id, run);
    refresh();
  });
  part("new-run").addEventListener("click", () => show(null));
}

/** Called whenever the view is opened: asks the server for everything. */
export async function openTraining() {
  await refresh();
  if (shownId === undefined && runs !== null) {
    show(runs.find((run) => run.state === "running")?.id ?? sessionStorage.getItem(storageName));
  }
}

async function refresh() {
  try {
    runs = (await api.runs()).sort((a, b) => b.created - a.created);
    showList();
  } catch (error) {
    const isClosed = error.status === 404;
    part("train-closed").hidden = !isClosed;
    part("train-open").hidden = isClosed;
    if (isClosed) runs = null;
    else report(part("train-problem"), api.sentence(error), true);
  }
}

function showList() {
  part("train-closed").hidden = true;
  part("train-open").hidden = false;
  part("train-problem").textContent = "";
  part("runs-section").hidden = runs.length === 0;
  part("run-list").replaceChildren(...runs.map(item));
  part("new-run").setAttribute("aria-current", String(shownId === null));
}

function item({ id, state, created }) {
  const choose = element("button", {
    type: "button", class: "run-item", "aria-current": String(id === shownId),
    onclick: () => show(id),
  },
  element("span", {}, id),
  element("span", { class: `state is-${state}` }, state),
  element("span", { class: "fine" }, time(created * 1000)));
  return element("li", {}, choose);
}

/** Shows a run, or the form. */
function show(id, run = runs.find((run) => run.id === id)) {
  shownId = run ? id : null;
  sessionStorage.setItem(storageName, shownId ?? "");
  part("train-form").hidden = Boolean(run);
  part("run").hidden = !run;
  if (run) view.open(run);
  else view.close();
  showList();
}
