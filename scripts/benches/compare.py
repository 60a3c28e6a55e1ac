#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Times the update x' = softmax(λ x Ξᵀ)Ξ of dam against other libraries, on the same arrays.

    python scripts/benches/compare.py                       all shapes, some minutes
    python scripts/benches/compare.py --quick               fewer rounds
    python scripts/benches/compare.py --shapes f32:300000,40,16 --csv times.csv
    python scripts/benches/compare.py --cost --csv cost.csv  dam alone, over P, N and B

All libraries and the limits of the machine (multiply-adds, reading memory, instructions per cycle) are
measured in turns, round by round; medians over the rounds count. A round is busy where the machine issues
less than 85 % of the instructions a cycle that it issued at best: then a neighbour works on the other thread
of the core, which multiply-adds alone do not show. Shares of the limits hold for quiet rounds; times are told
for both. Every result is compared with one in double precision.
The first call installs the libraries into a virtual environment of its own (--environment).
"""

import argparse
import csv
import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import environment

SHAPES = [
    "f32:20000,20,1", "f32:300000,40,1", "f32:300000,40,4", "f32:300000,40,16", "f32:300000,40,64",
    "f32:300000,40,256", "f32:1200000,48,64", "f32:1048576,64,1", "f32:1048576,64,256",
    "mixed:300000,40,1", "mixed:300000,40,4", "mixed:300000,40,64", "mixed:1048576,64,1", "f64:1048576,64,1",
    "f64:300000,40,1", "f64:300000,40,4", "f64:300000,40,16", "f64:300000,40,64", "f64:300000,40,256",
    # images, attention heads, few patterns
    "f32:4096,512,64", "f64:4096,512,64", "f32:10000,784,256", "f64:10000,784,64", "f32:1000,40,64", "f64:1000,40,64",
]
# P, N and B one after the other, around P = 10⁵, N = 40.
COST = [f"f32:{count},40,{batch}" for batch in (1, 16, 256) for count in (1000, 3000, 10000, 30000, 300000, 1000000)]
COST += [f"f32:100000,{size},{batch}" for batch in (1, 16, 256) for size in (8, 16, 24, 32, 40, 64, 96, 128)]
COST += [f"{precision}:100000,40,{batch}" for precision in ("f32", "f64") for batch in (1, 2, 3, 4, 5, 8, 16, 32, 64, 128, 256)]
COLUMNS = ["machine", "state", "issue", "precision", "pattern_count", "size", "batch", "threads", "library", "milliseconds",
           "time_over_ours", "gigaflop_per_second", "share_of_peak", "gigabyte_per_second",
           "share_of_bandwidth", "relative_difference", "rounds"]
OURS = "dam"
# Share of the most instructions a cycle below which a round is busy.
QUIET = 0.85


class Ours:
    """dam's kernel in a process of its own, which answers requests line by line."""

    def __init__(self, program):
        program = program or environment.build("bench", "-p", "dam-memory", "--bench", "compare", "--no-run")
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        # instructions a cycle at best, by number of threads
        self.most = {}

    def ask(self, kind, **values):
        self.process.stdin.write(json.dumps({kind: values}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("the benchmark program ended early")
        return json.loads(answer)


def turn(update, seconds):
    """The median time of calls that take `seconds` in all, after a tenth of a second of calls that is not counted; of a
    call that takes much longer, its own time."""
    # Threads that another library left spinning go to sleep first.
    time.sleep(0.02)
    start = time.perf_counter()
    update()
    first = time.perf_counter() - start
    if first > 5 * seconds:
        return first
    while time.perf_counter() - start < 0.1:
        update()
    times = []
    begin = time.perf_counter()
    while not times or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        update()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def compare(shape, arguments, ours, threads, folder):
    import numpy as np

    import peers

    precision, numbers = shape.split(":")
    count, size, batch = map(int, numbers.split(","))
    # patterns in single precision that are computed with in double: what the others can only do in double
    kind = np.dtype({"f32": np.float32, "mixed": np.float64, "f64": np.float64}[precision])
    arithmetic = "f32" if precision == "f32" else "f64"
    generator = np.random.default_rng(1)
    patterns = generator.standard_normal((count, size), dtype=kind)
    # Noisy patterns at a λ where one pattern weighs about as much as all others together.
    noise = generator.standard_normal((batch, size))
    states = np.sqrt(0.5) * (patterns[:batch] + noise)
    inverse_temperature = math.sqrt(2 * math.log(count) / size) / 2
    if precision == "mixed":
        patterns = patterns.astype(np.float32).astype(np.float64)
    patterns.astype(np.float64 if precision == "f64" else np.float32).tofile(folder / "patterns")
    rounded = states.astype(kind)
    rounded.astype(np.float64).tofile(folder / "states")
    ours.ask("load", precision=precision, size=size, patterns=str(folder / "patterns"),
             states=str(folder / "states"), inverse_temperature=inverse_temperature)
    exact = peers.exact(patterns, rounded, inverse_temperature)
    updates = {} if arguments.cost else peers.peers(patterns, rounded, inverse_temperature)

    def difference(means):
        return float(np.abs(np.asarray(means, dtype=np.float64) - exact).max() / np.abs(exact).max())

    rows = []
    for number in arguments.threads:
        threads.set(number)
        # JAX takes its threads once and for all.
        names = [name for name in updates if name != "JAX" or number == max(arguments.threads)]
        differences = {name: difference(updates[name]()) for name in names}
        times = {name: [] for name in [OURS, *names]}
        limits = {"f32": [], "f64": [], "bandwidth": [], "issue": []}
        begin = time.perf_counter()
        rounds = 0
        while rounds < 3 or (rounds < 15 and not arguments.cost and time.perf_counter() - begin < arguments.seconds):
            times[OURS].append(ours.ask("update", threads=number, seconds=0.02)["seconds"])
            for name in names:
                times[name].append(turn(updates[name], 0.02))
            for limit, value in ours.ask("limits", threads=number).items():
                limits[limit].append(math.nan if value is None else value)
            rounds += 1
        ours.ask("write", means=str(folder / "means"))
        differences[OURS] = difference(np.fromfile(folder / "means").reshape(batch, size))
        ours.most[number] = max(ours.most.get(number, 0), *limits["issue"])
        for state, chosen in by_state(limits["issue"], ours.most[number]):
            pick = lambda values: median([values[place] for place in chosen])
            peak, bandwidth, issue = pick(limits[arithmetic]), pick(limits["bandwidth"]), pick(limits["issue"])
            print(f"\n{precision} P = {count}, N = {size}, B = {batch}, {number} thread{'s' * (number > 1)}, {len(chosen)} {state} "
                  f"rounds; peak {peak / 1e9:.0f} GFLOP/s, reading {bandwidth / 1e9:.1f} GB/s, {issue:.2f} instructions a cycle")
            print(f"  {'library':26} {'ms':>9} {'/ dam':>7} {'GFLOP/s':>8} {'of peak':>8} {'GB/s':>6} {'of reading':>10} {'difference':>10}")
            for name in [OURS, *names]:
                seconds = pick(times[name])
                operations, volume = 4 * count * size * batch / seconds, count * size * (8 if precision == "f64" else 4) / seconds
                row = [environment.machine(), state, issue, precision, count, size, batch, number, name, seconds * 1e3,
                       seconds / pick(times[OURS]), operations / 1e9, operations / peak, volume / 1e9, volume / bandwidth,
                       differences[name], len(chosen)]
                rows.append(row)
                print(f"  {name:26} {row[9]:9.3f} {row[10]:7.2f} {row[11]:8.1f} {row[12]:8.1%} {row[13]:6.1f} {row[14]:10.1%} {row[15]:10.1e}")
        # Limits of rounding alone: the sums of P weights in the patterns' own precision.
        bound = {"f32": 2e-3, "f64": 1e-11}[arithmetic]
        wrong = [name for name, value in differences.items() if not value < bound]
        if wrong:
            sys.exit(f"{', '.join(wrong)} disagree with the result in double precision")
    return rows


def by_state(issue, most):
    """The rounds of each state that there are; all of them where the machine does not tell."""
    rounds = range(len(issue))
    if not most > 0:
        return [("all", list(rounds))]
    quiet = [place for place in rounds if issue[place] >= QUIET * most]
    busy = [place for place in rounds if place not in quiet]
    return [(state, chosen) for state, chosen in (("quiet", quiet), ("busy", busy)) if chosen]


def append(path, rows):
    fresh = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(COLUMNS)
        writer.writerows(rows)


def summary(rows):
    print("\nmost threads: other library's time over dam's")
    print(f"  {'shape':28} {'NumPy':>7} {'torch':>7} {'SDPA':>7} {'hflayers':>8} {'JAX':>7} {'numba':>7}   dam's share of peak and reading")
    rows = [dict(zip(COLUMNS, row)) for row in rows]
    most = max(row["threads"] for row in rows)
    place = lambda row: (row["precision"], row["pattern_count"], row["size"], row["batch"], row["state"])
    for shape in dict.fromkeys(place(row) for row in rows if row["threads"] == most):
        of = {row["library"]: row for row in rows if place(row) == shape and row["threads"] == most}
        ratios = {name: row["time_over_ours"] for name, row in of.items()}
        best = min((ratio for name, ratio in ratios.items() if name.startswith("SDPA")), default=math.nan)
        told = [ratios.get("NumPy"), ratios.get("torch"), best, *(ratios.get(name) for name in ["hflayers", "JAX", "numba"])]
        text = ["      –" if ratio is None else f"{ratio:7.2f}" for ratio in told]
        precision, count, size, batch, state = shape
        print(f"  {precision} {count},{size},{batch} {state}".ljust(30) + " ".join(text)
              + f"   {of[OURS]['share_of_peak']:.1%}  {of[OURS]['share_of_bandwidth']:.1%}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shapes", nargs="+", metavar="f32:P,N,B")
    parser.add_argument("--cost", action="store_true", help="time dam alone, by default over a range of P, N and B")
    parser.add_argument("--threads", type=lambda text: [int(part) for part in text.split(",")], default=[1, 2])
    parser.add_argument("--seconds", type=float, default=8, help="time for each shape and number of threads")
    parser.add_argument("--quick", action="store_true", help="the same as --seconds 2")
    parser.add_argument("--csv", type=Path, help="appends the times to this file")
    parser.add_argument("--program", type=Path, help="the benchmark `compare`, if it is built already")
    parser.add_argument("--environment", type=Path, default=Path(__file__).parent / ".venv", help="virtual environment to use or make")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.seconds = 2
    arguments.shapes = arguments.shapes or list(dict.fromkeys(COST if arguments.cost else SHAPES))
    environment.enter(arguments.environment)

    import peers

    threads = peers.Threads()
    print(f"{environment.machine()}; {threads.describe()}")
    ours = Ours(arguments.program)
    for number in arguments.threads:
        ours.most[number] = max(ours.ask("limits", threads=number)["issue"] or 0 for _ in range(10))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for shape in arguments.shapes:
            measured = compare(shape, arguments, ours, threads, Path(folder))
            rows += measured
            if arguments.csv:
                append(arguments.csv, measured)
    if not arguments.cost:
        summary(rows)


if __name__ == "__main__":
    main()
