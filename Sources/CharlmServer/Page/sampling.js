// The settings of the sampler, and the request that they make.

import { counted, decimal, percent } from "./numbers.js";

const share = (value) => percent(value);
const factor = (value) => decimal(value, 2);

/**
 * `off` is the value at which a setting does nothing; it is then not sent.
 * `isBasic` ones are always in sight.
 */
export const settings = [
  {
    name: "length", field: "max_tokens", label: "Length", isBasic: true,
    min: 20, max: 2000, step: 20, value: 300,
    shown: (value) => counted(value, "character"),
    about: "How much the model writes at a time.",
  },
  {
    name: "temperature", field: "temperature", label: "Temperature", isBasic: true,
    min: 0, max: 1.5, step: 0.05, value: 0.8, shown: factor,
    about: "Low keeps to what is likely. High takes risks.",
  },
  {
    name: "minP", field: "min_p", label: "Min-p",
    min: 0, max: 0.5, step: 0.01, value: 0, off: 0, shown: share,
    about: "Drops characters with less than this share of the likeliest one’s chance.",
  },
  {
    name: "topP", field: "top_p", label: "Top-p",
    min: 0.05, max: 1, step: 0.01, value: 1, off: 1, shown: share,
    about: "Keeps the fewest characters that together have this chance.",
  },
  {
    name: "topK", field: "top_k", label: "Top-k",
    min: 0, max: 100, step: 1, value: 0, off: 0, shown: (value) => counted(value, "character"),
    about: "Keeps only so many of the likeliest characters.",
  },
  {
    name: "repeatPenalty", field: "repeat_penalty", label: "Repeat penalty",
    min: 1, max: 1.5, step: 0.01, value: 1, off: 1, shown: factor,
    about: "Makes recent characters less likely. A little is enough.",
  },
];

export const endings = [
  ["", "anywhere"], ["word", "after a word"], ["sentence", "after a sentence"],
  ["line", "after a line"], ["paragraph", "after a paragraph"],
];

export const defaults = {
  ...Object.fromEntries(settings.map(({ name, value }) => [name, value])),
  ending: "sentence", seed: 1, isSeedNew: true,
};

export const isOff = (setting, value) => value === setting.off;

/** The fields of a request for these values. */
export function requestOf(values) {
  const request = {};
  for (const setting of settings) {
    const value = values[setting.name];
    if (!isOff(setting, value)) request[setting.field] = value;
  }
  if (values.ending) request.finish = values.ending;
  if (!values.isSeedNew) request.seed = values.seed;
  return request;
}
