// The losses of a training run against its seconds.

const names = "http://www.w3.org/2000/svg"
const [width, height] = [640, 280]
const margin = { left: 44, right: 12, top: 12, bottom: 34 }

function node(name, attributes, text) {
  const made = document.createElementNS(names, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  if (text !== undefined) made.textContent = text
  return made
}

/** About `count` round numbers between two. */
export function ticks(low, high, count = 4) {
  const rough = (high - low) / count || 1
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(factor => factor * power).find(step => step >= rough)
  const found = []
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) found.push(Number(value.toPrecision(12)))
  return found
}

/** Draws points of { seconds, bits }. */
export function drawChart(svg, train, validation, seconds) {
  const all = [...train, ...validation]
  if (all.length === 0) return svg.replaceChildren()
  // The first steps are far above the rest.
  const sorted = all.map(point => point.bits).sort((a, b) => a - b)
  const [low, high] = [sorted[0] * 0.97, Math.min(sorted.at(-1), sorted[Math.floor(sorted.length * 0.9)] * 1.25) * 1.02]
  const end = Math.max(seconds, ...all.map(point => point.seconds))
  const x = value => margin.left + (width - margin.left - margin.right) * value / end
  const y = value => margin.top + (height - margin.top - margin.bottom) * (high - Math.min(high, value)) / (high - low || 1)
  const line = points => points.map(point => `${x(point.seconds).toFixed(1)},${y(point.bits).toFixed(1)}`).join(" ")
  svg.replaceChildren(
    ...ticks(low, high).flatMap(value => [
      node("line", { class: "axis", x1: margin.left, x2: width - margin.right, y1: y(value), y2: y(value) }),
      node("text", { x: margin.left - 6, y: y(value) + 4, "text-anchor": "end" }, value)]),
    ...ticks(0, end).map(value => node("text", { x: x(value), y: height - 16, "text-anchor": "middle" }, value)),
    node("text", { x: width - margin.right, y: height - 2, "text-anchor": "end" }, "seconds"),
    node("text", { x: margin.left + 4, y: margin.top + 8 }, "bits per character"),
    node("polyline", { class: "train", points: line(train) }),
    node("polyline", { class: "validation", points: line(validation) }),
    ...validation.map(point => node("circle", { cx: x(point.seconds), cy: y(point.bits), r: 3 })))
  const last = validation.at(-1)
  svg.setAttribute("aria-label", last
    ? `Bits per character of the text that is not trained on: ${last.bits.toFixed(2)} after ${Math.round(last.seconds)} seconds`
    : "The loss of the training run")
}
