#!/usr/bin/env python3
"""Draws training curves of several runs in one SVG, readable by itself and on light and dark pages.

    draw-curves.py --output curves.svg --title TEXT "charlm=charlm.jsonl" "PyTorch=pytorch.jsonl" [--against step]

Each run is a file of JSON lines: what `charlm train --json` prints, or any program that prints objects with
train_nats_per_token, seconds and step, and at the end one with validation_nats_per_token. Lines show the training loss
(of many reports the mean of neighboring ones), dots the validation of the whole text. Runs of the same label, such
as seeds, share a color; those called PANEL:LABEL stand side by side, a picture for each PANEL. Python's standard
library only.
"""
from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 720, 428
LEFT, RIGHT, TOP, BOTTOM = 56, 20, 52, 48
COLORS = ["#2f6fde", "#d9772b", "#2f9e62", "#a34fc4"]


@dataclass
class Run:
    panel: str
    label: str
    training: list[tuple[float, float]] = field(default_factory=list)
    validation: list[tuple[float, float]] = field(default_factory=list)


def read(label: str, path: str, against: str) -> Run:
    panel, separator, rest = label.partition(":")
    run = Run(panel, rest) if separator else Run("", label)
    last = 0.0
    with open(path, encoding="utf8") as lines:
        for line in lines:
            report = json.loads(line)
            if "train_nats_per_token" in report:
                last = report[against]
                run.training.append((last, report["train_nats_per_token"]))
            elif "nats_per_token" in report:
                run.validation.append((last, report["nats_per_token"]))
            elif report.get("validation_nats_per_token") is not None and not run.validation:
                end = report.get("seconds" if against == "seconds" else "steps", last)
                run.validation.append((end, report["validation_nats_per_token"]))
    if not run.training:
        sys.exit(f"draw-curves: '{path}' holds no training loss: give the JSON lines of a training run")
    return run


def smooth(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The mean of neighboring reports, where there are enough of them for a mean to mend and not to bend."""
    reach = 2 if len(points) >= 30 else 0
    result = []
    for i, (x, _) in enumerate(points):
        near = points[max(0, i - reach) : i + reach + 1]
        result.append((x, sum(y for _, y in near) / len(near)))
    return result


def ticks(low: float, high: float, count: int = 6) -> list[float]:
    step = next(
        s * 10**e for e in range(-3, 7) for s in (1, 2, 5) if (high - low) / (s * 10**e) <= count
    )
    first = int(low / step) + (low > int(low / step) * step)
    return [i * step for i in range(first, int(high / step) + 1)]


def panel(
    runs: list[Run], left: float, width: float, right: float, low: float, top: float
) -> list[str]:
    """One picture of `width` from `left` on; its abscissa ends at `right`, its ordinate goes from `low` to `top`."""
    begin, end = left + LEFT, left + width - RIGHT

    def px(x: float) -> float:
        return begin + x / right * (end - begin)

    def py(y: float) -> float:
        return TOP + (top - min(y, top)) / (top - low) * (HEIGHT - TOP - BOTTOM)

    parts = []
    for y in ticks(low, top):
        parts.append(f'<line class="grid" x1="{begin:g}" x2="{end:g}" y1="{py(y):.1f}" y2="{py(y):.1f}"/>')
        parts.append(f'<text x="{begin - 8:g}" y="{py(y) + 4:.1f}" text-anchor="end">{y:.1f}</text>')
    for x in ticks(0, right, 8 if width == WIDTH else 4):
        parts.append(f'<text x="{px(x):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{x:g}</text>')
    labels = list(dict.fromkeys(run.label for run in runs))
    for run in runs:
        color = COLORS[labels.index(run.label) % len(COLORS)]
        path = " ".join(f"{px(x):.1f},{py(y):.1f}" for x, y in smooth(run.training) if y <= top)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.6"/>')
        for x, y in run.validation:
            if y <= top:
                parts.append(f'<circle cx="{px(x):.1f}" cy="{py(y):.1f}" r="3.5" fill="{color}"/>')
    offset = 280 if width == WIDTH else 246
    for index, label in enumerate(labels):
        row = TOP + 22 + 20 * index
        color = COLORS[index % len(COLORS)]
        best = [min(y for _, y in run.validation) for run in runs if run.label == label and run.validation]
        scores = " to ".join(dict.fromkeys(f"{score:.3f}" for score in (min(best), max(best)))) if best else ""
        text = escape(label) + (f", validation {scores}" if best else "")
        parts.append(f'<rect x="{end - offset:g}" y="{row - 9}" width="14" height="4" fill="{color}"/>')
        parts.append(f'<text x="{end - offset + 20:g}" y="{row - 2}">{text}</text>')
    return parts


def draw(runs: list[Run], title: str, against: str, top: float) -> str:
    right = max(x for run in runs for x, _ in run.training + run.validation)
    low = min(y for run in runs for _, y in smooth(run.training) + run.validation) - 0.05
    panels = list(dict.fromkeys(run.panel for run in runs))
    width = WIDTH / len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" style="color-scheme: light dark" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        # As Reporting's LineChart: the ground is painted, so that the text has its contrast in every viewer.
        "<style>.ground{fill:#fff}text{fill:#444}.title{fill:#111}.grid{stroke:#8884}"
        "@media(prefers-color-scheme:dark){.ground{fill:#121212}text{fill:#ccc}.title{fill:#eee}}</style>",
        '<rect class="ground" width="100%" height="100%"/>',
        f'<text class="title" x="{LEFT}" y="20" font-size="15" font-weight="600">{escape(title)}</text>',
    ]
    unit = "training time in seconds" if against == "seconds" else "step"
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{unit}</text>')
    parts.append(f'<text x="{LEFT}" y="42">nats per character: lines training, dots validation</text>')
    for index, name in enumerate(panels):
        left = index * width
        if name:
            center = left + (LEFT + width - RIGHT) / 2
            parts.append(f'<text x="{center:g}" y="{HEIGHT - 8}" text-anchor="middle" font-weight="bold">{escape(name)}</text>')
        parts += panel([run for run in runs if run.panel == name], left, width, right, low, top)
    return "\n".join(parts + ["</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="+", metavar="[PANEL:]LABEL=FILE")
    parser.add_argument("--output", required=True)
    parser.add_argument("--title", required=True)
    parser.add_argument("--against", choices=["seconds", "step"], default="seconds")
    parser.add_argument("--top", type=float, default=2.6, help="the greatest loss shown")
    arguments = parser.parse_args()
    runs = []
    for text in arguments.runs:
        label, separator, path = text.partition("=")
        if not separator:
            parser.error(f"'{text}' is not LABEL=FILE")
        runs.append(read(label, path, arguments.against))
    with open(arguments.output, "w", encoding="utf8") as file:
        file.write(draw(runs, arguments.title, arguments.against, arguments.top))


if __name__ == "__main__":
    main()
