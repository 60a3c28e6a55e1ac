#!/usr/bin/env python3
# /// script
# requires-python = ">=3.9"
# dependencies = []
# ///
"""Tables of a comparison of memories, from its results, as markdown.

    python3 scripts/image_tables.py RESULTS.results.json ... > tables.md

For each task and point of its grid: squared error and accuracy of each model as mean ± standard
error over the runs, standard deviation and range of the runs, and the median of a tuned β. Where
REFERENCE holds a published or earlier single run of the same protocol, it stands beside with the
share of our runs below it.
"""

import json
import math
import statistics
import subprocess
import sys
from pathlib import Path

# One run of one seed each: MNIST, 784 pixels, M = 500, half of the pixels masked, the others
# doubled, one update (squared error, accuracy).
REFERENCE = {
    "mnist-500": {
        "dense": (56.9, 0.46),
        "random-kernel": (92.1, 0.32),
        "u-hop-as-published": (89.8, 0.33),
        "maximum-loss": (17.1, 0.78),
        "average-loss": (0.216, 0.99),
        "cosine@200": (0.005, 0.998),
    }
}


def number(value):
    """Three significant digits."""
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e5:
        return f"{value:.2e}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def columns(samples, name, model, position):
    """The numbers of one model over the runs."""
    lists = [record.get(f"{name} {model}") for record in samples]
    values = [values[position] for values in lists if values]
    return [value for value in values if value is not None]


def summary(values):
    error = statistics.stdev(values) / math.sqrt(len(values))
    spread = f"{number(min(values))} – {number(max(values))}"
    return f"{number(statistics.fmean(values))} ± {number(error)}", spread


def below(values, reference):
    """Where a single run stands among ours."""
    share = sum(value < reference for value in values) / len(values)
    inside = min(values) <= reference <= max(values)
    return f"{number(reference)} ({'inside' if inside else 'outside'}, above {share:.0%} of our runs)"


def table(result, models, position, reference):
    samples = result["samples"]
    head = ["model", "squared error", "range", "accuracy", "range", "tuned β (median)"]
    if reference:
        head += ["single run: squared error", "accuracy"]
    rows = [head, ["---"] * len(head)]
    for model in models:
        errors = columns(samples, "squared_error", model, position)
        shares = columns(samples, "accuracy", model, position)
        if len(errors) < 2:
            continue
        row = [model, *summary(errors), *summary(shares)]
        betas = columns(samples, "beta", model, position)
        row.append(number(statistics.median(betas)) if model.endswith("-tuned") else "")
        if reference:
            found = reference.get(model)
            row += [below(errors, found[0]), below(shares, found[1])] if found else ["", ""]
        rows.append(row)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def commit():
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        results = json.loads(Path(path).read_text())
        settings, name = results["settings"], results["name"]
        described = ", ".join(
            f"{key.split('.', 1)[1]} = {settings[key]}"
            for key in sorted(settings)
            if key.startswith("comparison.") and not key.endswith(("models", "beta_grid"))
        )
        print(f"## {name}\n")
        print(
            f"{results['program']}, table printed at commit {commit()}, seed {settings['job.seed']}; {described}; "
            f"images {settings.get('patterns.images', 'none')[:12]}.\n"
        )
        for result in results["tasks"]:
            task = result["task"]
            [grid] = list(task.get("parameters", {}).items()) or [("", [None])]
            for position, value in enumerate(grid[1]):
                place = f"N = {task['size']}, M = {task['pattern_count']}"
                if value is not None:
                    place += f", {grid[0]} = {value}"
                print(f"**{place}**, {len(result['samples'])} runs\n")
                reference = REFERENCE.get(name, {})
                print(table(result, settings["comparison.models"], position, reference) + "\n")


if __name__ == "__main__":
    main()
