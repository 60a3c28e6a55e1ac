"""Type stubs say what is there, and the package is typed."""

import subprocess
import sys
from pathlib import Path

import dense_associative_memory as dam

HERE = Path(__file__).parent
CONFIGURATION = HERE.parent / "pyproject.toml"

USE = """
import numpy as np
from numpy.typing import NDArray
import dense_associative_memory as dam

threshold: float = dam.Ensemble("spherical").typical_threshold(0.5)
patterns: NDArray[np.float64] = dam.sample_patterns("spherical", 40, 100, seed=np.random.default_rng(1))
updates: NDArray[np.float64] = dam.Memory(patterns).update(patterns, 2.0)
half: dam.Estimate = dam.Ensemble("spherical").expected_crossover(np.array([0.2]), 40)
"""
WRONG = 'dam.Ensemble("spherical").basin_angle(0.2, 0.5, start="circle")\n'


def run(*arguments, folder):
    found = subprocess.run([sys.executable, "-m", *arguments], cwd=folder, capture_output=True, text=True)
    return found.returncode, found.stdout + found.stderr


def test_stubs_are_those_of_the_module(tmp_path):
    options = ["--mypy-config-file", CONFIGURATION, "--allowlist", HERE / "stubtest_allowlist.txt"]
    status, told = run("mypy.stubtest", *map(str, options), "dense_associative_memory", folder=tmp_path)
    assert status == 0, told


def test_editors_see_the_types_of_results(tmp_path):
    (tmp_path / "use.py").write_text(USE)
    options = ["--config-file", str(CONFIGURATION)]
    status, told = run("mypy", *options, "use.py", folder=tmp_path)
    assert status == 0, told
    (tmp_path / "use.py").write_text(USE + WRONG)
    status, told = run("mypy", *options, "use.py", folder=tmp_path)
    assert status == 1 and "basin_angle" in told


def test_every_public_name_says_what_it_does():
    for name in dam.__all__:
        if name.startswith("__"):
            continue
        thing = getattr(dam, name)
        assert thing.__doc__ and len(thing.__doc__) > 20, name
        for key, value in vars(thing).items() if isinstance(thing, type) else []:
            if not key.startswith("_") and callable(value):
                assert value.__doc__, f"{name}.{key}"
