// Starts the page: the picker, the four views, and the question for a key.

import * as api from "./api.js";
import { report } from "./announce.js";
import { askForKey, startDialogs } from "./dialogs.js";
import { part } from "./dom.js";
import { startLookingInside } from "./inside.js";
import { startMeasuring } from "./measure.js";
import { all, loadModels, startPicker } from "./models.js";
import { startTabs } from "./tabs.js";
import { openTraining, startTraining } from "./train.js";
import { startWriting } from "./write.js";

api.onKeyNeeded(askForKey);
startDialogs();
startPicker();
startWriting();
startMeasuring();
startTraining();
startLookingInside();
startTabs({ write: () => {}, train: openTraining, measure: () => {}, inside: () => {} });

try {
  await loadModels();
  if (all().length === 0) report(part("app-status"), "The server has no model yet. Train one first.");
} catch (error) {
  report(part("app-status"), api.sentence(error), true);
}
