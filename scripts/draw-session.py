#!/usr/bin/env python3
"""Draws what a session at a terminal looks like, as an SVG.

    draw-session.py --output session.svg --title TEXT [--type LINE]... -- COMMAND...

Runs the command at a pseudo-terminal, types the lines, each when nothing has come for a while, and draws what stands
there in the end. Of a terminal's sequences it follows those of a line editor: moving in the row, clearing it, bold.
Python's standard library only.
"""
from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import struct
import termios
import unicodedata
from html import escape

COLUMNS = 80
# Which no viewer draws less of than there is.
NO_BREAK_SPACE = "\u00a0"
ROW_HEIGHT, COLUMN_WIDTH, MARGIN = 18, 8.4, 16
# Escape sequences, or any other character.
PIECES = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|(.)", re.DOTALL)


def run(command: list[str], lines: list[str]) -> str:
    """What the command writes while the lines are typed."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color")
        os.environ.pop("NO_COLOR", None)
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 48, COLUMNS, 0, 0))
    output = b""
    lines = list(lines)
    while True:
        if select.select([terminal], [], [], 1)[0]:
            try:
                output += os.read(terminal, 65536)
            except OSError:  # the command has ended
                break
        elif lines:
            os.write(terminal, lines.pop(0).encode() + b"\r")
        else:
            raise SystemExit("draw-session.py: the command waits for more lines: end it with the last --type")
    os.waitpid(process, 0)
    return output.decode()


def cells(output: str) -> list[list[tuple[str, bool]]]:
    """The rows of the screen, of characters and whether they are bold; the second half of wide ones is empty."""
    rows: list[list[tuple[str, bool]]] = [[]]
    column, bold = 0, False
    for parameters, final, character in PIECES.findall(output):
        row = rows[-1]
        if final == "K":
            del row[column:]
        elif final == "C":
            column += int(parameters or 1)
        elif final == "m":
            bold = parameters == "1"
        elif character == "\r":
            column = 0
        elif character == "\n":
            rows.append([])
        elif character:
            width = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            if column + width > COLUMNS:
                rows.append([])
                row, column = rows[-1], 0
            row += [(" ", False)] * (column - len(row))
            row[column:column + width] = [(character, bold)] + [("", bold)] * (width - 1)
            column += width
    while rows and not rows[-1]:
        rows.pop()
    return rows


def draw(title: str, rows: list[list[tuple[str, bool]]]) -> str:
    """The screen as an SVG, readable on light and dark pages."""
    width = COLUMNS * COLUMN_WIDTH + 2 * MARGIN
    height = (len(rows) + 1.5) * ROW_HEIGHT + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label="{escape(title)}">',
        '<rect width="100%" height="100%" rx="8" fill="#1e2227"/>',
        f'<text x="{width / 2:.0f}" y="{MARGIN + 6}" fill="#8b949e" text-anchor="middle" '
        f'font-family="sans-serif" font-size="12">{escape(title)}</text>',
        '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" fill="#d7dce2">',
    ]
    for number, row in enumerate(rows):
        y = MARGIN + (number + 2) * ROW_HEIGHT
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end][1] == row[start][1]:
                end += 1
            text = "".join(character for character, _ in row[start:end])
            style = ' font-weight="bold" fill="#7ee2b8"' if row[start][1] else ""
            if text.strip():
                parts.append(
                    f'<text x="{MARGIN + start * COLUMN_WIDTH:.1f}" y="{y}" '
                    f'textLength="{(end - start) * COLUMN_WIDTH:.1f}"{style}>{escape(text.replace(" ", NO_BREAK_SPACE))}</text>')
            start = end
    return "\n".join(parts + ["</g>", "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", required=True)
    parser.add_argument("--title", required=True)
    parser.add_argument("--type", action="append", default=[], metavar="LINE")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    picture = draw(arguments.title, cells(run(arguments.command, arguments.type)))
    with open(arguments.output, "w", encoding="utf-8") as file:
        file.write(picture)


if __name__ == "__main__":
    main()
