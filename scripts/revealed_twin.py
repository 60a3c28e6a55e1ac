"""Revealed against stored patterns, and against revealed ones at half the tolerance.

    python3 scripts/revealed_twin.py [--dam target/release/dam] [--samples 2000] [--write]

Each job runs with `storage = "stored"` and as `"revealed"` at tolerance ε and ε/2, with seeds of
their own, at sizes where the patterns can be stored. The table has the three means or medians and
the deviations of both revealed ones from the stored in standard errors of the difference. Exit
status 1 where one is beyond 4. `--write` puts the table into docs/validation.md.
"""

import argparse
import math
import sys

import simulated

TOLERANCE = 0.1
# experiment, ensemble, α, sizes, rest of [sweep], quantity
CASES = [
    ("basin", "spherical", 0.2, [40, 50], "lambda = [0.5, 1.0]\n", "theta_c_degrees"),
    ("basin", "gaussian", 0.2, [40, 50], "lambda = [0.8]\n", "theta_c_degrees"),
    ("crossover", "gaussian", 0.3, [32], "", "lambda_crossover_median"),
    ("crossover", "gaussian", 0.42, [20], "", "lambda_crossover_median"),
]


def measure(dam, case, storage, tolerance, seed, samples):
    """(value, standard error) of the quantity by size and λ."""
    experiment, ensemble, alpha, sizes, sweep, quantity = case
    patterns = f'storage = "{storage}"\n' + (f"tolerance = {tolerance}\n" if tolerance else "")
    sweep = f"alpha = [{alpha}]\nsize = {sizes}\n{sweep}"
    rows = simulated.rows(dam, experiment, seed, ensemble, sweep, samples, patterns)
    return {
        (int(row["size"]), row.get("lambda") or ""): (simulated.value(row), simulated.number(row, "standard_error"))
        for row in rows
        if row["quantity"] == quantity
    }


def deviation(one, other):
    return (one[0] - other[0]) / math.hypot(one[1], other[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dam", default=simulated.DAM)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    kinds = [("stored", None), ("revealed", TOLERANCE), ("revealed", TOLERANCE / 2)]
    lines, worst = [], 0.0
    for case in CASES:
        found = [measure(options.dam, case, storage, tolerance, seed + 1, options.samples)
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
        simulated.write_table("revealed", head + "\n".join(lines))
    return int(worst > 4)


if __name__ == "__main__":
    sys.exit(main())
