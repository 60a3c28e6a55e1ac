# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy"]
# ///
"""How retrieval errors of images scatter from set to set, without learning: the spread in docs/images.md.

    python3 scripts/image_spread.py data/mnist/mnist-10000-images-idx3-ubyte.gz [--draws 400]

Each draw stores other images and asks for them with half of the pixels masked and the others doubled, by the dot product
(`dense`) and through a random W (`random-kernel`); β = 1, one update.
"""

import argparse

import numpy as np

from image_twin import measure, read


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("images")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--draws", type=int, default=400)
    arguments = parser.parse_args()
    images = read(arguments.images)
    rows = []
    for draw in range(arguments.draws):
        rng = np.random.default_rng(1000 + draw)
        patterns = images[rng.choice(len(images), arguments.count, replace=False)]
        queries = patterns * 2 * (rng.random(patterns.shape) < 0.5)
        weights = rng.standard_normal((patterns.shape[1],) * 2)
        dense = measure(patterns, queries @ patterns.T)
        kernel = measure(patterns, (queries @ weights.T) @ (patterns @ weights.T).T)
        rows.append([*dense, *kernel])
    names = ["dense squared_error", "dense accuracy", "random-kernel squared_error", "random-kernel accuracy"]
    for name, values in zip(names, np.array(rows).T):
        low, middle, high = np.quantile(values, [0.01, 0.5, 0.99])
        print(
            f"{name:28} mean {values.mean():8.4f} sd {values.std(ddof=1):8.4f} range {values.min():.4f} – {values.max():.4f}"
            f"   1 % {low:.4f}  median {middle:.4f}  99 % {high:.4f}"
        )


if __name__ == "__main__":
    main()
