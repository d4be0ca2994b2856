// Server-sent events, read from the body of a fetch: EventSource can neither POST nor send a key.

/**
 * The data of each event in a stream of text chunks.
 * Chunks may end anywhere, even between the two characters of a CRLF.
 * @param {AsyncIterable<string>} chunks
 * @returns {AsyncGenerator<string>}
 */
export async function* eventData(chunks) {
  let rest = "";
  let data = [];
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield data.join("\n");
        data = [];
      } else if (line.startsWith("data:")) {
        data.push(line.slice(5).replace(/^ /, ""));
      }
      // Everything else is a comment or a field that this page does not use.
    }
  }
}

/**
 * The objects of a stream that ends with `data: [DONE]`.
 * @param {AsyncIterable<string>} chunks
 * @throws {EndedEarly} if the stream breaks off before that, or within an object.
 */
export async function* eventObjects(chunks) {
  for await (const data of eventData(chunks)) {
    if (data === "[DONE]") return;
    yield parsed(data);
  }
  throw new EndedEarly();
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    throw new EndedEarly();
  }
}

export class EndedEarly extends Error {
  constructor() {
    super("The server ended the answer early.");
  }
}

/**
 * The text of a response body as it arrives.
 * @param {ReadableStream<Uint8Array>} body
 */
export async function* textChunks(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops reading closes the connection, and the server stops its work.
    reader.cancel().catch(() => {});
  }
}
