#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Hold a build of `dam` against an earlier one: every job, shrunk, byte for byte.

    scripts/golden.py [--dam PATH] [--baseline REV | --baseline-dam PATH] [--only CASE ...]
                      [--keep DIR]

Each job of `sims/jobs` runs with two samples on small grids, each theory command on a few points.
Results and the csv behind every figure must agree byte for byte, apart from the program's version,
wall times, digests and provenance; tables must have the same numbers, apart from the columns that
a job's table has since behind the old ones. The earlier build and its outputs are cached in `target/golden`.

The default baseline is the revision that the rebuilt house had to reproduce, and did; numbers that
were wrong there have been mended since (CHANGELOG, "Fixed"). To hold a change of structure against
what was before it, give `--baseline` the revision before the change.

Exit status: 0 all the same, 1 something differs, 2 bad usage or a build that failed.
"""

import argparse
import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JOBS = ROOT / "sims" / "jobs"
DATA = ROOT / "sims" / "data"
BASELINE = "8da796c"

# ---- how a job is shrunk ------------------------------------------------------------------------

SAMPLES = 2
# A collapse needs curves that rise.
SAMPLES_OF_EXPERIMENT = {"retrieval": 64}
IMAGE_COUNT = 20
# How many values are left of a grid, for all experiments or for one: fits in 1/N and a collapse
# need more sizes than the other figures.
GRID = {
    "alpha": 2, "size": 2, "lambda": 3, "noise": 3, "pattern_count": 2, "step_size": 2,
    "scaled_alpha": 2, "exponent": 3, "prefactor": 1, "beta": 2, "training_steps": 2,
}
GRID_OF_EXPERIMENT = {
    "crossover": {"size": 4},
    "retrieval": {"size": 3, "lambda": 9},
    "all-patterns": {"alpha": 2},
    "basin": {"alpha": 1},
    "closest-pair": {"size": 3},
    "nearest-pattern": {"size": 3},
    "scaled-dot-product": {"size": 3},
    "separation-bound": {"pattern_count": 3},
}
# Grids whose cost grows with their values keep the first ones, the others both ends.
FIRST_ONES = {"alpha", "size", "pattern_count", "scaled_alpha", "exponent"}
SETTINGS = {
    ("plane", "resolution"): 12,
    ("metastable-states", "queries"): 10,
    ("overlap-statistics", "bins"): 5,
    ("comparison", "training_steps"): 2,
}
TRAINING_STEPS = [0, 2]

# Settings that no job of `sims/jobs` has: base job, what is set in it.
VARIANTS = {
    "crossover-f32": ("quick", {"sampling": {"precision": "f32"}}),
    "crossover-distance": ("quick", {
        "dynamics": {"criterion": "distance", "distance": 0.1, "step_size": 0.5},
        "crossover": {"tolerance": 1e-3, "maximum": 0.4}}),
    "retrieval-trajectories": ("retrieval", {
        "patterns": {"ensemble": "gaussian"}, "dynamics": {"recorded_samples": 2}}),
    "basin-rademacher-sphere": ("basin", {"patterns": {"ensemble": "rademacher"}}),
    "closest-pair-rademacher": ("closest-pair", {"patterns": {"ensemble": "rademacher"}}),
    "nearest-pattern-gaussian": ("nearest-pattern", {"patterns": {"ensemble": "gaussian"}}),
    "overlap-statistics-gaussian": ("overlap-statistics", {
        "patterns": {"ensemble": "gaussian"}, "overlap-statistics": {"state": "sphere"}}),
    "metastable-similarities": ("metastable-states", {
        "memory": {"similarity": ["dot", "cosine", "euclidean", "manhattan"],
                   "separation": ["softmax", "top-2", "entmax-1.5", "argmax"]}}),
    "kernel-training-learners": ("kernel-training", {"learner": [
        {"recipe": "u-hop", "name": "rows", "feature_size": 20, "projection": "unit-rows",
         "projected": "every-epoch", "decay": "cumulative-inverse-square-root"},
        {"recipe": "u-hop", "name": "orthonormal", "feature_size": 20, "features": "raw",
         "projection": "orthonormal-rows", "projected": "at-end", "optimiser": "adam",
         "learning_rate": 1e-3},
        {"recipe": "u-hop-plus", "name": "published", "feature_size": 20,
         "loss": "u-hop-plus-as-published"},
    ]}),
    "memory-capacity-scaled": ("memory-capacity", {
        "patterns": {"centering": "middle", "normalization": "sphere"},
        "comparison": {"corruption": "gaussian", "level": 0.3, "feature_size": 30}}),
    "memory-capacity-rademacher": ("memory-capacity-spherical", {
        "patterns": {"ensemble": "rademacher"}, "comparison": {"corruption": "mask"}}),
}

# ---- what runs beside `dam run` -----------------------------------------------------------------

JOB_COMMANDS = [
    # (experiment or None for all, file of standard output, arguments)
    (None, None, "run job.toml --threads 1 --memory 1024"),
    (None, "compare.csv", "compare job.toml --format csv"),
    (None, "compare.txt", "compare job.toml"),
    ("crossover", "extrapolate.csv", "extrapolate job.toml --format csv"),
    ("retrieval", "collapse.csv", "collapse job.toml --format csv"),
]
# What the build to check makes of the baseline's folder: all samples are there, sampled theory is not.
REOPENING_COMMANDS = [
    (None, "run job.toml --threads 1 --memory 1024"), (None, "plot job.toml"),
]

ENSEMBLES = {
    "spherical": "--ensemble spherical",
    "gaussian": "--ensemble gaussian",
    "rademacher": "--ensemble rademacher",
    "uniform": "--ensemble uniform",
    "gaussian-mixture": "--ensemble gaussian-mixture",
    "correlated-gaussian": "--ensemble correlated-gaussian --variance-ratio 3",
    "gaussian-spectrum": "--ensemble correlated-gaussian --spectrum 0.5,0.5,1,2",
    "hidden-manifold": "--ensemble hidden-manifold --manifold-ratio 4",
}
WITH_ANGLE = {"spherical", "gaussian", "rademacher"}

ENSEMBLE_COMMANDS = [
    # (ensembles or None for all, file of standard output, arguments before the ensemble's)
    (None, "thresholds.csv", "theory thresholds --lambda 0.2,0.5,1,2 --format csv"),
    (None, "inverse.csv", "theory inverse --alpha 0.1:0.3:3 --format csv"),
    (None, "basin.csv", "theory basin --alpha 0.1,0.2 --lambda 0.3:1:4 --format csv"),
    (None, "crossover.csv", "theory crossover --alpha 0.15,0.2 --size 20,40,1000 --format csv"),
    (None, "crossover-median.csv",
     "theory crossover --alpha 0.15 --size 24,40 --target median --format csv"),
    (WITH_ANGLE, "basin-finite.csv",
     "theory basin --alpha 0.2 --lambda 0.4,0.8 --size 30 --samples 4 --format csv"),
    (WITH_ANGLE, "crossover-angle.csv",
     "theory crossover --alpha 0.2 --size 40,1000 --angle 20,40 --format csv"),
    (None, None, "phase-diagram"),
]

OTHER_COMMANDS = {
    "bounds": [
        ("ramsauer.csv", "theory bound ramsauer --beta 1,4 --dimension 20,1000 --format csv"),
        ("ramsauer-growth.csv", "theory bound ramsauer --beta 1 --growth 2,3 --format csv"),
        ("kernelized.csv", "theory bound kernelized --beta 5,50 --dimension 20,1000 --format csv"),
        ("well-separation.csv",
         "theory bound well-separation --beta 5,50 --count 10,1000 --format csv"),
        ("code-angle.csv",
         "theory bound spherical-code --dimension 3,20 --angle 30,80 --format csv"),
        ("code-count.csv",
         "theory bound spherical-code --dimension 3,20 --count 5,100 --format csv"),
        ("optimal.csv", "theory bound optimal --beta 5,50 --dimension 5,20 --format csv"),
        ("optimal-count.csv", "theory bound optimal --beta 50 --count 10,1000 --format csv"),
        ("optimal-plain.csv",
         "theory bound optimal --beta 50 --dimension 5 --without-radius --format csv"),
        (None, "theory bound figure"),
    ],
    "codes": [
        ("plane.csv", "codes --dimension 2 --points 5 --restarts 4 --output results --format csv"),
        ("space.csv", "codes --dimension 3 --points 8 --restarts 4 --output results --format csv"),
        ("four.csv", "codes --dimension 4 --points 9 --restarts 4 --output results --format csv"),
    ],
}


@dataclass
class Case:
    """What runs in one folder: a job, or commands of one subject."""

    name: str
    commands: list[tuple[str | None, str]]
    job: str | None = None

    def key(self):
        text = repr((self.commands, self.job))
        return f"{self.name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def thinned(values, count, first_ones):
    if len(values) <= count:
        return values
    if first_ones or count == 1:
        return values[:count]
    return [values[i * (len(values) - 1) // (count - 1)] for i in range(count)]


def with_few_bags(job):
    """A job of bags: two sets of the repository, or few made bags, two folds of short training."""
    bags = job["bags"]
    for key in {"path", "labels"} & bags.keys():
        paths = bags[key] if isinstance(bags[key], list) else [bags[key]]
        found = [str(path) for path in (DATA / name.removeprefix("../data/") for name in paths) if path.exists()]
        bags[key] = found[:2] if isinstance(bags[key], list) else found[0]
    if "bags" in bags:
        several = isinstance(bags["bag_size"], list)
        bags |= {"bags": 24, "bag_size": [2, 4] if several else 4, "positives": [1, 2] if several else 1}
    job["learning"] = job.get("learning", {}) | {"epochs": 2}
    job["grid"] = {"beta": [1], "dropout": [0.5], "learning_rate": [1e-3]}
    job["validation"] = {"folds": 2, "inner_folds": 2}
    job["sampling"]["samples"] = SAMPLES
    return job


def shrunk(job):
    experiment = job["job"]["experiment"]
    if "bags" in job:
        return with_few_bags(job)
    grid = GRID | GRID_OF_EXPERIMENT.get(experiment, {})
    images = job["patterns"]["ensemble"] == "images"
    if images:
        for key in {"path", "labels"} & job["patterns"].keys():
            kind = {"path": "images-idx3", "labels": "labels-idx1"}[key]
            job["patterns"][key] = str(DATA / f"mnist-1500-{kind}-ubyte.gz")
    for key, value in job["sweep"].items():
        if key == "training_steps":
            job["sweep"][key] = TRAINING_STEPS
        elif isinstance(value, dict):
            value["count"] = min(value["count"], grid[key])
        elif isinstance(value, list):
            job["sweep"][key] = thinned(sorted(value), grid[key], key in FIRST_ONES)
    if "pattern_count" in job["sweep"] and (images or "comparison" in job):
        counts = job["sweep"]["pattern_count"]
        job["sweep"]["pattern_count"] = (
            sorted({min(count, IMAGE_COUNT) for count in counts})
            if isinstance(counts, list) else min(counts, IMAGE_COUNT)
        )
    for (section, key), value in SETTINGS.items():
        if key in job.get(section, {}):
            job[section][key] = value
    job["sampling"]["samples"] = SAMPLES_OF_EXPERIMENT.get(experiment, SAMPLES)
    return job


def varied(name, base, settings):
    job = shrunk(tomllib.loads((JOBS / f"{base}.toml").read_text()))
    job["job"]["name"] = name
    for section, values in settings.items():
        job[section] = values if isinstance(values, list) else job.get(section, {}) | values
    return job


def toml_value(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return "{ " + ", ".join(f"{key} = {toml_value(item)}" for key, item in value.items()) + " }"


def toml_text(job):
    """A document of sections, some of them repeated ([[learner]])."""
    lines = []
    for name, content in job.items():
        repeated = isinstance(content, list)
        for section in content if repeated else [content]:
            lines.append(f"[[{name}]]" if repeated else f"[{name}]")
            lines += [f"{key} = {toml_value(value)}" for key, value in section.items()]
            lines.append("")
    return "\n".join(lines)


def all_cases(baseline):
    """Theory cases, and the jobs that the baseline knows; later ones have nothing to be held against."""
    known = checked(["git", "ls-tree", "--name-only", f"{baseline}:{JOBS.relative_to(ROOT)}"], cwd=ROOT).split()
    paths = [path for path in sorted(JOBS.glob("*.toml")) if path.name in known]
    jobs = {path.stem: shrunk(tomllib.loads(path.read_text())) for path in paths}
    jobs |= {name: varied(name, *variant) for name, variant in VARIANTS.items()}
    cases = []
    for name, job in jobs.items():
        experiment = job["job"]["experiment"]
        commands = [line[1:] for line in JOB_COMMANDS if line[0] in (None, experiment)]
        cases.append(Case(name, commands, toml_text(job)))
    for name, arguments in ENSEMBLES.items():
        commands = [
            (stdout, f"{line} {arguments}")
            for ensembles, stdout, line in ENSEMBLE_COMMANDS
            if ensembles is None or name in ensembles
        ]
        cases.append(Case(f"theory-{name}", commands))
    return cases + [Case(name, commands) for name, commands in OTHER_COMMANDS.items()]


# ---- running ------------------------------------------------------------------------------------


def run_commands(dam, commands, folder):
    """Keep in `folder` what the commands print and how each of them ended."""
    ends, errors = [], []
    for stdout, line in commands:
        done = subprocess.run([dam, *line.split()], cwd=folder, capture_output=True)
        if stdout is not None:
            (folder / stdout).write_bytes(done.stdout)
        ends.append(f"dam {line}: exit status {done.returncode}\n")
        errors.append(done.stderr)
    (folder / "ends.txt").write_text("".join(ends))
    (folder / "errors.log").write_bytes(b"".join(errors))


def run_case(dam, case, folder):
    folder.mkdir(parents=True)
    if case.job is not None:
        (folder / "job.toml").write_text(case.job)
    run_commands(dam, case.commands, folder)


def reopen_case(dam, case, old, folder):
    """Make everything but the tasks again, from those that the baseline simulated."""
    shutil.copytree(old, folder)
    for path in folder.glob("results/*"):
        if path.is_file():
            path.unlink()
    drawing = [command for command in case.commands if command[1].startswith("collapse")]
    run_commands(dam, REOPENING_COMMANDS + drawing, folder)


def cached_case(dam, case, cache):
    folder = cache / case.key()
    if not folder.exists():
        unfinished = cache / f"{case.key()}.{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        run_case(dam, case, unfinished)
        unfinished.rename(folder)
    return folder


# ---- comparing ----------------------------------------------------------------------------------

COMPARED = {".csv", ".json", ".txt", ".toml"}
CHANGING = re.compile(rb'"(program|wall_seconds)":\s*("[^"]*"|[-+.0-9eE]+|null)')


# χ² probabilities come from statrs since, not from a series of our own: the same to 4e-13.
PROBABILITY = re.compile(rb'(p_value"?,\s*(?:"mean":\s*)?)([0-9][-+.0-9eE]*)')
LAST_COLUMN = re.compile(rb"(,)([0-9][-+.0-9eE]*)$", re.MULTILINE)
PROBABILITY_TOLERANCE = 1e-12


def agree_but_for_probabilities(name, before, after):
    """Whether two contents are the same but for χ² probabilities, and these to the tolerance."""
    pattern = LAST_COLUMN if name == "extrapolate.csv" else PROBABILITY
    if pattern.sub(rb"\1-", before) != pattern.sub(rb"\1-", after):
        return False
    pairs = zip(pattern.findall(before), pattern.findall(after))
    return all(
        abs(float(a) - float(b)) <= PROBABILITY_TOLERANCE * max(abs(float(a)), 1e-300)
        for (_, a), (_, b) in pairs
    )


# What builds since add: digests of files and samples, and who made the results.
ADDED = re.compile(
    rb'"digest":"[0-9a-f]{64}",|,"sample_digests":\[[^]]*\]|,"provenance":\{[^{}]*(\{[^{}]*\})?[^{}]*\}'
)
# Kept with the results since.
ADDED_FILES = ("theory-", ".lock")


# The first column of a job's table that earlier builds lack or fill for few rows.
ADDED_COLUMNS_FROM = "theory_finite_size"


def plain(cell):
    """A number however it is written: builds since give exponents to very large and small ones."""
    try:
        return repr(float(cell))
    except ValueError:
        return cell


def normalised_table(content):
    rows = list(csv.reader(io.StringIO(content.decode())))
    kept = None
    if rows and rows[0][:2] == ["experiment", "ensemble"] and ADDED_COLUMNS_FROM in rows[0]:
        kept = rows[0].index(ADDED_COLUMNS_FROM)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(map(plain, row[:kept]) for row in rows)
    return out.getvalue().encode()


def normalised(path):
    content = path.read_bytes()
    if path.suffix == ".csv":
        is_of_figure = content.startswith(b"panel,layer,")
        return content if is_of_figure else normalised_table(content)
    if path.suffix != ".json":
        return content
    return CHANGING.sub(rb'"\1": -', ADDED.sub(b"", content))


def files_of(folder):
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def first_difference(old, new):
    old_lines, new_lines = old.splitlines(), new.splitlines()
    pairs = zip(old_lines + [b"(end)"], new_lines + [b"(end)"])
    for number, (before, after) in enumerate(pairs, 1):
        if before != after:
            column = next(
                (i for i, (a, b) in enumerate(zip(before, after)) if a != b),
                min(len(before), len(after)),
            )
            start = max(0, column - 60)
            shown = [line[start:start + 160].decode(errors="replace") for line in (before, after)]
            return f"line {number}, column {column + 1}\n      - {shown[0]}\n      + {shown[1]}"
    return "line ends"


def differences(old, new):
    """How many files are held against each other, how many are behind figures, what differs."""
    old_files, new_files = files_of(old), files_of(new)
    found = [f"{path}: missing" for path in sorted(old_files - new_files)]
    # What sampled theory says is in the tables and figures.
    added = (path for path in sorted(new_files - old_files) if not path.name.startswith(ADDED_FILES))
    found += [f"{path}: not in the baseline" for path in added]
    compared = [path for path in sorted(old_files & new_files) if path.suffix in COMPARED]
    for path in compared:
        before, after = normalised(old / path), normalised(new / path)
        if before != after and not agree_but_for_probabilities(path.name, before, after):
            found.append(f"{path}: {first_difference(before, after)}")
    figures = sum(
        path.suffix == ".csv" and path.with_suffix(".svg") in old_files for path in compared
    )
    return len(compared), figures, found


# ---- builds -------------------------------------------------------------------------------------


class BuildError(Exception):
    pass


def checked(command, **options):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, **options)
    if done.returncode != 0:
        raise BuildError(f"`{' '.join(map(str, command))}` failed")
    return done.stdout.strip()


def target_folder():
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()


def built(tree, target):
    checked(["cargo", "build", "--release", "--locked", "--target-dir", target], cwd=tree)
    return target / "release" / "dam"


def built_baseline(revision):
    commit = checked(["git", "rev-parse", "--verify", f"{revision}^{{commit}}"], cwd=ROOT)
    folder = target_folder() / "golden" / commit[:12]
    binary = folder / "dam"
    if not binary.exists():
        tree = folder / "tree"
        folder.mkdir(parents=True, exist_ok=True)
        if not tree.exists():
            checked(["git", "worktree", "add", "--force", "--detach", tree, commit], cwd=ROOT)
        shutil.copy2(built(tree, folder / "target"), binary)
        checked(["git", "worktree", "remove", "--force", tree], cwd=ROOT)
        shutil.rmtree(folder / "target")
    return binary


def existing(path):
    path = Path(path).resolve()
    if not os.access(path, os.X_OK) or path.is_dir():
        raise BuildError(f"{path} is no program")
    return path


def content_key(binary):
    return hashlib.sha256(binary.read_bytes()).hexdigest()[:12]


# ---- command line -------------------------------------------------------------------------------


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dam", metavar="PATH",
                        help="the build to check; default: this tree, built")
    earlier = parser.add_mutually_exclusive_group()
    earlier.add_argument("--baseline", metavar="REV", default=BASELINE,
                         help=f"commit to hold it against [default: {BASELINE}]")
    earlier.add_argument("--baseline-dam", metavar="PATH", help="a build of that commit")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="these jobs or theory cases")
    parser.add_argument("--keep", metavar="DIR", type=Path,
                        help="empty or new folder for the outputs of the build to check")
    options = parser.parse_args()
    if options.keep and options.keep.exists() and any(options.keep.iterdir()):
        parser.error(f"{options.keep} is not empty")
    cases = all_cases(options.baseline)
    names = {case.name for case in cases}
    unknown = set(options.only or []) - names
    if unknown:
        parser.error(f"no case {', '.join(sorted(unknown))}; there are {', '.join(sorted(names))}")
    return options, [case for case in cases if not options.only or case.name in options.only]


def check_case(case, old_dam, new_dam, cache, folder):
    """Prints the row of a case; returns its tasks, files and figures, and whether it differs."""
    old, new = cached_case(old_dam, case, cache), folder / case.name
    start = time.monotonic()
    run_case(new_dam, case, new)
    files, figures, found = differences(old, new)
    if case.job is not None:
        again = folder / f"{case.name}-reopened"
        reopen_case(new_dam, case, old, again)
        more_files, _, more = differences(old / "results", again / "results")
        files += more_files
        found += [f"from the baseline's tasks: {line}" for line in more]
    seconds = time.monotonic() - start
    tasks = len(list(old.glob("results/*.data/task-*.json")))
    verdict = f"{len(found)} DIFFER" if found else "same"
    print(f"{case.name:32} {tasks:5} {files:5} {figures:7} {seconds:8.1f}  {verdict}")
    for line in found:
        print(f"    {line}")
    for line in (old / "ends.txt").read_text().splitlines():
        if not line.endswith(" 0"):
            print(f"    the baseline: {line}")
    sys.stdout.flush()
    return tasks, files, figures, bool(found)


def check(cases, old_dam, new_dam, cache, folder):
    print(f"{'case':32} {'tasks':>5} {'files':>5} {'figures':>7} {'seconds':>8}  verdict")
    start = time.monotonic()
    rows = [check_case(case, old_dam, new_dam, cache, folder) for case in cases]
    tasks, files, figures, differing = map(sum, zip(*rows))
    print(f"{len(cases)} cases, {tasks} tasks, {files} files compared, csv of {figures} figures, "
          f"{time.monotonic() - start:.0f} s: "
          f"{f'{differing} cases differ' if differing else 'all the same'}")
    return 1 if differing else 0


def main():
    try:
        options, cases = arguments()
        earlier = options.baseline_dam
        old_dam = existing(earlier) if earlier else built_baseline(options.baseline)
        new_dam = existing(options.dam) if options.dam else built(ROOT, target_folder())
    except BuildError as error:
        print(f"golden.py: {error}", file=sys.stderr)
        return 2
    cache = target_folder() / "golden" / f"outputs-{content_key(old_dam)}"
    cache.mkdir(parents=True, exist_ok=True)
    if options.keep:
        return check(cases, old_dam, new_dam, cache, options.keep.resolve())
    with tempfile.TemporaryDirectory(prefix="golden-") as folder:
        return check(cases, old_dam, new_dam, cache, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
