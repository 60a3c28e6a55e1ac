#!/usr/bin/env python3
# /// script
# requires-python = ">=3.10"
# dependencies = ["matplotlib>=3.8", "pandas>=2.0"]
# ///
"""Redraw the csv behind any dam figure with matplotlib: `uv run scripts/plot_figure_csv.py FIGURE.csv [-o FIGURE.pdf]`.

The csv is tidy, a row per point: panel,layer,x,y,x_low,x_high,y_low,y_high,value,kind. Layer names are labels in
dam's markup, `α_{c}^{lb}`; they become matplotlib's mathematics.
"""

import argparse
import re
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

COLUMNS = ["panel", "layer", "x", "y", "x_low", "x_high", "y_low", "y_high", "value", "kind"]
# Okabe and Ito's colours for colour-blind readers, without their yellow
COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
DASHES = ["-", "--", "-.", ":"]
MARKERS = ["o", "s", "^", "D", "v", "x", "+"]


def mathematics(label: str) -> str:
    """dam's markup as matplotlib text: scripts in braces or of one character, a backslash before literal signs."""
    scripted = re.compile(r"(?<!\\)((?:[^\s_^{}\\]|\\.)?)((?:[_^](?:\{(?:[^{}]|\{[^{}]*\})*\}|[^\s{}\\]))+)")

    def script(match: re.Match) -> str:
        braced = re.sub(r"([_^])([^{}\s])", r"\1{\2}", match[2])
        return f"$\\mathregular{{{match[1]}{braced}}}$"

    text = scripted.sub(script, label.replace("$", r"\$"))
    return re.sub(r"\\([_^{}\\])", r"\1", text)


def interval(rows: pd.DataFrame, axis: str) -> list | None:
    """Lengths of the error bars below and above; None where no point has any."""
    low, high = rows[f"{axis}_low"], rows[f"{axis}_high"]
    if low.isna().all():
        return None
    return [(rows[axis] - low).fillna(0.0), (high - rows[axis]).fillna(0.0)]


def draw_layer(axes, figure, kind: str, name: str, rows: pd.DataFrame, style: int) -> None:
    label = mathematics(name)
    color, dash = COLORS[style % len(COLORS)], DASHES[style % len(DASHES)]
    if kind == "curve":
        axes.plot(rows["x"], rows["y"], color=color, linestyle=dash, label=label)
    elif kind == "points":
        axes.errorbar(
            rows["x"], rows["y"], yerr=interval(rows, "y"), xerr=interval(rows, "x"),
            fmt=MARKERS[style % len(MARKERS)], color=color, markersize=4, capsize=2, linewidth=0.8, label=label,
        )  # fmt: skip
    elif kind == "horizontal line":
        axes.axhline(rows["y"].iloc[0], color=color, linestyle="--", linewidth=0.9, label=label)
    elif kind == "vertical line":
        axes.axvline(rows["x"].iloc[0], color=color, linestyle=":", linewidth=0.9, label=label)
    elif kind == "region":
        axes.fill(rows["x"], rows["y"], color=color, alpha=0.2, linewidth=0, label=label)
    elif kind == "annotation":
        for row in rows.itertuples():
            axes.text(row.x, row.y, label, ha="center", va="center")
    elif kind == "steps":
        edges = [*rows["x_low"], rows["x_high"].iloc[-1]]
        axes.stairs(rows["y"], edges, color=color, label=label)
    elif kind == "heat map":
        x_edges = sorted({*rows["x_low"], *rows["x_high"]})
        y_edges = sorted({*rows["y_low"], *rows["y_high"]})
        values = rows.pivot(index="y", columns="x", values="value")
        mesh = axes.pcolormesh(x_edges, y_edges, values, cmap="viridis", rasterized=True)
        figure.colorbar(mesh, ax=axes, label=label)
    else:
        raise ValueError(f'unknown kind of layer "{kind}" (layer "{name}"): was the file written by a newer dam?')


def read(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, keep_default_na=False, na_values={c: [""] for c in COLUMNS if c not in ("layer", "kind")})
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise ValueError(f"{path} lacks the column(s) {', '.join(missing)}: is it the csv of a dam figure?")
    return table


def draw(table: pd.DataFrame, options: argparse.Namespace):
    numbers = sorted(table["panel"].unique())
    if not numbers:
        raise ValueError("the csv has no rows: there is nothing to draw")
    figure, grid = plt.subplots(
        1, len(numbers), figsize=(options.width * len(numbers), options.height), squeeze=False, layout="constrained"
    )
    for axes, number in zip(grid[0], numbers):
        styles: dict[str, int] = {}
        for (kind, name), rows in table[table["panel"] == number].groupby(["kind", "layer"], sort=False):
            # points and the curves and lines that belong to them share a colour: their names begin alike
            family = str(name).split(",")[0]
            style = styles.setdefault(family, len(styles))
            draw_layer(axes, figure, kind, str(name), rows, style)
        axes.set(xlabel=mathematics(options.x_label), ylabel=mathematics(options.y_label))
        if options.log_x:
            axes.set_xscale("log")
        if options.log_y:
            axes.set_yscale("log")
        if options.x_range:
            axes.set_xlim(options.x_range)
        if options.y_range:
            axes.set_ylim(options.y_range)
        axes.tick_params(which="both", direction="in", top=True, right=True)
        if not options.no_legend and axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False, fontsize="small")
    return figure


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", type=Path, help="the csv that dam wrote beside a figure")
    parser.add_argument("-o", "--output", type=Path, help="pdf, svg, pgf or png file (default: the csv's name, .pdf)")
    parser.add_argument("--x-label", default="", help="label of the x axis, in dam's markup")
    parser.add_argument("--y-label", default="", help="label of the y axis, in dam's markup")
    parser.add_argument("--log-x", action="store_true", help="logarithmic x axis")
    parser.add_argument("--log-y", action="store_true", help="logarithmic y axis")
    parser.add_argument("--x-range", type=float, nargs=2, metavar=("LOW", "HIGH"), help="ends of the x axis")
    parser.add_argument("--y-range", type=float, nargs=2, metavar=("LOW", "HIGH"), help="ends of the y axis")
    parser.add_argument("--width", type=float, default=3.4, help="inches per panel (default: one journal column)")
    parser.add_argument("--height", type=float, default=2.6, help="inches")
    parser.add_argument("--no-legend", action="store_true", help="leave the legend out")
    options = parser.parse_args()
    output = options.output or options.csv.with_suffix(".pdf")
    try:
        figure = draw(read(options.csv), options)
        figure.savefig(output, dpi=300)
    except (OSError, ValueError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    print(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
