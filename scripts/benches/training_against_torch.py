# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy", "torch"]
# ///
"""A training step (loss, gradient, update) of dam against PyTorch's on the same loss, in turns within one run.

    cargo bench -p dam-learning --bench training --no-run     # prints the path of the program
    python training_against_torch.py PROGRAM [--threads 2] [--rounds 9]

Both start from the same memories and weights in double precision; losses and gradient norms must agree before any time is
taken. PyTorch also runs in single precision, where its numbers are its own. Its losses are written as its users write
them: Gram matrix of normalised features, logsumexp, autograd. Each round times a block of steps of every contender; the
ratio of a round is PyTorch's time per step over dam's, and the median over the rounds is printed with the smallest.
"""

import argparse
import math
import os
import statistics
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=9)
arguments = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(arguments.threads)

import numpy
import torch

torch.set_num_threads(arguments.threads)

# loss, optimiser, M, d, D, affine, steps in a block
CASES = [
    ("average", "descent", 500, 784, 784, False, 10),
    ("average", "adam", 500, 784, 784, False, 10),
    ("u-hop-plus", "descent", 500, 784, 784, False, 10),
    ("u-hop-plus", "adam", 500, 784, 784, True, 10),
    ("maximum", "descent", 500, 784, 784, False, 10),
    ("u-hop-plus", "adam", 100, 784, 100, True, 50),
    ("u-hop-plus", "adam", 200, 784, 100, True, 50),
]


class Torch:
    def __init__(self, loss, optimiser, memories, weights, bias, precision):
        self.loss = loss
        self.memories = torch.tensor(memories, dtype=precision)
        self.weights = torch.tensor(weights, dtype=precision, requires_grad=True)
        parameters = [self.weights]
        self.bias = None
        if bias is not None:
            self.bias = torch.tensor(bias, dtype=precision, requires_grad=True)
            parameters.append(self.bias)
        count = len(memories)
        self.first, self.second = torch.triu_indices(count, count, 1)
        self.is_self = torch.eye(count, dtype=torch.bool)
        if optimiser == "descent":
            self.optimiser = torch.optim.SGD(parameters, lr=1.0)
        else:
            self.optimiser = torch.optim.Adam(parameters, lr=1e-3)
        self.parameters = parameters

    def evaluate(self):
        features = torch.nn.functional.linear(self.memories, self.weights, self.bias)
        features = torch.nn.functional.normalize(features, dim=1)
        cosines = features @ features.T
        count = len(cosines)
        if self.loss == "u-hop-plus":
            exponents = (cosines / 0.1).masked_fill(self.is_self, -math.inf)
            return torch.logsumexp(exponents, 1).mean() - math.log(count - 1)
        exponents = (4.0 * (cosines - 1.0)).masked_fill(self.is_self, -math.inf)
        if self.loss == "average":
            return torch.logsumexp(exponents.view(-1), 0) - math.log(count * (count - 1))
        return exponents.max()

    def differentiate(self):
        self.optimiser.zero_grad()
        loss = self.evaluate()
        loss.backward()
        squares = sum(float((p.grad.double() ** 2).sum()) for p in self.parameters)
        return float(loss.detach()), math.sqrt(squares)

    def time(self, steps):
        started = time.perf_counter()
        for _ in range(steps):
            self.optimiser.zero_grad()
            self.evaluate().backward()
            self.optimiser.step()
        return (time.perf_counter() - started) / steps


class Dam:
    def __init__(self, folder, loss, optimiser, memories, weights, bias):
        def write(name, values):
            path = os.path.join(folder, name)
            numpy.ascontiguousarray(values, dtype="<f8").tofile(path)
            return path

        files = [write("memories", memories), write("weights", weights)]
        files.append("-" if bias is None else write("bias", bias))
        self.process = subprocess.Popen(
            [arguments.program, *files, str(memories.shape[1]), loss, optimiser],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "RAYON_NUM_THREADS": str(arguments.threads)},
        )

    def step(self, steps):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]

    def time(self, steps):
        return self.step(steps)[0] / steps

    def close(self):
        self.process.stdin.close()
        self.process.wait()


print(f"torch {torch.__version__}, {arguments.threads} threads, {arguments.rounds} rounds")
print("milliseconds per step (medians) and ratios to dam: median, smallest over the rounds")
for loss, optimiser, count, size, feature_size, is_affine, steps in CASES:
    generator = numpy.random.default_rng(1)
    # pixels: non-negative, much alike
    memories = generator.random((count, size)) ** 3
    weights = generator.standard_normal((feature_size, size)) / math.sqrt(size)
    bias = generator.uniform(-1, 1, feature_size) / math.sqrt(size) if is_affine else None
    with tempfile.TemporaryDirectory() as folder:
        dam = Dam(folder, loss, optimiser, memories, weights, bias)
        double = Torch(loss, optimiser, memories, weights, bias, torch.float64)
        single = Torch(loss, optimiser, memories, weights, bias, torch.float32)
        # the same path of descent, compared over its first steps
        for step in range(4):
            expected = double.differentiate()
            found = dam.step(0)[1:]
            for name, left, right in zip(("loss", "gradient norm"), found, expected):
                if abs(left - right) > 1e-9 * (1e-3 + abs(right)):
                    raise SystemExit(f"{loss}, {optimiser}, step {step}: {name} {left} but PyTorch {right}")
            double.optimiser.step()
            dam.step(1)
        contenders = {"dam f64": dam, "torch f64": double, "torch f32": single}
        for contender in contenders.values():
            contender.time(steps)
        times = {name: [] for name in contenders}
        for _ in range(arguments.rounds):
            for name, contender in contenders.items():
                times[name].append(contender.time(steps))
        dam.close()
    text = f"{loss:10} {optimiser:7} M={count} d={size} D={feature_size}{' affine' if is_affine else ''}: "
    text += f"dam f64 {1e3 * statistics.median(times['dam f64']):.2f}"
    for name in ("torch f64", "torch f32"):
        ratios = [other / own for other, own in zip(times[name], times["dam f64"])]
        text += f", {name} {1e3 * statistics.median(times[name]):.2f} (×{statistics.median(ratios):.2f}, ×{min(ratios):.2f})"
    print(text, flush=True)
