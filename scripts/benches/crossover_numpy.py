# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The crossover λ_× of spherical patterns, as one writes it down with NumPy.

    python crossover_numpy.py --alpha 0.2 --size 60 --samples 50

For every sample: patterns on the sphere |ξ|² = N, bisection of λ between 0.1 and 1, and for each λ
the update x ← softmax(λ x Ξᵀ)Ξ from x = ξ¹ to its fixed point. Retrieved: the pattern's weight exceeds ½.
"""

import argparse
import json

import numpy as np


def is_retrieved(patterns, inverse_temperature, tolerance=1e-8, max_steps=20000):
    state = patterns[0].copy()
    for _ in range(max_steps):
        exponents = inverse_temperature * (patterns @ state)
        weights = np.exp(exponents - exponents.max())
        weights /= weights.sum()
        new = weights @ patterns
        change = np.linalg.norm(new - state) / np.sqrt(len(state))
        state = new
        if change <= tolerance:
            break
    return weights[0] > 0.5


def crossover(patterns, precision):
    low, high = 0.1, 1.0
    while high - low > precision:
        middle = (low + high) / 2
        if is_retrieved(patterns, middle):
            high = middle
        else:
            low = middle
    return (low + high) / 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=0.2)
    parser.add_argument("--size", type=int, default=60)
    parser.add_argument("--samples", type=int, default=50)
    parser.add_argument("--precision", type=float, default=1e-3)
    arguments = parser.parse_args()
    generator = np.random.default_rng(1)
    count = round(np.exp(arguments.alpha * arguments.size))
    values = []
    for _ in range(arguments.samples):
        patterns = generator.standard_normal((count, arguments.size))
        patterns *= np.sqrt(arguments.size) / np.linalg.norm(patterns, axis=1, keepdims=True)
        values.append(crossover(patterns, arguments.precision))
    print(json.dumps(values))


if __name__ == "__main__":
    main()
