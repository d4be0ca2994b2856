// Every pair of colors that text is written in has the contrast that WCAG AA asks for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const style = readFileSync(new URL("../../Sources/CharlmServer/Page/style.css", import.meta.url), "utf8");
const leastContrast = 4.5;

const blocks = [...style.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) =>
  Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, color]) => [name, color])));
const themes = { light: blocks[0], dark: { ...blocks[0], ...blocks[1] } };

function luminance(color) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(first, second) {
  const [low, high] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const tints = [1, 2, 3, 4, 5, 6, 7].map((n) => `level-${n}`).concat(
  ["first", "below", "above", "gate"].flatMap((name) => [1, 2, 3, 4].map((n) => `${name}-${n}`)));
const pairs = [
  ...["ground", "paper", "accent-wash", ...tints].map((ground) => ["ink", ground]),
  ...["ground", "paper", "accent-wash"].map((ground) => ["soft", ground]),
  ...["ground", "paper"].flatMap((ground) => [["accent", ground], ["problem", ground]]),
  ["on-accent", "accent"],
];

for (const [name, theme] of Object.entries(themes)) {
  test(`text is readable in the ${name} theme`, () => {
    for (const [text, ground] of pairs) {
      const found = contrast(theme[text], theme[ground]);
      assert.ok(found >= leastContrast, `${text} on ${ground}: ${found.toFixed(2)}`);
    }
  });
}

test("stronger tints differ from weaker ones in lightness, too", () => {
  for (const theme of Object.values(themes)) {
    for (const [name, count] of [["level", 7], ["first", 4], ["below", 4], ["above", 4], ["gate", 4]]) {
      const ratios = Array.from({ length: count }, (_, n) => contrast(theme[`${name}-${n + 1}`], theme.paper));
      assert.deepEqual(ratios, [...ratios].sort((a, b) => a - b), name);
    }
  }
});
