// Finding units by their number, or by what they follow.

/** @typedef {{unit: number, feature: string, vector: string, correlation: number}} Followed */

/** Words that people use for the features. */
const otherWords = {
  "inside quotes": "quotations quotation marks speech",
  "inside parentheses": "brackets parenthesis",
  "position in the line": "line length column",
  "position in the word": "word length",
  "after a newline": "line break new line beginning",
  "capital letter": "capitals uppercase upper case",
  "word boundary": "end of word space",
  "depth of indentation": "indent",
};

const strength = ({ correlation }) => Math.abs(correlation);
const byStrength = (a, b) => strength(b) - strength(a) || a.unit - b.unit;

/**
 * The units that a query finds, the one that follows its feature most closely first. A unit that is
 * among the best ones of a feature is found by it, even if it follows another one more closely.
 * @param {{units: Followed[], features: object[], unitCount: number}} inspection
 * @returns {Followed[]} without feature for a unit that is constant
 */
export function findUnits({ units, features, unitCount }, query) {
  const words = query.trim().toLowerCase();
  if (words === "") return [...units].sort(byStrength);
  const number = words.match(/^(?:unit\s*)?(\d+)$/);
  if (number) return numbered(units, unitCount, number[1]);
  const found = new Map();
  for (const { feature, units: best } of features.filter((entry) => isMeant(entry.feature, words))) {
    for (const match of [...best, ...units.filter((unit) => unit.feature === feature)]) {
      const known = found.get(match.unit);
      if (!known || strength(match) > strength(known)) found.set(match.unit, { ...match, feature });
    }
  }
  return [...found.values()].sort(byStrength);
}

/** The unit of this number first, then those whose numbers begin with it. */
function numbered(units, unitCount, digits) {
  const followed = new Map(units.map((entry) => [entry.unit, entry]));
  return Array.from({ length: unitCount }, (_, unit) => unit)
    .filter((unit) => String(unit).startsWith(digits))
    .map((unit) => followed.get(unit) ?? { unit, feature: undefined, vector: "h", correlation: 0 });
}

/** Whether every word of a query begins a word of the feature or of another name of it. */
function isMeant(feature, words) {
  const names = `${feature} ${otherWords[feature] ?? ""}`.split(/\s+/);
  return words.split(/\s+/).every((word) => names.some((name) => name.startsWith(word)));
}

/** "inside quotes, c +0.49" */
export function whatItFollows({ feature, vector, correlation }) {
  if (feature === undefined) return "constant in this text";
  return `${feature}, ${vector} ${correlation < 0 ? "−" : "+"}${strength({ correlation }).toFixed(2)}`;
}

/** Units in the order of the map: by number, or those of a feature together. */
export function ordered(units, followed, isGrouped) {
  if (!isGrouped) return [...units];
  const of = new Map(followed.map((entry) => [entry.unit, entry]));
  const features = [...new Set([...followed].sort(byStrength).map(({ feature }) => feature))];
  const rank = (unit) => (of.has(unit) ? features.indexOf(of.get(unit).feature) : features.length);
  const signed = (unit) => of.get(unit)?.correlation ?? 0;
  return [...units].sort((a, b) => rank(a) - rank(b) || signed(b) - signed(a) || a - b);
}
