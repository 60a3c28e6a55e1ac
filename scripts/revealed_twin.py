"""Revealed against stored patterns, and against revealed ones at half the tolerance.

    python3 scripts/revealed_twin.py [--dam target/release/dam] [--samples 2000] [--write]

Each job runs with `storage = "stored"` and as `"revealed"` at tolerance ε and ε/2, with seeds of
their own, at sizes where the patterns can be stored. The table has the three means or medians and
the deviations of both revealed ones from the stored in standard errors of the difference. Exit
status 1 where one is beyond 4. `--write` puts the table into docs/validation.md.
"""

import argparse
import csv
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOLERANCE = 0.1
# experiment, ensemble, α, sizes, rest of [sweep], quantity
CASES = [
    ("basin", "spherical", 0.2, [40, 50], "lambda = [0.5, 1.0]\n", "theta_c_degrees"),
    ("basin", "gaussian", 0.2, [40, 50], "lambda = [0.8]\n", "theta_c_degrees"),
    ("crossover", "gaussian", 0.3, [32, 40], "", "lambda_crossover_median"),
]
JOB = """[job]
name = "twin"
experiment = "{experiment}"
seed = {seed}
[patterns]
ensemble = "{ensemble}"
storage = "{storage}"
{tolerance}[sweep]
alpha = [{alpha}]
size = {sizes}
{sweep}[sampling]
samples = {samples}
"""
BEGIN, END = "<!-- revealed: begin -->", "<!-- revealed: end -->"


def measure(dam, folder, case, storage, tolerance, seed, samples):
    """(value, standard error) of the quantity by size and λ."""
    experiment, ensemble, alpha, sizes, sweep, quantity = case
    job = pathlib.Path(folder) / "job.toml"
    line = f"tolerance = {tolerance}\n" if tolerance else ""
    job.write_text(JOB.format(experiment=experiment, seed=seed, ensemble=ensemble, storage=storage,
                              tolerance=line, alpha=alpha, sizes=sizes, sweep=sweep, samples=samples))
    output = pathlib.Path(folder) / f"{experiment}-{ensemble}-{seed}"
    subprocess.run([dam, "run", str(job), "--output", str(output)], check=True, capture_output=True)
    found = {}
    with open(output / "twin.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["quantity"] == quantity:
                value = row["median"] if quantity.endswith("median") else row["mean"]
                place = (int(row["size"]), row.get("lambda") or "")
                found[place] = (float(value), float(row["standard_error"]))
    return found


def deviation(one, other):
    return (one[0] - other[0]) / math.hypot(one[1], other[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dam", default=str(ROOT / "target/release/dam"))
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    kinds = [("stored", None), ("revealed", TOLERANCE), ("revealed", TOLERANCE / 2)]
    lines, worst = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            found = [measure(options.dam, folder, case, storage, tolerance, seed + 1, options.samples)
                     for seed, (storage, tolerance) in enumerate(kinds)]
            for place in found[0]:
                stored, coarse, fine = (kind[place] for kind in found)
                off = [deviation(coarse, stored), deviation(fine, stored)]
                worst = max(worst, *map(abs, off))
                values = " | ".join(f"{value:.4f} ± {error:.4f}" for value, error in (stored, coarse, fine))
                lines.append(f"| {case[1]} | {case[5]} | {case[2]} | {place[0]} | {place[1] or '–'} | "
                             f"{values} | {off[0]:+.1f}, {off[1]:+.1f} |")
                print(lines[-1], flush=True)
    head = (f"{options.samples} samples each.\n\n"
            f"| ensemble | quantity | α | N | λ | stored | ε = {TOLERANCE} | ε = {TOLERANCE / 2} | deviations |\n"
            "|---|---|---|---|---|---|---|---|---|\n")
    if options.write:
        path = ROOT / "docs/validation.md"
        text = path.read_text()
        start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
        path.write_text(text[:start] + "\n" + head + "\n".join(lines) + "\n" + text[end:])
    return int(worst > 4)


if __name__ == "__main__":
    sys.exit(main())
