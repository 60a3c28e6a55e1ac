#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Times a whole measurement, λ_× of spherical patterns at α = 0.2 and N = 60 to 10⁻³, by `dam run`
and by the NumPy script crossover_numpy.py, in turns, and compares the results.

    python scripts/benches/end_to_end.py --samples 50       both compute 50 samples: about ten minutes
    python scripts/benches/end_to_end.py --samples 8

Peak memory is what the system says of the finished process (ru_maxrss), next to the patterns' bytes.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import environment

JOB = """
[job]
name = "end-to-end"
experiment = "crossover"
seed = 1

[patterns]
ensemble = "spherical"

[sweep]
alpha = [{alpha}]
size = [{size}]

[dynamics]
tolerance = 1e-8
max_steps = 20000
criterion = "weight"

[sampling]
samples = {samples}
precision = "{precision}"

[crossover]
tolerance = 1e-3
"""


def measured(command, **options):
    """Standard output, seconds and peak memory in bytes of a command that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} failed with status {process.returncode}")
    return output, seconds, usage.ru_maxrss * 1024


def dam(program, job, threads, *more):
    """λ_× of the samples, seconds and peak memory of a fresh run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "end-to-end.toml"
        path.write_text(job)
        command = [program, "run", path, "--output", folder, "--threads", threads, *more]
        _, seconds, memory = measured(command, stderr=subprocess.DEVNULL)
        if "--shard" in more:
            # its samples alone, which are no task yet
            return [], seconds, memory
        (task,) = Path(folder).glob("end-to-end.data/task-*.json")
        return [sample["lambda_crossover"] for sample in json.loads(task.read_text())["samples"]], seconds, memory


def mean(values):
    return statistics.mean(values), statistics.stdev(values) / math.sqrt(len(values))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=50)
    parser.add_argument("--alpha", type=float, default=0.2)
    parser.add_argument("--size", type=int, default=60)
    parser.add_argument("--turns", type=int, default=2, help="turns of dam alone, on 1 and 2 threads")
    parser.add_argument("--program", type=Path, help="the command `dam`, if it is built already")
    parser.add_argument("--environment", type=Path, default=Path(__file__).parent / ".venv", help="virtual environment to use or make")
    arguments = parser.parse_args()
    environment.enter(arguments.environment)

    program = arguments.program or environment.build("build", "--release", "--bin", "dam")
    script = Path(__file__).with_name("crossover_numpy.py")
    settings = {"alpha": arguments.alpha, "size": arguments.size, "samples": arguments.samples}
    patterns = round(math.exp(arguments.alpha * arguments.size)) * arguments.size
    print(f"{environment.machine()}; spherical, alpha = {arguments.alpha}, N = {arguments.size}, {arguments.samples} samples by each program")
    times = {}

    def show(name, result, bytes_each):
        values, seconds, memory = result
        times.setdefault(name, []).append(seconds)
        center, error = mean(values)
        print(f"  {name:20} {seconds:8.2f} s  {seconds / len(values):7.3f} s a sample  λ_× = {center:.5f} ± {error:.5f}  "
              f"peak {memory / 2**20:6.0f} MiB = {memory / (patterns * bytes_each):.2f} × one sample's patterns", flush=True)
        return center, error

    for _ in range(arguments.turns):
        for precision, size in [("f64", 8), ("f32", 4)]:
            job = JOB.format(precision=precision, **settings)
            for threads in [1, 2]:
                ours = show(f"dam {precision}, {threads} thread{'s' * (threads > 1)}", dam(program, job, threads), size)
                if (precision, threads) == ("f64", 2):
                    double = ours
    for threads in [1, 2]:
        # A shard simulates without drawing the figure, which takes more memory than few patterns.
        job = JOB.format(precision="f64", **settings | {"samples": 4})
        _, _, memory = dam(program, job, threads, "--shard", "1/2")
        held = threads * patterns * 8
        print(f"  simulating on {threads} thread{'s' * (threads > 1)}: peak {memory / 2**20:.0f} MiB = {memory / held:.2f} × the patterns of {threads} sample{'s' * (threads > 1)}")
    command = [sys.executable, script, "--alpha", arguments.alpha, "--size", arguments.size, "--samples", arguments.samples]
    output, seconds, memory = measured(command)
    theirs = show("NumPy, all cores", (json.loads(output), seconds, memory), 8)
    # Once more after NumPy, so that a drift of the machine shows.
    job = JOB.format(precision="f64", **settings)
    show("dam f64, 2 threads", dam(program, job, 2), 8)

    best = {name: min(seconds) for name, seconds in times.items()}
    median = statistics.median(times["dam f64, 2 threads"])
    deviation = (double[0] - theirs[0]) / math.hypot(double[1], theirs[1])
    print(f"NumPy takes {times['NumPy, all cores'][0] / median:.1f} times as long as dam (f64, 2 threads, median); "
          f"means differ by {deviation:+.1f} standard errors")
    for precision in ["f64", "f32"]:
        print(f"{precision}: 2 threads are {best[f'dam {precision}, 1 thread'] / best[f'dam {precision}, 2 threads']:.2f} times as fast as 1")
    if abs(deviation) > 4:
        sys.exit("the two programs disagree")


if __name__ == "__main__":
    main()
