// The part of a text that the model reads before it continues.

import { counted } from "./numbers.js";
import { startOfLast } from "./offsets.js";

/** The most UTF-16 units that are sent. A model remembers far less. */
export const promptLimit = 20_000;

/**
 * The prompt that continues a text at an index, and what to say about it: nothing, unless the text
 * before the index is longer than the prompt.
 * @returns {{prompt: string, note: string}}
 */
export function promptBefore(text, index) {
  const start = startOfLast(text, index, promptLimit);
  const prompt = text.slice(start, index);
  if (start === 0) return { prompt, note: "" };
  return { prompt, note: `The model read only the last ${counted(prompt.length, "character")}.` };
}
