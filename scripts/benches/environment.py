# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""A virtual environment of its own for the scripts beside this file, and dam's programs."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ["numpy", "torch", "threadpoolctl"]
# Compared with where they can be installed.
WISHED = ["jax", "numba", "difflayers"]


def enter(folder):
    """Runs the calling script again inside the virtual environment `folder`, made if missing."""
    folder = Path(folder).resolve()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "installed"
    if not done.exists():
        print(f"installing {', '.join(NEEDED + WISHED)} into {folder}", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, *NEEDED], check=True)
        for package in WISHED:
            if subprocess.run([*install, package]).returncode:
                print(f"{package} cannot be installed and is left out", file=sys.stderr)
        done.touch()
    if Path(sys.prefix).resolve() != folder:
        variables = dict(os.environ)
        # Kernels of another processor forced on OpenBLAS would slow NumPy down.
        variables.pop("OPENBLAS_CORETYPE", None)
        variables.pop("OPENBLAS_L2_SIZE", None)
        sys.exit(subprocess.run([python, *sys.argv], env=variables).returncode)


def build(*arguments):
    """Builds a cargo target; returns the path of its program."""
    command = ["cargo", *arguments, "--message-format=json-render-diagnostics"]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    programs = [json.loads(line).get("executable") for line in output.splitlines()]
    return [program for program in programs if program][-1]


def machine():
    """The processor and how many of its cores may be used, in words."""
    name = "unknown processor"
    try:
        with open("/proc/cpuinfo") as lines:
            name = next((l.split(":")[1].strip() for l in lines if l.startswith("model name")), name)
    except OSError:
        pass
    return f"{name}, {len(os.sched_getaffinity(0))} cores"
