#!/usr/bin/env python3
"""Prints texts in the layouts that people's files have, to train a base model on.

Each text is cut between paragraphs into pieces of about 50,000 characters. Each piece is written
--copies times, each time in another layout, drawn from a fixed seed: lines wrapped, or one paragraph
a line with or without an empty line after it; straight or curly quotes; dashes and ellipses in the
usual spellings; with or without indents and _italics_. Greek and Hebrew letters are left out, because
a model cannot learn a script from a few words.
"""
import argparse
import random
import re
import sys
import textwrap

PIECE = 50_000
FOREIGN = re.compile("[\u0370-\u03ff\u0590-\u05ff]")


def paragraphs(text):
    return [p for p in re.split(r"\n[ \t]*\n+", text.strip("\n")) if p.strip()]


def pieces(text):
    piece, length = [], 0
    for paragraph in paragraphs(text):
        piece.append(paragraph)
        length += len(paragraph)
        if length >= PIECE:
            yield piece
            piece, length = [], 0
    if piece:
        yield piece


def has_own_lines(paragraph):
    """Whether the line ends of a paragraph mean something, as in verse, tables and headings."""
    lines = paragraph.split("\n")
    indented = sum(line.startswith(" ") for line in lines)
    return len(lines) > 1 and (2 * indented >= len(lines) or max(map(len, lines)) < 50)


def straight(text):
    return text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})


def curly(text):
    text = straight(text)
    text = re.sub('(^|[\\s(\\[\u2014_-])"', "\\1\u201c", text).replace('"', "\u201d")
    return re.sub("(^|[\\s(\\[\u2014_\u201c-])'(?=\\w)", "\\1\u2018", text).replace("'", "\u2019")


class Layout:
    """A way to set paragraphs, drawn at random."""

    def __init__(self, rng):
        self.width = rng.choice([65, 70, 72, 75, 80]) if rng.random() < 0.4 else None
        self.gap = "\n\n" if self.width or rng.random() < 0.6 else "\n"
        self.indent = "" if self.width else rng.choice(["", "", "", "", "\t", "    "])
        self.quotes = rng.choice([straight, curly])
        self.dash = rng.choice(["--", "--", "\u2014", "\u2014", " \u2014 ", " \u2013 "])
        self.has_ellipses = rng.random() < 0.25
        self.has_italics = rng.random() < 0.3

    def paragraph(self, text):
        text = FOREIGN.sub("", self.quotes(text.replace("\u00a0", " ")))
        if not self.has_italics:
            text = re.sub(r"_([^_\n]{1,200}(?:\n[^_\n]{1,200})?)_", r"\1", text)
        if not re.search(r"-{3,}", text):
            text = re.sub(" ?(?:--|\u2014) ?", self.dash, text)
        if self.has_ellipses:
            text = re.sub(r"\.\.\.|\. \. \.", "\u2026", text)
        if has_own_lines(text):
            return text
        text = re.sub(r"\s+", " ", text.strip())
        if self.width:
            return textwrap.fill(
                text, self.width, break_long_words=False, break_on_hyphens=False)
        return self.indent + text

    def text(self, piece):
        return self.gap.join(map(self.paragraph, piece)) + self.gap


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", help="UTF-8 texts with empty lines between paragraphs")
    parser.add_argument("--copies", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--middle", type=int, metavar="N", help="take N characters after the middle of each text only")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    texts = [open(path, encoding="utf-8").read() for path in options.texts]
    if options.middle:
        texts = [text[len(text) // 2 :][: options.middle] for text in texts]
    for _ in range(options.copies):
        rng.shuffle(texts)
        for text in texts:
            for piece in pieces(text):
                sys.stdout.write(Layout(rng).text(piece))


main()
