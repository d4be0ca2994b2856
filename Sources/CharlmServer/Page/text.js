// Positions in texts. The server counts Unicode scalars, JavaScript UTF-16 units, and people see grapheme clusters.

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** The grapheme clusters of a text with their positions. */
export function clusters(text) {
  return Array.from(segmenter.segment(text), ({ segment, index }) => ({ text: segment, start: index, end: index + segment.length }))
}

/** The nearest position, at `position` or before, that is not within a cluster. */
export function clusterStart(text, position) {
  if (position <= 0 || position >= text.length) return Math.max(0, Math.min(position, text.length))
  return segmenter.segment(text).containing(position).index
}

/** Bits of a natural logarithm of a probability. */
export const bits = logprob => -logprob / Math.LN2

/** How a character is shown where it stands alone. */
export function visible(character) {
  const names = { "\n": "⏎", " ": "␣", "\t": "⇥", "<|endoftext|>": "end" }
  return names[character] ?? (character.startsWith("bytes:") ? character.slice(6) : character)
}

/** Between 0 and 1: the depth of a tint for so many bits. */
export const heat = bits => Math.min(0.85, Math.max(0, bits) / 9)

/** Marks of characters: text between `start` and `end` with its surprisal, by the tokens of an answer. */
export function marks(logprobs, start) {
  let position = start
  return logprobs.tokens.flatMap((token, index) => {
    if (token === "<|endoftext|>" || token.startsWith("bytes:")) return []
    const mark = {
      start: position, end: position + token.length, bits: bits(logprobs.token_logprobs[index]),
      top: Object.entries(logprobs.top_logprobs[index] ?? {})
        .map(([text, logprob]) => ({ text, probability: Math.exp(logprob) }))
        .sort((a, b) => b.probability - a.probability),
    }
    position += token.length
    return [mark]
  })
}

/** The marks that still hold after an edit, at the same positions or moved with the text after it. */
export function keptMarks(marks, before, after) {
  let same = 0
  const most = Math.min(before.length, after.length)
  while (same < most && before[same] === after[same]) same += 1
  return marks.filter(mark => mark.end <= same)
}

/** The passages of about `length` characters with the highest mean surprisal that do not overlap. */
export function hardestPassages(units, length = 60, count = 5) {
  const sums = [0]
  for (const unit of units) sums.push(sums.at(-1) + unit.bits)
  const windows = []
  for (let start = 0; start + length <= units.length; start += Math.max(1, length >> 2)) {
    windows.push({ start, end: start + length, bits: (sums[start + length] - sums[start]) / length })
  }
  const chosen = []
  for (const window of windows.sort((a, b) => b.bits - a.bits)) {
    if (chosen.length === count) break
    if (chosen.every(other => window.end <= other.start || other.end <= window.start)) chosen.push(window)
  }
  return chosen
}
