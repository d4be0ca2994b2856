// Requests to the server that this page came from.

const keyName = "charlm-key"

/** An error that the server described in one sentence. */
export class ServerError extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** Asks for the server's key; replaced by the page. */
export const hooks = { askForKey: async () => null }

async function send(method, path, body, signal) {
  const headers = {}
  const key = sessionStorage.getItem(keyName)
  if (key) headers.Authorization = `Bearer ${key}`
  if (body !== undefined) headers["Content-Type"] = "application/json"
  let response
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) })
  } catch (error) {
    if (error.name === "AbortError") throw error
    throw new ServerError(0, "The server does not answer: is charlm serve still running?")
  }
  if (response.status === 401) {
    const key = await hooks.askForKey()
    if (key) {
      sessionStorage.setItem(keyName, key)
      return send(method, path, body, signal)
    }
  }
  if (!response.ok) {
    const object = await response.json().catch(() => null)
    throw new ServerError(response.status, object?.error?.message ?? `The server answered with status ${response.status}.`)
  }
  return response
}

/** The object that a path returns. */
export async function get(path) { return (await send("GET", path)).json() }

export async function post(path, body, signal) { return (await send("POST", path, body ?? {}, signal)).json() }

/** The objects of a stream of server-sent events, until [DONE]. */
export async function* events(method, path, body, signal) {
  const response = await send(method, path, body, signal)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let held = ""
  while (true) {
    const { value, done } = await reader.read()
    if (done) return
    const { objects, rest, isOver } = parseEvents(held + value)
    held = rest
    for (const object of objects) {
      if (object.error) throw new ServerError(500, object.error.message)
      yield object
    }
    if (isOver) return
  }
}

/** The complete events at the beginning of a text, and the rest of it. */
export function parseEvents(text) {
  const parts = text.split("\n\n")
  const rest = parts.pop()
  const objects = []
  let isOver = false
  for (const part of parts) {
    const data = part.split("\n").filter(line => line.startsWith("data:")).map(line => line.slice(5).trimStart()).join("\n")
    if (data === "[DONE]") isOver = true
    else if (data) objects.push(JSON.parse(data))
  }
  return { objects, rest, isOver }
}
