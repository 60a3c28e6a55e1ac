"""What scripts that measure `dam` share: run a job, read its rows, put a table into a page."""

import csv
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAM = str(ROOT / "target/release/dam")


def rows(dam, experiment, seed, ensemble, sweep, samples, patterns="", options=()):
    """Rows of the tidy csv of one run; `sweep` is the text of [sweep], `patterns` more of [patterns]."""
    with tempfile.TemporaryDirectory() as folder:
        job = pathlib.Path(folder) / "job.toml"
        job.write_text(
            f'[job]\nname = "measured"\nexperiment = "{experiment}"\nseed = {seed}\n'
            f'[patterns]\nensemble = "{ensemble}"\n{patterns}[sweep]\n{sweep}[sampling]\nsamples = {samples}\n'
        )
        output = pathlib.Path(folder) / "results"
        command = [dam, "run", str(job), "--output", str(output), *options]
        subprocess.run(command, check=True, capture_output=True)
        with open(output / "measured.csv", newline="") as file:
            return list(csv.DictReader(file))


def number(row, key):
    return float(row[key]) if row.get(key) else None


def value(row):
    """The estimate that the interval and the standard error of a row are for."""
    return number(row, "median" if row["quantity"].endswith("median") else "mean")


def write_table(name, text):
    """Puts text between the marks of this name in docs/validation.md."""
    path = ROOT / "docs/validation.md"
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, rest = path.read_text().split(begin)
    path.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}")
