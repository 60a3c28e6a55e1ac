#!/usr/bin/env python3
"""Bond percolation on the square lattice: the probability that a box is crossed, as a csv for `dam collapse --data`.

Exact at infinite size: p_c = 1/2, nu = 4/3, and zeta = 0 for a probability. A box of L rows of L + 1 sites, crossed from
its left to its right column, is its own dual: at p = 1/2 it is crossed with probability 1/2 at every L.

Each bond has a random number in [0, 1); bonds are put in by rising numbers until the box is crossed (M. E. J. Newman and
R. M. Ziff, Phys. Rev. E 64, 016706 (2001)), and the box is crossed at p if that number is at most p. Every point of the csv
has samples of its own, so that errors are independent; the error is half the width of Wilson's 68 % interval.

usage: percolation.py [--sizes 8,12,16,24,32] [--samples 400] [--points 11,12,13,14,15] [--seed 1] > percolation.csv
"""

import argparse
import math
import random

CRITICAL = 0.5
EXPONENT = 4.0 / 3.0
# The outermost points lie at L^{1/nu} |p - p_c| = REACH.
REACH = 1.2


def bonds(size):
    """Pairs of sites; the left column is one site, 0, and the right column another, 1."""

    def site(row, column):
        if column == 0:
            return 0
        if column == size:
            return 1
        return 2 + row * (size - 1) + column - 1

    across = [(site(row, column), site(row, column + 1)) for row in range(size) for column in range(size)]
    along = [(site(row, column), site(row + 1, column)) for row in range(size - 1) for column in range(1, size)]
    return across + along


def threshold(pairs, sites, draw):
    """The least p at which the box is crossed."""
    parents = list(range(sites))

    def root(site):
        while parents[site] != site:
            parents[site] = parents[parents[site]]
            site = parents[site]
        return site

    for number, (one, other) in sorted((draw(), pair) for pair in pairs):
        parents[root(one)] = root(other)
        if root(0) == root(1):
            return number
    raise AssertionError("a full box is crossed")


def wilson(hits, count):
    """Half the width of Wilson's interval at one standard deviation."""
    share = hits / count
    return math.sqrt(share * (1.0 - share) / count + 0.25 / count**2) / (1.0 + 1.0 / count)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="8,12,16,24,32")
    parser.add_argument("--points", default="11,12,13,14,15")
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    counts = [int(count) for count in arguments.points.split(",")]
    print("size,x,y,error")
    for size, count in zip(sizes, counts, strict=True):
        generator = random.Random(f"{arguments.seed} {size}")
        pairs, sites = bonds(size), 2 + size * (size - 1)
        reach = REACH * size ** (-1.0 / EXPONENT)
        for point in range(count):
            p = CRITICAL + reach * (2.0 * point / (count - 1) - 1.0)
            thresholds = (threshold(pairs, sites, generator.random) for _ in range(arguments.samples))
            hits = sum(number <= p for number in thresholds)
            print(f"{size},{p:.6f},{hits / arguments.samples},{wilson(hits, arguments.samples):.6f}", flush=True)


if __name__ == "__main__":
    main()
