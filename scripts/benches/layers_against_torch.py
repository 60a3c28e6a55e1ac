#!/usr/bin/env python3
# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy", "torch"]
# ///
"""An epoch of a bag network (loss, gradient, clipping, AdamW) of dam against PyTorch's, in turns within one run.

    cargo bench -p dam-layers --bench epoch --no-run          # prints the path of the program
    python3 scripts/benches/layers_against_torch.py PROGRAM [--rounds 7] [--bags sims/data/bags/elephant.csv.gz]

200 bags of 2 to 13 instances of 230 numbers, drawn unless --bags names a csv of label,bag,features. Two ReLU layers,
HopfieldPooling with a static query, ReLU, linear. PyTorch runs on one thread in single precision, dam in double. Both
start from the same weights: the losses of three epochs with all bags in one batch must agree before any time is taken.
PyTorch pads the bags of a batch and masks the padding; at one bag a batch nothing is padded. Seconds are those of the
processor, the least of the rounds; the ratio is PyTorch's over dam's.
"""

import argparse
import csv
import gzip
import os
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("program")
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--bags")
arguments = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = "1"

import numpy
import torch
from torch import nn

torch.set_num_threads(1)

# width, heads, hidden size, α, bags of a batch, epochs of a round
CASES = [
    (32, 4, 16, 1, 1, 2), (32, 4, 16, 1, 16, 10), (32, 4, 16, 2, 1, 2), (32, 4, 16, 2, 16, 10),
    (128, 12, 64, 1, 1, 1), (128, 12, 64, 1, 16, 2),
]


def read_bags(path):
    """Rows, sizes and labels of a csv whose rows are label,bag,features."""
    bags = {}
    with gzip.open(path, "rt") as lines:
        for row in csv.reader(lines):
            try:
                label, features = float(row[0]), [float(value) for value in row[2:]]
            except ValueError:
                continue  # the header
            bags.setdefault(row[1], (label, []))[1].append(features)
    rows = numpy.array([row for _, rows in bags.values() for row in rows])
    deviations = rows.std(0)
    rows = numpy.clip((rows - rows.mean(0)) / numpy.where(deviations > 0, deviations, 1), -10, 10)
    return rows, [len(rows) for _, rows in bags.values()], [label > 0 for label, _ in bags.values()]


def draw_bags():
    """As many and as large as those of the elephant set."""
    generator = numpy.random.default_rng(14)
    sizes = generator.integers(2, 13, 200)
    labels = numpy.arange(200) % 2 == 0
    rows = generator.standard_normal((sizes.sum(), 230))
    rows[numpy.cumsum(sizes) - 1, :20] += numpy.where(labels, 1.0, 0.0)[:, None]
    return rows, list(sizes), list(labels)


class Core(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.in_proj_weight = nn.Parameter(0.02 * torch.randn(2 * heads * hidden, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(2 * heads * hidden))
        self.out_proj = nn.Linear(heads * hidden, width)


class Hopfield(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.association_core = Core(width, heads, hidden)
        self.norm_stored_pattern = nn.LayerNorm(width)


class Pooling(nn.Module):
    """As `hflayers.HopfieldPooling` with one static query, without its detours."""

    def __init__(self, width, heads, hidden, alpha):
        super().__init__()
        self.hopfield = Hopfield(width, heads, hidden)
        self.pooling_weights = nn.Parameter(torch.randn(1, 1, hidden))
        self.heads, self.hidden, self.alpha = heads, hidden, alpha

    def forward(self, rows, padding):
        core = self.hopfield.association_core
        columns = self.heads * self.hidden
        weights, bias = core.in_proj_weight.split(columns), core.in_proj_bias.split(columns)
        shape = (*rows.shape[:2], self.heads, self.hidden)
        keys = nn.functional.linear(self.hopfield.norm_stored_pattern(rows), weights[0], bias[0]).view(shape)
        values = nn.functional.linear(rows, weights[1], bias[1]).view(shape)
        scores = (keys @ (self.pooling_weights[0, 0] / self.hidden**0.5)).transpose(1, 2)
        if padding is not None:
            scores = scores.masked_fill(padding[:, None], -torch.inf)
        shares = sparsemax(scores) if self.alpha == 2 else torch.softmax(scores, dim=-1)
        pooled = (shares.unsqueeze(2) @ values.transpose(1, 2)).flatten(1)
        return core.out_proj(pooled)


def sparsemax(scores):
    """Martins and Astudillo, arXiv:1602.02068, by sorting, with autograd through the support."""
    ordered = scores.sort(dim=-1, descending=True).values
    sums = ordered.masked_fill(ordered == -torch.inf, 0).cumsum(-1)
    ranks = torch.arange(1, scores.shape[-1] + 1, dtype=scores.dtype)
    count = (1 + ranks * ordered > sums).sum(-1, keepdim=True)
    threshold = (sums.gather(-1, count - 1) - 1) / count
    return (scores - threshold).clamp(min=0)


class Network(nn.Module):
    def __init__(self, inputs, width, heads, hidden, alpha):
        super().__init__()
        self.embedding = nn.Sequential(nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
        self.pooling = Pooling(width, heads, hidden, alpha)
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(width, 1))

    def forward(self, rows, padding):
        return self.head(self.pooling(self.embedding(rows), padding)).squeeze(1)


class Torch:
    """Training in the given order of bags, prepared batch by batch before the time is taken."""

    def __init__(self, network, bags, labels):
        self.network, self.bags, self.labels = network, bags, labels
        self.optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01)

    def prepare(self, chosen):
        bags = [self.bags[bag] for bag in chosen]
        rows = nn.utils.rnn.pad_sequence(bags, batch_first=True)
        sizes = torch.tensor([len(bag) for bag in bags])
        padding = torch.arange(rows.shape[1])[None] >= sizes[:, None]
        return rows, padding if len(bags) > 1 else None, self.labels[chosen]

    def epochs(self, count, batch):
        seconds = 0.0
        for _ in range(count):
            order = torch.randperm(len(self.bags))
            batches = [self.prepare(chosen) for chosen in order.split(batch)]
            losses = []
            start = time.process_time()
            for rows, padding, labels in batches:
                self.optimiser.zero_grad(set_to_none=True)
                scores = self.network(rows, padding)
                loss = nn.functional.binary_cross_entropy_with_logits(scores, labels)
                loss.backward()
                nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
                self.optimiser.step()
                losses.append(loss.detach() * len(labels))
            seconds += time.process_time() - start
        return seconds, sum(losses).item() / len(self.bags)


class Ours:
    """The program in a process of its own."""

    def __init__(self, archive, case, batch):
        command = [arguments.program, archive, *map(str, [*case, batch])]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self):
        """What the process has had of the processor, by its clock (Linux)."""
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def epochs(self, count):
        before = self.seconds()
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        loss = float(self.process.stdout.readline())
        return self.seconds() - before, loss

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def main():
    rows, sizes, labels = read_bags(arguments.bags) if arguments.bags else draw_bags()
    bags = torch.tensor(rows, dtype=torch.float32).split([int(size) for size in sizes])
    targets = torch.tensor(labels, dtype=torch.float32)
    print(f"torch {torch.__version__}, {len(bags)} bags, {len(rows)} instances of {rows.shape[1]}")
    print("width  heads  alpha  batch   dam/ms  torch/ms   ratio  median ratio")
    folder = tempfile.TemporaryDirectory()
    for *case, batch, epochs in CASES:
        torch.manual_seed(14)
        network = Network(rows.shape[1], *case)
        archive = os.path.join(folder.name, "case.npz")
        weights = {f"weights.{name}": value.numpy() for name, value in network.state_dict().items()}
        numpy.savez(archive, rows=rows, sizes=sizes, labels=labels, **weights)
        check, twin = Ours(archive, case, len(bags)), Torch(network, bags, targets)
        for _ in range(3):
            (_, ours), (_, theirs) = check.epochs(1), twin.epochs(1, len(bags))
            assert abs(ours - theirs) < 1e-5, f"the losses differ: {ours} and {theirs}"
        check.close()
        ours = Ours(archive, case, batch)
        ours.epochs(1), twin.epochs(1, batch)
        times = [(ours.epochs(epochs)[0] / epochs, twin.epochs(epochs, batch)[0] / epochs)
                 for _ in range(arguments.rounds)]
        ours.close()
        least = [min(column) for column in zip(*times)]
        ratios = sorted(theirs / mine for mine, theirs in times)
        width, heads, hidden, alpha = case
        print(f"{width:5}  {heads:2}×{hidden:<3} {alpha:5} {batch:6} {1e3 * least[0]:8.2f} {1e3 * least[1]:9.1f}"
              f" {least[1] / least[0]:7.1f} {ratios[len(ratios) // 2]:10.1f}", flush=True)


if __name__ == "__main__":
    main()
