#!/usr/bin/env python3
# /// script
# requires-python = ">=3.9"
# dependencies = ["numpy"]
# ///
"""An independent NumPy twin of the comparison of memories on images.

    uv run scripts/image_twin.py IMAGES.gz [--count 500] [--runs 20] [--results JOB.results.json]

Stores `count` images, masks half of the pixels, doubles the others, makes one update, and prints
squared error and accuracy of six memories as mean ± standard error over the runs. With --results it
prints the results of `dam run` beside and the deviation in standard errors; the two draw their
images and masks independently.
"""

import argparse
import gzip
import json

import numpy as np

SHARPNESS = 2.0


def read(path):
    data = gzip.open(path).read()
    count, height, width = np.frombuffer(data, ">u4", 3, 4)
    return np.frombuffer(data, np.uint8, offset=16).reshape(count, height * width) / 255.0


def measure(patterns, similarities):
    """Squared error and accuracy of a softmax of similarities (query per row)."""
    weights = np.exp(similarities - similarities.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    error = np.square(np.clip(weights @ patterns, 0, 1) - np.clip(patterns, 0, 1)).sum(axis=1)
    return error.mean(), (similarities.argmax(axis=1) == np.arange(len(patterns))).mean()


def gradient(weights, patterns, loss):
    """The gradient of the average or maximum separation loss of normalised features by W."""
    features = patterns @ weights.T
    norms = np.linalg.norm(features, axis=1, keepdims=True)
    units = features / norms
    distances = 2 - 2 * units @ units.T
    np.fill_diagonal(distances, np.inf)
    if loss == "average":
        shares = np.exp(-SHARPNESS * distances)
        shares /= shares.sum()
    else:
        shares = np.zeros_like(distances)
        pair = np.unravel_index(distances.argmin(), distances.shape)
        shares[pair] = shares[pair[::-1]] = 0.5
    # dL/d(u_i . u_j) = 2 t share_ij, and each pair stands there twice
    by_units = 4 * SHARPNESS * shares @ units
    by_features = (by_units - (by_units * units).sum(axis=1, keepdims=True) * units) / norms
    return by_features.T @ patterns


def learn(weights, patterns, loss, steps, rate, decaying=False):
    for step in range(1, steps + 1):
        if decaying:
            rate /= np.sqrt(step)
        weights = weights - rate * gradient(weights, patterns, loss)
    return weights


def run(images, count, steps, rng):
    patterns = images[rng.choice(len(images), count, replace=False)]
    queries = 2 * patterns * (rng.random(patterns.shape) < 0.5)
    start = rng.standard_normal((patterns.shape[1],) * 2)

    def kernel(weights):
        return measure(patterns, (queries @ weights.T) @ (patterns @ weights.T).T)

    def unit(rows):
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    return {
        "dense": measure(patterns, queries @ patterns.T),
        "random-kernel": kernel(start),
        "u-hop-as-published": kernel(learn(start, patterns, "average", steps, 1.0, True)),
        "maximum-loss": kernel(learn(start, patterns, "maximum", steps, 10.0)),
        "average-loss": kernel(learn(start, patterns, "average", steps, 100.0)),
        "cosine@200": measure(patterns, 200 * unit(queries) @ unit(patterns).T),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("images")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--results")
    arguments = parser.parse_args()
    images = read(arguments.images)
    rng = np.random.default_rng(1)
    runs = [run(images, arguments.count, arguments.steps, rng) for _ in range(arguments.runs)]
    ours = {}
    if arguments.results:
        with open(arguments.results) as file:
            [task] = [
                task
                for task in json.load(file)["tasks"]
                if task["task"]["pattern_count"] == arguments.count
            ]
        for quantity in task["quantities"]:
            key = quantity["labels"]["model"], quantity["name"]
            ours[key] = quantity["mean"], quantity["standard_error"]
    for model in runs[0]:
        for position, name in enumerate(("squared_error", "accuracy")):
            values = np.array([found[model][position] for found in runs])
            mean, error = values.mean(), values.std(ddof=1) / np.sqrt(len(values))
            line = f"{model:20} {name:14} {mean:9.4f} ± {error:.4f}"
            if (model, name) in ours:
                other, other_error = ours[model, name]
                deviation = (other - mean) / np.hypot(error, other_error)
                line += f"   dam {other:9.4f} ± {other_error:.4f}   z = {deviation:+.2f}"
            print(line)


if __name__ == "__main__":
    main()
