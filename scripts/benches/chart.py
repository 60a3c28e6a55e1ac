#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib"]
# ///
"""Draws the figure of docs/performance.md from the csv files that compare.py wrote.

    python scripts/benches/chart.py performance.csv performance.png
    python scripts/benches/chart.py performance.csv cost.csv performance.png     with the costs over P, N and B
"""

import csv
import sys
from collections import defaultdict

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# Okabe–Ito.
COLOURS = {"NumPy": "#E69F00", "torch": "#56B4E9", "torch SDPA": "#0072B2", "hflayers": "#CC79A7", "JAX": "#009E73", "numba": "#999999"}
BATCHES = {1: "#0072B2", 16: "#E69F00", 256: "#009E73"}


def read(path):
    with open(path) as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for key in ["pattern_count", "size", "batch", "threads"]:
            row[key] = int(row[key])
        for key in ["milliseconds", "time_over_ours"]:
            row[key] = float(row[key])
    return rows


def ratios(axes, rows):
    """Time over dam's, of the fastest SDPA layout and the others."""
    best = defaultdict(dict)
    for row in rows:
        if row["threads"] == 2 and row["library"] != "dam":
            name = "torch SDPA" if row["library"].startswith("SDPA") else row["library"]
            shape = f"{row['precision']} {row['pattern_count']:,}".replace(",", " ") + f"\n{row['size']}, {row['batch']}"
            best[shape][name] = min(best[shape].get(name, float("inf")), row["time_over_ours"])
    for place, shape in enumerate(best):
        for offset, (name, colour) in enumerate(COLOURS.items()):
            if name in best[shape]:
                axes.bar(place + (offset - 2.5) * 0.14, best[shape][name], 0.14, color=colour, label=name if place == 0 else None)
    axes.axhline(1, color="black", linewidth=1)
    axes.text(-0.58, 1.03, "dam", va="bottom", fontsize=9)
    axes.set_yscale("log")
    axes.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
    axes.set_xticks(range(len(best)), best, fontsize=7.5)
    axes.set_xlim(-0.6, len(best) - 0.4)
    axes.set_ylabel("time over dam's (2 threads)")
    axes.set_xlabel("precision and P; N, B")
    axes.legend(ncols=6, fontsize=9, loc="upper right", framealpha=0.9)


def lines(axes, rows, key, fixed, label):
    for batch, colour in BATCHES.items():
        for threads, style in [(1, "--"), (2, "-")]:
            points = sorted((row[key], row["milliseconds"]) for row in rows
                            if row["threads"] == threads and row["precision"] == "f32" and row["batch"] == batch
                            and all(row[other] == value for other, value in fixed.items()))
            axes.plot(*zip(*points), style, marker="o", markersize=3.5, color=colour, label=f"B = {batch}, {threads} thr.")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(label)
    axes.set_ylabel("ms per update (f32)")
    # Room for the legend above the lines.
    axes.set_ylim(top=4 * axes.get_ylim()[1])
    axes.legend(fontsize=7, ncols=3, loc="upper center", columnspacing=0.8, handlelength=1.6, handletextpad=0.4)


def batches(axes, rows):
    for precision, colour in [("f32", "#0072B2"), ("f64", "#E69F00")]:
        for threads, style in [(1, "--"), (2, "-")]:
            points = sorted((row["batch"], 1e3 * row["milliseconds"] / row["batch"]) for row in rows
                            if row["threads"] == threads and row["precision"] == precision
                            and row["pattern_count"] == 100000 and row["size"] == 40)
            axes.plot(*zip(*points), style, marker="o", markersize=3.5, color=colour, label=f"{precision}, {threads} thread{'s' * (threads > 1)}")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel("B (P = 100 000, N = 40)")
    axes.set_ylabel("µs per state and update")
    axes.legend(fontsize=7)


def main():
    comparison, *cost, figure = sys.argv[1:]
    canvas = plt.figure(figsize=(12, 8 if cost else 4.2), layout="constrained")
    grid = canvas.add_gridspec(2 if cost else 1, 3)
    ratios(canvas.add_subplot(grid[0, :]), read(comparison))
    if cost:
        rows = read(cost[0])
        costs(canvas, grid, rows)
    canvas.savefig(figure, dpi=130)


def costs(canvas, grid, rows):
    lines(canvas.add_subplot(grid[1, 0]), rows, "pattern_count", {"size": 40}, "P (N = 40)")
    lines(canvas.add_subplot(grid[1, 1]), rows, "size", {"pattern_count": 100000}, "N (P = 100 000)")
    batches(canvas.add_subplot(grid[1, 2]), rows)


if __name__ == "__main__":
    main()
