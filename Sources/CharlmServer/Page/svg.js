// Parts of charts.

/** An element of SVG. */
export function shape(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

export function text(content, x, y, kind) {
  const node = shape("text", { x, y, class: kind });
  node.textContent = content;
  return node;
}

/** Horizontal lines, each with its label. */
export function grid(area, y, values, label = String) {
  return values.flatMap((value) => [
    shape("line", { x1: area.left, x2: area.right, y1: y(value), y2: y(value), class: "grid" }),
    text(label(value), area.left - 8, y(value) + 4, "axis end"),
  ]);
}

/** The points of a line. @param {[number, number][]} points in pixels */
export const pointList = (points) =>
  points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

/** Cuts off what is outside of the axes. */
export function clip(area, id) {
  const path = shape("clipPath", { id });
  path.append(shape("rect", {
    x: area.left, y: area.top, width: area.right - area.left + 6, height: area.bottom - area.top + 6,
  }));
  return path;
}
