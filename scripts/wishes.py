#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Shows what a new kind costs: applies every patch of tests/wishes to a copy of the tree, counts the code files that it
touches (two: a new one and the one with the list), builds all of them together and runs what each patch says.

    scripts/wishes.py                 all wishes
    scripts/wishes.py --no-build      apply and count only
    scripts/wishes.py --only energy dynamics

A patch begins with lines `run: …` (a command line of `dam`, run in the copy) and `expect: …` (a regular expression that
the output of the run above holds). Jobs that it adds are no code. Exit status 1 where a wish costs more or fails.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WISHES = ROOT / "tests" / "wishes"
# One new file, and the file with the list.
ALLOWED_FILES = 2


def checked(command, cwd):
    """The output of a command that must succeed."""
    done = subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))} failed:\n{done.stdout}")
    return done.stdout


def copied(folder):
    """The tree as it is, uncommitted changes included, as a repository of its own."""
    files = checked(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], ROOT)
    for name in filter(None, files.split("\0")):
        source = ROOT / name
        if source.is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            target.chmod(source.stat().st_mode)
    for command in (["init", "-q"], ["add", "-A"]):
        checked(["git", *command], folder)
    identity = ["-c", "user.name=wishes", "-c", "user.email=wishes@localhost"]
    checked(["git", *identity, "commit", "-qm", "the tree"], folder)


def code_files(patch, tree):
    """The Rust files that the patch touches, with the lines that it adds to each."""
    rows = checked(["git", "apply", "--numstat", "-C1", patch], tree).splitlines()
    touched = (row.split("\t") for row in rows)
    return {name: int(added) for added, _, name in touched if name.endswith(".rs")}


def steps(patch):
    """The runs of a patch, each with what its output shall hold."""
    found = []
    for line in patch.read_text().split("\ndiff --git", 1)[0].splitlines():
        if line.startswith("run: "):
            found.append((shlex.split(line.removeprefix("run: ")), []))
        elif line.startswith("expect: "):
            found[-1][1].append(line.removeprefix("expect: "))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-build", action="store_true", help="apply and count only")
    parser.add_argument("--only", nargs="+", metavar="WISH", help="names of patches without their ending")
    arguments = parser.parse_args()
    patches = sorted(WISHES.glob("*.patch"))
    if arguments.only:
        patches = [patch for patch in patches if patch.stem in arguments.only]
    if not patches:
        parser.error(f"no such patch in {WISHES}")
    faults = 0
    with tempfile.TemporaryDirectory() as temporary:
        tree = Path(temporary) / "tree"
        tree.mkdir()
        copied(tree)
        for patch in patches:
            files = code_files(patch, tree)
            verdict = "ok" if len(files) <= ALLOWED_FILES else "too many"
            faults += verdict != "ok"
            shown = ", ".join(f"{name} +{lines}" for name, lines in files.items())
            print(f"{patch.stem:12} {len(files)} code files {verdict}: {shown}", flush=True)
            checked(["git", "apply", "-C1", patch], tree)
        if not arguments.no_build:
            target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
            checked(["cargo", "build", "--locked", "--bin", "dam", "--target-dir", target], tree)
            for patch in patches:
                faults += sum(not ran(target / "debug" / "dam", *step, tree) for step in steps(patch))
    print("wishes: all met" if faults == 0 else f"wishes: {faults} faults")
    sys.exit(faults > 0)


def ran(dam, arguments, expected, tree):
    """Whether a run succeeds and says what is expected of it."""
    done = subprocess.run([dam, *arguments], cwd=tree, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    missing = [pattern for pattern in expected if not re.search(pattern, done.stdout)]
    good = done.returncode == 0 and not missing
    print(f"  {'ok' if good else 'FAILED'}: dam {shlex.join(arguments)}", flush=True)
    if not good:
        print(f"    exit status {done.returncode}, not found: {missing}\n{done.stdout}")
    return good


if __name__ == "__main__":
    main()
