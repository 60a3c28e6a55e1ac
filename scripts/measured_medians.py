"""Medians of λ_× that theory is held against: simulated at odd loads and sizes for every ensemble.

    python3 scripts/measured_medians.py [--dam target/release/dam] [--samples 6000]

Writes theory/references/measured_medians.csv: the median over disorder samples, and, where λ_× hangs on
the target, the median of its difference to what the averaged noise says of the sample's target; each with
its standard error; and the table of both beside theory in docs/validation.md. Some minutes.
"""

import argparse
import csv
import math

import simulated

PAIRS = "variance_ratio = 3.0"
SPECTRUM = "spectrum = [0.5, 0.5, 1.0, 2.0]"
MANIFOLD = "manifold_ratio = 4.0"
# ensemble, its parameters, (α, N)
CASES = [
    ("gaussian", "", [(0.05, 90), (0.08, 60), (0.1, 40), (0.12, 47), (0.15, 33), (0.19, 43), (0.2, 20), (0.22, 31),
                      (0.25, 24), (0.3, 18)]),
    ("uniform", "", [(0.08, 60), (0.1, 41), (0.17, 33), (0.2, 20), (0.25, 25), (0.3, 17)]),
    ("gaussian-mixture", "", [(0.07, 61), (0.1, 40), (0.15, 35), (0.2, 21), (0.22, 26)]),
    ("correlated-gaussian", PAIRS, [(0.07, 60), (0.1, 40), (0.15, 36), (0.2, 20)]),
    ("correlated-gaussian", SPECTRUM, [(0.1, 44), (0.15, 36), (0.18, 24)]),
    ("hidden-manifold", MANIFOLD, [(0.1, 40), (0.15, 34), (0.2, 20)]),
    ("spherical", "", [(0.25, 15), (0.3, 14), (0.33, 11), (0.35, 13), (0.4, 12), (0.45, 9), (0.5, 10), (0.6, 7)]),
    ("rademacher", "", [(0.2, 13), (0.25, 11), (0.28, 17), (0.3, 14), (0.35, 9), (0.4, 12)]),
]
QUANTITIES = ["lambda_crossover_median", "lambda_crossover_difference"]
HEAD = ("{} samples each.\n\n| patterns | α | N | median λ_× | theory | deviation | "
        "difference | theory | deviation |\n|---|---|---|---|---|---|---|---|---|")
PATH = simulated.ROOT / "theory/references/measured_medians.csv"


def compared(row):
    """Measured, theory, and their distance in units of both errors."""
    if row is None:
        return ["–"] * 3
    measured, error, theory, bound = (float(row[key]) for key in
                                      ["median", "standard_error", "theory_finite_size", "theory_error"])
    return [f"{measured:.5f} ± {error:.5f}", f"{theory:.5f} ± {bound:.5f}", f"{(measured - theory) / math.hypot(error, bound):+.1f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dam", default=simulated.DAM)
    parser.add_argument("--samples", type=int, default=6000)
    options = parser.parse_args()
    lines = []
    with open(PATH, "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow("ensemble,parameters,alpha,size,median,median_error,difference,difference_error".split(","))
        for ensemble, parameters, places in CASES:
            for alpha, size in places:
                rows = simulated.rows(options.dam, "crossover", 77, ensemble, f"alpha = [{alpha}]\nsize = [{size}]\n",
                                      options.samples, f"{parameters}\n")
                found = {row["quantity"]: row for row in rows}
                numbers, cells = [], []
                for name in QUANTITIES:
                    row = found.get(name)
                    numbers += [row["median"], row["standard_error"]] if row else ["", ""]
                    cells += compared(row)
                table.writerow([ensemble, parameters.replace(",", ""), alpha, size, *numbers])
                file.flush()
                name = f"{ensemble}, {parameters}" if parameters else ensemble
                lines.append(f"| {name} | {alpha} | {size} | {' | '.join(cells)} |")
                print(lines[-1], flush=True)
    simulated.write_table("medians", "\n".join([HEAD.format(options.samples), *lines]))


if __name__ == "__main__":
    main()
