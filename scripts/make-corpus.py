#!/usr/bin/env python3
"""Makes texts whose entropy is known exactly, to see how near a trained model comes to the optimum.

markov  A random source over N letters: the next letter depends on the K letters before it. Each of
        the N^K rows of probabilities is drawn from a symmetric Dirichlet distribution. The source is
        stationary: its first K letters come from the stationary distribution pi. Its entropy rate is
        the sum over contexts c of pi(c) * H(row c).
reber   Strings of the embedded Reber grammar, one a line (Hochreiter and Schmidhuber, Long Short-Term
        Memory, Neural Computation 9(8), 1997). Every branch has probability 1/2, so entropy and mean
        length of a string are rational: the solutions of two linear systems. The newline that ends a
        string is certain, and counts as one character.

The text goes to --output or standard output, the report to standard error. Besides the entropy rate
the report gives the mean negative log-likelihood of the very text drawn, and of its tail: that, not
the rate, is what a perfect model scores on this sample.

Same arguments, same bytes, on any platform: random() is the only source of chance, and a row is
rounded to multiples of 2^-20 before use, so that the last bit of a platform's log or pow is lost.
Needs Python 3.10 or newer and nothing else.

  make-corpus.py markov --order 2 --symbols 16 --characters 1000000 --seed 1 --output markov.txt
  make-corpus.py reber --strings 20000 --seed 1 --output reber.txt
"""

import argparse
import json
import math
import re
import string
import sys
from bisect import bisect
from fractions import Fraction
from itertools import accumulate
from random import Random
from typing import NoReturn

LETTERS = string.ascii_lowercase + string.ascii_uppercase + string.digits
ROW_TOTAL = 1 << 20
USAGE_ERROR = 64

Text = tuple[str, list[float]]  # the characters, and the nats each costs given all before it
Automaton = list[list[tuple[str, int]]]  # per state its equally likely (symbol, next state)


class UsageError(Exception):
    """The arguments are wrong; the message is one sentence for the user."""


class MarkovSource:
    """rows[c][s] / ROW_TOTAL is the probability of letter s after context c (K digits in base N)."""

    def __init__(self, order: int, rows: list[list[int]]) -> None:
        self.order, self.symbols, self.contexts = order, len(rows[0]), len(rows)
        self.rows = [[weight / ROW_TOTAL for weight in row] for row in rows]
        self.thresholds = [list(accumulate(row)) for row in rows]
        self.stationary = self._stationary_distribution()

    def successor(self, context: int, symbol: int) -> int:
        return (context * self.symbols + symbol) % self.contexts

    def _stationary_distribution(self) -> list[float]:
        """Power iteration of (1 + chain) / 2 until one step of the chain moves less than 1e-14."""
        now = [1 / self.contexts] * self.contexts
        for _ in range(10_000 + 1_000_000 // self.contexts):
            after = [0.0] * self.contexts
            for context, row in enumerate(self.rows):
                for symbol, probability in enumerate(row):
                    after[self.successor(context, symbol)] += now[context] * probability
            if math.fsum(abs(a - b) for a, b in zip(after, now)) <= 1e-14:
                return after
            total = math.fsum(after) + math.fsum(now)
            now = [(a + b) / total for a, b in zip(after, now)]
        raise UsageError("This source mixes too slowly: choose another seed or concentration.")

    def entropy_rate(self) -> float:
        """Nats per character."""
        return math.fsum(-mass * probability * math.log(probability)
                         for mass, row in zip(self.stationary, self.rows) for probability in row)

    def draw(self, count: int, generator: Random) -> Text:
        sums = list(accumulate(self.stationary))
        context = bisect(sums, generator.random() * sums[-1], hi=self.contexts - 1)
        symbols: list[int] = []
        nats: list[float] = []
        known = 1.0
        for place in range(min(self.order, count)):
            # Contexts that share their first letters are neighbors in the list.
            width = self.symbols ** (self.order - 1 - place)
            prefix = context // width
            mass = math.fsum(self.stationary[prefix * width : (prefix + 1) * width])
            symbols.append(prefix % self.symbols)
            nats.append(math.log(known / mass))
            known = mass
        costs = [[-math.log(probability) for probability in row] for row in self.rows]
        while len(symbols) < count:
            symbol = bisect(self.thresholds[context], int(generator.random() * ROW_TOTAL))
            symbols.append(symbol)
            nats.append(costs[context][symbol])
            context = self.successor(context, symbol)
        return "".join(LETTERS[symbol] for symbol in symbols), nats


def dirichlet_row(symbols: int, concentration: float, generator: Random) -> list[int]:
    """Positive whole weights that add up to ROW_TOTAL."""
    gammas = [gamma_variate(concentration, generator) for _ in range(symbols)]
    total = math.fsum(gammas)
    row = [max(1, round(gamma / total * ROW_TOTAL)) for gamma in gammas]
    row[row.index(max(row))] += ROW_TOTAL - sum(row)
    return row


def gamma_variate(shape: float, generator: Random) -> float:
    """Gamma(shape) for 0 < shape <= 1: Beta(shape, 1 - shape), by Joehnk 1964, times an exponential."""
    exponential = -math.log(1 - generator.random())
    while shape < 1:
        x = generator.random() ** (1 / shape)
        y = generator.random() ** (1 / (1 - shape))
        if 0 < x + y <= 1:
            return exponential * x / (x + y)
    return exponential


def embedded_reber_automaton() -> Automaton:
    inner = [["B1"], ["T2", "P3"], ["S2", "X4"], ["T3", "V5"], ["X3", "S6"], ["P4", "V6"], ["E7"]]
    automaton: Automaton = [[("B", 1)], [("T", 2), ("P", 10)]]
    for outer, start in (("T", 2), ("P", 10)):
        automaton += [[(edge[0], start + int(edge[1])) for edge in edges] for edges in inner]
        automaton.append([(outer, 18)])
    return automaton + [[("E", 19)], [("\n", 20)]]


# Written from the figure as an expression, so that it checks the automaton independently.
_AFTER_X = "(?:XT*VP)*(?:S|XT*VV)"
EMBEDDED_REBER = re.compile(rf"B([TP])B(?:TS*X{_AFTER_X}|PT*V(?:V|P{_AFTER_X}))E\1E")


def mean_until_end(automaton: Automaton, costs: list[int]) -> Fraction:
    """Expected sum of costs from state 0: solves x_i = cost_i + mean of x over i's successors."""
    size = len(automaton)
    rows = [[Fraction(i == j) for j in range(size)] + [Fraction(costs[i])] for i in range(size)]
    for row, edges in zip(rows, automaton):
        for _, successor in edges:
            if successor < size:
                row[successor] -= Fraction(1, len(edges))
    for i in range(size):  # Gauss and Jordan; the matrix is diagonally dominant, so no pivoting
        rows[i] = [entry / rows[i][i] for entry in rows[i]]
        for j in range(size):
            if j != i and rows[j][i]:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i])]
    return rows[0][size]


def reber_entropy() -> tuple[Fraction, Fraction]:
    """Bits per string, and characters per string with its newline."""
    automaton = embedded_reber_automaton()
    bits = mean_until_end(automaton, [len(edges) - 1 for edges in automaton])
    return bits, mean_until_end(automaton, [1] * len(automaton))


def draw_reber(count: int, generator: Random) -> Text:
    automaton = embedded_reber_automaton()
    symbols: list[str] = []
    nats: list[float] = []
    for _ in range(count):
        state = 0
        while state < len(automaton):
            edges = automaton[state]
            symbol, state = edges[int(generator.random() * len(edges))]
            symbols.append(symbol)
            nats.append(math.log(len(edges)))
    text = "".join(symbols)
    assert all(map(EMBEDDED_REBER.fullmatch, text.splitlines())), "not in the grammar"
    return text, nats


def make_markov(options: argparse.Namespace) -> tuple[Text, dict[str, float]]:
    order, symbols = options.order, options.symbols
    require(2 <= symbols <= len(LETTERS), f"--symbols must be between 2 and {len(LETTERS)}.")
    require(0 <= order <= 12 and symbols**order <= 4096,
            "--order must be 0 or more, and symbols^order at most 4096.")
    require(0.05 <= options.concentration <= 1, "--concentration must be between 0.05 and 1.")
    require(options.characters >= 0, "--characters must be 0 or more.")
    generator = Random(options.seed)
    rows = [dirichlet_row(symbols, options.concentration, generator) for _ in range(symbols**order)]
    source = MarkovSource(order, rows)
    rate = source.entropy_rate()
    report = {"natsPerCharacter": rate, "bitsPerCharacter": rate / math.log(2)}
    return source.draw(options.characters, generator), report


def make_reber(options: argparse.Namespace) -> tuple[Text, dict[str, float]]:
    require(options.strings >= 0, "--strings must be 0 or more.")
    bits, length = reber_entropy()
    report = {
        "natsPerString": float(bits) * math.log(2), "bitsPerString": float(bits),
        "charactersPerString": float(length),
        "natsPerCharacter": float(bits / length) * math.log(2),
        "bitsPerCharacter": float(bits / length),
    }
    return draw_reber(options.strings, Random(options.seed)), report


def sample_report(nats: list[float], tail_fraction: Fraction) -> dict[str, int | float | None]:
    tail = math.floor(len(nats) * tail_fraction)
    report: dict[str, int | float | None] = {"characters": len(nats), "tailCharacters": tail}
    for name, part in (("sample", nats), ("tail", nats[len(nats) - tail :])):
        mean = math.fsum(part) / len(part) if part else None
        report[f"{name}NatsPerCharacter"] = mean
        report[f"{name}BitsPerCharacter"] = None if mean is None else mean / math.log(2)
    return report


def require(condition: bool, sentence: str) -> None:
    if not condition:
        raise UsageError(sentence)


def self_test() -> None:
    def number(letters: str) -> int:
        return sum(LETTERS.index(c) * symbols**i for i, c in enumerate(reversed(letters)))

    # Two letters, left with probabilities p and q: pi = (q, p) / (p + q).
    p, q = 1 / 8, 1 / 2
    chain = MarkovSource(1, [[ROW_TOTAL * 7 // 8, ROW_TOTAL // 8], [ROW_TOTAL // 2] * 2])
    h = [-x * math.log(x) - (1 - x) * math.log(1 - x) for x in (p, q)]
    assert abs(chain.stationary[0] - q / (p + q)) < 1e-13
    assert abs(chain.entropy_rate() - (q * h[0] + p * h[1]) / (p + q)) < 1e-13
    for order, symbols in ((0, 7), (1, 20), (2, 8), (3, 5)):
        generator = Random(order)
        rows = [dirichlet_row(symbols, 0.2, generator) for _ in range(symbols**order)]
        assert all(sum(row) == ROW_TOTAL and min(row) > 0 for row in rows)
        source = MarkovSource(order, rows)
        text, nats = source.draw(200_000, generator)
        assert len(text) == len(nats) == 200_000 and set(text) <= set(LETTERS[:symbols])
        # One letter's cost deviates by about 1 nat, so 0.02 is some nine standard errors.
        assert abs(math.fsum(nats) / len(nats) - source.entropy_rate()) < 0.02
        # The first letters and a later one cost what pi and the rows say.
        assert abs(math.fsum(nats[:order]) + math.log(source.stationary[number(text[:order])])) < 1e-12
        row = source.rows[number(text[1000 - order : 1000])]
        assert abs(nats[1000] + math.log(row[number(text[1000])])) < 1e-12
    text, nats = draw_reber(20_000, Random(7))
    bits, length = reber_entropy()
    assert (bits, length) == (7, 13)  # solved by hand
    assert abs(len(text) / 20_000 - length) < 0.2
    assert abs(math.fsum(nats) / 20_000 - bits * math.log(2)) < 0.1
    for line in text.splitlines():
        other = "P" if line[1] == "T" else "T"
        assert EMBEDDED_REBER.fullmatch(line)
        for wrong in (line[0] + other + line[2:], line[:-2] + other + "E", line[:-1], line + "E",
                      line[:4] + "E" + line[4:], line[:2] + line[3:]):
            assert not EMBEDDED_REBER.fullmatch(wrong)
    assert not any(map(EMBEDDED_REBER.fullmatch, ("", "BTE", "BTSXSE", "BTBTXXPETE", "BPBPXSEPE")))
    print("self-test: all checks passed")


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"make-corpus.py: {message.rstrip('.')}.\n")


def parse_arguments() -> argparse.Namespace:
    parser = Parser(prog="make-corpus.py", description=__doc__,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--self-test", action="store_true", help="check this script and leave")
    commands = parser.add_subparsers(dest="command")
    markov = commands.add_parser("markov", help="a random Markov source")
    markov.add_argument("--order", type=int, required=True, help="letters of context, K")
    markov.add_argument("--symbols", type=int, required=True, help="size of the alphabet, N")
    markov.add_argument("--characters", type=int, required=True, help="length of the text")
    markov.add_argument("--concentration", type=float, default=0.2,
                        help="of the Dirichlet distribution; less is more predictable (0.2)")
    markov.set_defaults(make=make_markov)
    reber = commands.add_parser("reber", help="the embedded Reber grammar")
    reber.add_argument("--strings", type=int, required=True, help="number of lines")
    reber.set_defaults(make=make_reber)
    for command in (markov, reber):
        command.add_argument("--seed", type=int, required=True, help="0 or more")
        command.add_argument("--tail-fraction", default="0.1", help="end scored by itself (0.1)")
        command.add_argument("--json", action="store_true", help="report as one JSON object")
        command.add_argument("--output", help="file to write (standard output)")
    options = parser.parse_args()
    if not options.self_test and options.command is None:
        parser.error("Name a source, markov or reber; --help describes both")
    return options


def main() -> int:
    options = parse_arguments()
    if options.self_test:
        self_test()
        return 0
    try:
        require(options.seed >= 0, "--seed must be 0 or more.")
        require(re.fullmatch(r"0?\.\d+|[01](\.0*)?", options.tail_fraction) is not None,
                "--tail-fraction must be a number from 0 to 1.")
        (text, nats), report = options.make(options)
    except UsageError as error:
        print(f"make-corpus.py: {error}", file=sys.stderr)
        return USAGE_ERROR
    try:
        with open(options.output or sys.stdout.fileno(), "wb") as file:
            file.write(text.encode("ascii"))
    except OSError as error:
        print(f"make-corpus.py: Cannot write the text: {error}.", file=sys.stderr)
        return 1
    values = report | sample_report(nats, Fraction(options.tail_fraction))
    if options.json:
        print(json.dumps(values), file=sys.stderr)
    else:
        for name, value in values.items():
            print(f"{name:24} {value:.6f}" if isinstance(value, float) else f"{name:24} {value}",
                  file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
