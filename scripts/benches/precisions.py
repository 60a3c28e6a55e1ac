#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Runs the ready-made jobs in double, in mixed and in single precision and compares them sample by sample.

    python scripts/benches/precisions.py                    8 samples of every task of up to 3000 patterns
    python scripts/benches/precisions.py --samples 50 --patterns 20000 spherical-crossover

The patterns of all are the same but for rounding. Crossovers must agree within twice the width of
their bracket, verdicts and censored samples exactly; of all other numbers the largest difference
is shown. Needs Python 3.11 and nothing else.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import environment

JOBS = environment.ROOT / "sims" / "jobs"


def shortened(text, samples, patterns, precision):
    """The job with fewer samples, without points of many patterns, in the given precision."""
    text = re.sub(r"(?m)^samples *=.*$", f"samples = {samples}", text)
    text = re.sub(r"(?m)^precision *=.*\n", "", text)
    text = re.sub(r"(?m)^\[sampling\]$", f'[sampling]\nprecision = "{precision}"', text)
    limit = tomllib.loads(text)["sweep"].get("maximum_pattern_count", patterns)
    text = re.sub(r"(?m)^maximum_pattern_count *=.*\n", "", text)
    return re.sub(r"(?m)^\[sweep\]$", f"[sweep]\nmaximum_pattern_count = {min(limit, patterns)}", text)


def run(program, name, text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_text(text)
        done = subprocess.run([program, "run", path, "--output", folder], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            return None, done.stderr.strip().splitlines()[-1]
        files = sorted(Path(folder).glob(f"{name}.data/task-*.json"))
        return {file.name: json.loads(file.read_text())["samples"] for file in files}, None


def numbers(value, path=""):
    """All numbers and blanks of a record, by their place."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from numbers(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for part in value:
            yield from numbers(part, path)
    else:
        yield path, value


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jobs", nargs="*", help="names of ready-made jobs; all of them by default")
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--precision", nargs="+", choices=["mixed", "f32"], default=["mixed", "f32"])
    parser.add_argument("--patterns", type=int, default=3000, help="leave out points with more patterns")
    arguments = parser.parse_args()
    program = environment.build("build", "--release", "--bin", "dam")
    names = arguments.jobs or sorted(path.stem for path in JOBS.glob("*.toml"))
    failed = False
    lower = arguments.precision
    for name in names:
        text = (JOBS / f"{name}.toml").read_text()
        width = tomllib.loads(text).get("crossover", {}).get("tolerance", 1e-4)
        results = []
        for precision in ["f64", *lower]:
            result, error = run(program, name, shortened(text, arguments.samples, arguments.patterns, precision))
            if error:
                print(f"{name}: not run: {error}")
                break
            results.append(result)
        if len(results) <= len(lower):
            continue
        for precision, single in zip(lower, results[1:]):
            failed |= disagree(f"{name}, {precision}", results[0], single, width, arguments.samples)
    if failed:
        sys.exit("lower and double precision disagree")


def disagree(name, double, single, width, samples_of_task):
    failed = False
    largest, compared = {}, {}
    for task, samples in double.items():
        for left, right in zip(samples, single[task], strict=True):
            for (place, a), (other, b) in zip(numbers(left), numbers(right), strict=True):
                assert place == other, f"{name}: {place} against {other}"
                difference = 0.0 if a == b else float("inf") if a is None or b is None else abs(a - b)
                largest[place] = max(largest.get(place, 0.0), difference)
                compared[place] = compared.get(place, 0) + 1
    print(f"{name}: {len(double)} tasks × {samples_of_task} samples, bracket {width:g}", flush=True)
    for place, difference in largest.items():
        if re.search(r"crossover", place) and "predicted" not in place:
            verdict = "agrees" if difference <= 2 * width else "DISAGREES"
        elif re.search(r"retrieved|censored|verdict|success", place):
            verdict = "agrees" if difference == 0 else "DISAGREES"
        else:
            verdict = ""
        failed |= verdict == "DISAGREES"
        print(f"    {place:36} largest difference {difference:9.2e} of {compared[place]:6} {verdict}")
    return failed


if __name__ == "__main__":
    main()
