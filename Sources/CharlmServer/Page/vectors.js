// The vectors of a cell, by the letters of its equations.

const names = {
  h: "state h", c: "cell c", i: "input gate i", f: "forget gate f", g: "candidate g",
  o: "output gate o", r: "reset gate r", z: "update gate z", n: "candidate n",
};

export const vectorName = (letter) => names[letter] ?? letter;

/** A number of a vector, with two digits and a sign that is as wide as others. */
export const signed = (value) => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(2)}`;
