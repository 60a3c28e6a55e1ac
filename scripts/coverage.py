"""Coverage of the intervals that `dam run` prints: how many of them hold the true value.

    python3 scripts/coverage.py [--dam target/release/dam] [--seeds 302] [--write]

Each job of 40 samples runs once with each seed; the truth is that of one run with 6000 samples of
another seed. A quantity is listed at each λ with the share of its intervals that hold the truth
(an end that the samples do not bound, printed as empty, holds anything; an interval without either
end counts as not printed), the share of runs that print one, and the mean standard error over the
scatter of the estimates. Nominal are 95 %. `--write` puts the table into docs/validation.md.
"""

import argparse
import math
import statistics
import sys

import simulated
from simulated import number, value

SWEEP = "alpha = [0.137]\nsize = [17]\n"
JOBS = {
    "retrieval": "lambda = [0.25, 0.3, 0.35, 0.4, 0.45]\n",
    "crossover": "",
    "one-step": "step_size = [1]\n",
    "basin": "lambda = [0.35, 0.6]\n",
    "all-patterns": "lambda = [0.4]\n",
}
SAMPLES, TRUE_SAMPLES, TRUE_SEED = 40, 6_000, 1_000_003


def rows(dam, experiment, seed, samples):
    """Rows of a run by (quantity, λ)."""
    sweep = SWEEP + JOBS[experiment]
    found = simulated.rows(
        dam, experiment, seed, "spherical", sweep, samples, options=["--threads", "1"]
    )
    return {(row["quantity"], row.get("lambda") or ""): row for row in found}


def covers(row, truth):
    low, high = number(row, "lower"), number(row, "upper")
    if low is None and high is None:
        return None
    slack = 1e-12 * abs(truth)
    return (low is None or low <= truth + slack) and (high is None or truth - slack <= high)


def measure(dam, seeds):
    """A line of the table for each quantity and λ."""
    lines = []
    for experiment in JOBS:
        print(f"{experiment} ...", file=sys.stderr)
        truth = rows(dam, experiment, TRUE_SEED, TRUE_SAMPLES)
        runs = [rows(dam, experiment, seed, SAMPLES) for seed in range(seeds)]
        for key, true_row in truth.items():
            right = value(true_row)
            found = [run[key] for run in runs if key in run]
            found = [row for row in found if value(row) is not None]
            judged = [covers(row, right) for row in found] if right is not None else []
            judged = [held for held in judged if held is not None]
            scatter = statistics.stdev(map(value, found)) if len(found) > 1 else 0
            # exact quantities scatter by rounding
            if not judged or scatter <= 1e-12 * abs(right):
                continue
            errors = [number(row, "standard_error") for row in found]
            errors = [error for error in errors if error is not None]
            share = sum(judged) / len(judged)
            lines.append(
                (
                    experiment,
                    key[0],
                    key[1],
                    right,
                    share,
                    math.sqrt(share * (1 - share) / len(judged)),
                    len(judged) / seeds,
                    statistics.mean(errors) / scatter if errors else math.nan,
                )
            )
    return lines


def table(lines, seeds):
    text = [
        f"Written by `scripts/coverage.py --seeds {seeds} --write`: spherical patterns, α = 0.137,",
        f"N = 17, {SAMPLES} samples a run, {seeds} runs. Nominal 95 %.",
        "",
        "| experiment | quantity | λ | true value | coverage | printed | standard error / scatter |",
        "|---|---|---|---|---|---|---|",
    ]
    for experiment, name, coordinate, right, share, error, printed, ratio in lines:
        text.append(
            f"| {experiment} | `{name}` | {coordinate or '–'} | {right:.4g} | {100 * share:.1f}({100 * error:.1f}) % "
            f"| {100 * printed:.0f} % | {ratio:.2f} |"
        )
    return "\n".join(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--dam", default=simulated.DAM)
    parser.add_argument("--seeds", type=int, default=302)
    parser.add_argument("--write", action="store_true", help="put the table into docs/validation.md")
    arguments = parser.parse_args()
    text = table(measure(arguments.dam, arguments.seeds), arguments.seeds)
    print(text)
    if arguments.write:
        simulated.write_table("coverage", text)


main()
