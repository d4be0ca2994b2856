// Requests to the server: JSON in and out, streams, the key, and errors as one sentence.

import { EndedEarly, eventObjects, textChunks } from "./sse.js";

const keyName = "charlm.key";

/** Asks the person for a key; resolves to null if there is none. The app sets it. */
let askForKey = async (_wasWrong) => null;
/** One question at a time, however many requests were refused. */
let openQuestion = null;

export function onKeyNeeded(ask) {
  askForKey = ask;
}

/** An answer of the server that is not a success, or no answer at all (status 0). */
export class ApiError extends Error {
  /**
   * @param {string} message one sentence
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export const models = async () => (await get("/v1/models")).data;
export const inspect = (body, signal) => post("/v1/inspect", body, signal);
export const evaluate = (body, signal) => post("/v1/evaluate", body, signal);

/** Continues a text. Yields the chunks of the stream; `signal` stops the server, too. */
export async function* complete(body, signal) {
  const response = await send("POST", "/v1/completions", { ...body, stream: true }, signal);
  yield* objects(response);
}

export const runs = async () => (await get("/v1/training")).data;
export const run = (id) => get(`/v1/training/${encodeURIComponent(id)}`);
export const survey = (texts, signal) => post("/v1/training/survey", { texts }, signal);
export const startRun = (body) => post("/v1/training", body);

/** @param {"pause"|"resume"|"stop"} action */
export const steerRun = (id, action) =>
  post(`/v1/training/${encodeURIComponent(id)}/${action}`, {});

/** The log of a run from its beginning, then live. */
export async function* runEvents(id, signal) {
  const path = `/v1/training/${encodeURIComponent(id)}/events`;
  yield* objects(await send("GET", path, undefined, signal));
}

/** What to say about an error, in one sentence. */
export function sentence(error) {
  if (error instanceof ApiError || error instanceof EndedEarly) return error.message;
  return `Something went wrong in this page: ${error.message ?? error}`;
}

/** Whether the person stopped it, which is no error. */
export const wasStopped = (error) => error?.name === "AbortError";

async function get(path) {
  return (await send("GET", path)).json();
}

async function post(path, body, signal) {
  return (await send("POST", path, body, signal)).json();
}

async function* objects(response) {
  try {
    for await (const object of eventObjects(textChunks(response.body))) {
      // An error after the first chunk can no longer be a status.
      if (object.error) throw new ApiError(object.error.message, 500);
      yield object;
    }
  } catch (error) {
    throw isOfThePage(error) ? error : lostConnection();
  }
}

const isOfThePage = (error) =>
  wasStopped(error) || error instanceof ApiError || error instanceof EndedEarly;

const lostConnection = () =>
  new ApiError("The server does not answer. Is charlm serve still running?", 0);

async function send(method, path, body, signal) {
  for (;;) {
    const key = sessionStorage.getItem(keyName);
    const response = await attempt(method, path, body, signal, key);
    if (response.ok) return response;
    if (response.status !== 401 || !(await getsKey(key))) throw await errorOf(response);
  }
}

async function attempt(method, path, body, signal, key) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers.Authorization = `Bearer ${key}`;
  try {
    return await fetch(path, { method, headers, body: JSON.stringify(body), signal });
  } catch (error) {
    throw wasStopped(error) ? error : lostConnection();
  }
}

/** Whether there is now another key than the refused one. */
async function getsKey(refused) {
  if (sessionStorage.getItem(keyName) !== refused) return true;
  openQuestion ??= askForKey(refused !== null).finally(() => (openQuestion = null));
  const key = await openQuestion;
  if (key) sessionStorage.setItem(keyName, key);
  return Boolean(key);
}

async function errorOf(response) {
  let message = `The server answered ${response.status} ${response.statusText}`.trim() + ".";
  try {
    message = (await response.json()).error.message ?? message;
  } catch {
    // An answer without an error object, perhaps of something between: the status has to do.
  }
  return new ApiError(message, response.status);
}
