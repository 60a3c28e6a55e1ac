#!/usr/bin/env python3
# /// script
# requires-python = ">=3.10"
# dependencies = ["matplotlib>=3.8", "pandas>=2.0"]
# ///
"""Redraw the csv behind any dam figure with matplotlib: `uv run scripts/plot_figure_csv.py FIGURE.csv [-o FIGURE.pdf]`.

The csv is tidy, a row per point, with the style of its layer, the axes of its panel and the texts of the figure: the figure
looks as dam draws it, but for places of texts, contours of one colour and legends. Names are labels in dam's markup, `α_{c}^{lb}`;
they become matplotlib's mathematics.
"""

import argparse
import re
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
# fonts that journals take: TrueType in place of Type 3
matplotlib.rcParams.update({"pdf.fonttype": 42, "ps.fonttype": 42})
import matplotlib.pyplot as plt
import pandas as pd

NUMBERS = [
    "panel", "x", "y", "x_low", "x_high", "y_low", "y_high", "value", "opacity", "size", "x_from", "x_to", "y_from", "y_to",
    "columns",
]  # fmt: skip
TEXTS = [
    "layer", "kind", "open", "color", "dash", "marker", "in_legend", "panel_title", "x_axis", "x_scale", "y_axis", "y_scale",
    "title", "note",
]  # fmt: skip
DASHES = {"solid": "-", "dashed": "--", "dash-dot": "-.", "dotted": ":"}
MARKERS = {
    "circle": "o", "square": "s", "triangle up": "^", "diamond": "D", "triangle down": "v", "cross": "x", "plus": "+",
}  # fmt: skip
# dam's letters of 15 pixels are 8 points
POINTS_PER_PIXEL = 8 / 15
# Entries of a legend inside the panel.
MOST_INSIDE = 4


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


def draw_layer(axes, figure, kind: str, name: str, rows: pd.DataFrame) -> None:
    first = rows.iloc[0]
    label = mathematics(name) if first["in_legend"] == "true" else None
    color = first["color"] or None
    width = POINTS_PER_PIXEL * first["size"]
    line = {"color": color, "linestyle": DASHES.get(first["dash"]), "linewidth": width, "label": label}
    if kind == "curve":
        axes.plot(rows["x"], rows["y"], **line)
    elif kind == "points":
        is_open = rows["open"] == "true"
        for own, face, own_label in [(rows[~is_open], color, label), (rows[is_open], "white", None)]:
            if len(own):
                axes.errorbar(
                    own["x"], own["y"], yerr=interval(own, "y"), xerr=interval(own, "x"), fmt=MARKERS[first["marker"]],
                    color=color, markerfacecolor=face, markersize=width, capsize=2, linewidth=0.8, label=own_label,
                )  # fmt: skip
    elif kind == "horizontal line":
        axes.axhline(first["y"], **line)
    elif kind == "vertical line":
        axes.axvline(first["x"], **line)
    elif kind == "legend entry":
        axes.plot([], [], **line)
    elif kind == "region":
        axes.fill(rows["x"], rows["y"], color=color, alpha=first["opacity"], linewidth=0, label=label)
    elif kind == "annotation":
        for row in rows.itertuples():
            axes.text(row.x, row.y, mathematics(name), ha="center", va="center", color=color, fontsize=width)
    elif kind == "steps":
        edges = [*rows["x_low"], rows["x_high"].iloc[-1]]
        axes.stairs(rows["y"], edges, **line)
    elif kind == "heat map":
        draw_map(axes, figure, rows)
    else:
        raise ValueError(f'unknown kind of layer "{kind}" (layer "{name}"): was the file written by a newer dam?')


def draw_map(axes, figure, rows: pd.DataFrame) -> None:
    x_edges = sorted({*rows["x_low"], *rows["x_high"]})
    y_edges = sorted({*rows["y_low"], *rows["y_high"]})
    if (rows["color"] != "").any():
        for row in rows[rows["color"] != ""].itertuples():
            corner, sides = (row.x_low, row.y_low), (row.x_high - row.x_low, row.y_high - row.y_low)
            axes.add_patch(plt.Rectangle(corner, *sides, color=row.color, linewidth=0))
        return
    values = rows.pivot(index="y", columns="x", values="value")
    mesh = axes.pcolormesh(x_edges, y_edges, values, cmap="viridis", rasterized=True)
    figure.colorbar(mesh, ax=axes)


def read(path: Path) -> pd.DataFrame:
    table = pd.read_csv(
        path, keep_default_na=False, na_values={name: [""] for name in NUMBERS}, dtype=dict.fromkeys(TEXTS, str)
    )
    missing = [column for column in [*NUMBERS, *TEXTS] if column not in table.columns]
    if missing:
        raise ValueError(f"{path} lacks the column(s) {', '.join(missing)}: is it the csv of a figure of this dam?")
    return table


def draw_panel(axes, figure, rows: pd.DataFrame, options: argparse.Namespace) -> None:
    for (kind, name), own in rows.groupby(["kind", "layer"], sort=False):
        draw_layer(axes, figure, kind, str(name), own)
    first = rows.iloc[0]
    axes.set(
        xlabel=mathematics(options.x_label or first["x_axis"]),
        ylabel=mathematics(options.y_label or first["y_axis"]),
        title=mathematics(first["panel_title"]),
    )
    if options.log_x or first["x_scale"] == "logarithmic":
        axes.set_xscale("log")
    if options.log_y or first["y_scale"] == "logarithmic":
        axes.set_yscale("log")
    axes.set_xlim(options.x_range or (first["x_from"], first["x_to"]))
    axes.set_ylim(options.y_range or (first["y_from"], first["y_to"]))
    axes.tick_params(which="both", direction="in", top=True, right=True)
    entries = len(axes.get_legend_handles_labels()[0])
    if entries and not options.no_legend:
        # long ones stand beside the panel, where they cover nothing
        beside = {"loc": "upper left", "bbox_to_anchor": (1.02, 1.0)} if entries > MOST_INSIDE else {}
        axes.legend(frameon=False, fontsize="small", **beside)


def draw(table: pd.DataFrame, options: argparse.Namespace):
    numbers = sorted(table["panel"].unique())
    if not numbers:
        raise ValueError("the csv has no rows: there is nothing to draw")
    columns = int(table["columns"].iloc[0])
    rows = -(-len(numbers) // columns)
    size = (options.width * columns, options.height * rows)
    figure, grid = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    for index, axes in enumerate(grid.flat):
        if index < len(numbers):
            draw_panel(axes, figure, table[table["panel"] == numbers[index]], options)
            if len(numbers) > 1:
                axes.set_title(f"({chr(ord('a') + index % 26)})", loc="left")
        else:
            axes.set_axis_off()
    first = table.iloc[0]
    if first["title"]:
        figure.suptitle(mathematics(first["title"]))
    if first["note"]:
        figure.supxlabel(mathematics(first["note"]), fontsize="x-small", color="0.4")
    return figure


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", type=Path, help="the csv that dam wrote beside a figure")
    parser.add_argument("-o", "--output", type=Path, help="pdf, svg, pgf or png file (default: the csv's name, .pdf)")
    parser.add_argument("--x-label", default="", help="another label of the x axis, in dam's markup")
    parser.add_argument("--y-label", default="", help="another label of the y axis, in dam's markup")
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
