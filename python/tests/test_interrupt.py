"""Ctrl-C ends what would take minutes; the process lives on."""

import signal
import subprocess
import sys

import pytest

# a shell that starts pytest in the background has its children ignore SIGINT
OPENING = (
    "import signal, numpy as np, dense_associative_memory as dam\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
)
CALLS = {
    # minutes on any machine
    "theory": "dam.Ensemble('spherical').expected_crossover(np.linspace(0.1, 0.4, 200_000), 40)",
    "retrieve": (
        "dam.Memory(np.random.default_rng(0).normal(size=(50_000, 64)), threads=1).retrieve("
        "np.random.default_rng(1).normal(size=(5_000, 64)), 0.02, tolerance=1e-15)"
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_ctrl_c_ends_a_long_call(name, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"{OPENING}"
        "print('begun', flush=True)\n"
        f"try: {CALLS[name]}\n"
        "except KeyboardInterrupt: print('interrupted', flush=True)\n"
        "print(dam.Memory(np.eye(3)).update(np.eye(3), 1.0).shape)\n"
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().splitlines() == ["interrupted", "(3, 3)"]
