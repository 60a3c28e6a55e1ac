"""Coverage of the intervals that `dam run` prints: how many of them hold the true value.

    python3 scripts/coverage.py [--dam target/release/dam] [--seeds 302] [--write]

Each job of 40 samples runs once with each seed; the truth is that of one run with 6000 samples of
another seed. A quantity is listed at each λ with the share of its intervals that hold the truth
(an end that the samples do not bound, printed as empty, holds anything; an interval without either
end counts as not printed), the share of runs that print one, and the mean standard error over the
scatter of the estimates. Nominal are 95 %. `--write` puts the table into docs/validation.md.
"""

import argparse
import csv
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
JOBS = {
    "retrieval": "lambda = [0.25, 0.3, 0.35, 0.4, 0.45]\n",
    "crossover": "",
    "one-step": "step_size = [1]\n",
    "basin": "lambda = [0.35, 0.6]\n",
    "all-patterns": "lambda = [0.4]\n",
}
JOB = """[job]
name = "coverage"
experiment = "{experiment}"
seed = {seed}
[patterns]
ensemble = "spherical"
[sweep]
alpha = [0.137]
size = [17]
{sweep}[sampling]
samples = {samples}
"""
SAMPLES, TRUE_SAMPLES, TRUE_SEED = 40, 6_000, 1_000_003
BEGIN, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"


def rows(dam, folder, experiment, sweep, seed, samples):
    """Rows of a run by (quantity, λ)."""
    job = pathlib.Path(folder) / "job.toml"
    job.write_text(JOB.format(experiment=experiment, sweep=sweep, seed=seed, samples=samples))
    output = pathlib.Path(folder) / f"{experiment}-{seed}"
    command = [dam, "run", str(job), "--output", str(output), "--threads", "1"]
    subprocess.run(command, check=True, capture_output=True)
    with open(output / "coverage.csv", newline="") as file:
        return {(row["quantity"], row.get("lambda") or ""): row for row in csv.DictReader(file)}


def number(row, key):
    return float(row[key]) if row.get(key) else None


def value(row):
    """The estimate that the interval of a row is for."""
    name = "median" if row["quantity"].endswith("median") else "mean"
    return number(row, name)


def covers(row, truth):
    low, high = number(row, "lower"), number(row, "upper")
    if low is None and high is None:
        return None
    slack = 1e-12 * abs(truth)
    return (low is None or low <= truth + slack) and (high is None or truth - slack <= high)


def measure(dam, seeds):
    """A line of the table for each quantity and λ."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for experiment, sweep in JOBS.items():
            print(f"{experiment} ...", file=sys.stderr)
            truth = rows(dam, folder, experiment, sweep, TRUE_SEED, TRUE_SAMPLES)
            runs = [rows(dam, folder, experiment, sweep, seed, SAMPLES) for seed in range(seeds)]
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
    parser.add_argument("--dam", default=str(ROOT / "target/release/dam"))
    parser.add_argument("--seeds", type=int, default=302)
    parser.add_argument("--write", action="store_true", help="put the table into docs/validation.md")
    arguments = parser.parse_args()
    text = table(measure(arguments.dam, arguments.seeds), arguments.seeds)
    print(text)
    if arguments.write:
        path = ROOT / "docs/validation.md"
        page = path.read_text()
        before, rest = page.split(BEGIN)
        after = rest.split(END)[1]
        path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


main()
