#!/usr/bin/env python3
# /// script
# requires-python = ">=3.9"
# dependencies = ["numpy"]
# ///
"""The control that U-Hop's image classification lacks: its published network with one patch per image.

    python3 scripts/fetch_images.py fashion-mnist
    python3 scripts/one_patch_control.py data/fashion-mnist [--seeds 10] [--train 2000] [--test 2000]

U-Hop (arXiv:2404.03827, Table 1) classifies images with a Hopfield layer whose query is a CLS token
and whose memory are the image's patches; Table 5 states patch size 32 for images of 32 x 32, that is
one patch. A softmax over one similarity is 1 whatever the similarity: query, CLS token, beta,
separation and kernel do not reach the output and get no gradient from the classification. What is
trained is a chain of linear maps, ReLU, LayerNorm and a linear map. The script checks the first
statement (outputs equal to the last bit for other queries, beta and kernels) and trains three arms,
with equal seeds, images, order of the batches and, matrix by matrix, equal starts:

  longer chain            values W_V W_K y, as the published baseline computes them
  shorter chain, Stage I  values W_V y, as the published U-Hop does, after Stage I: gradient descent on
                          -t |u_CLS - u_patch|^2 (t = 2; u = features of unit length) of the two tokens
  shorter chain           the same without Stage I

y = W_E x is the embedding of the whole image. Published settings: Adam at 1e-3 (cosine decay), batches
of 128, 25 epochs, width 512, dropout 0.1 on the one weight (which drops whole images); Stage I by
plain gradient descent at 0.1. Pixels are standardised with the training images' mean and deviation.

Printed: best training accuracy and last test accuracy (%), mean and standard error over the seeds;
paired differences of the arms; what Stage I does to the images' features. Gradients are by hand and
checked against central differences before anything is trained (--check does only that).
"""

import argparse
import gzip
import sys
import time
from pathlib import Path

import numpy as np

SHARPNESS = 2.0
BATCH = 128
DROPOUT = 0.1
CLASSES = 10
LONGER, STAGED, SHORTER = "longer chain", "shorter chain, Stage I", "shorter chain"


def read_idx(path):
    """Images (n, 784) in [0, 1], or labels (n,)."""
    try:
        data = gzip.decompress(Path(path).read_bytes())
    except (OSError, EOFError) as error:
        sys.exit(f"error: {path}: {error}; fetch it with python3 scripts/fetch_images.py fashion-mnist")
    magic, count = (int.from_bytes(data[at:at + 4], "big") for at in (0, 4))
    if magic == 2051:
        return np.frombuffer(data, np.uint8, offset=16).reshape(count, -1) / 255.0
    if magic == 2049:
        return np.frombuffer(data, np.uint8, offset=8).astype(np.int64)
    sys.exit(f"error: {path}: no IDX file of images or labels (magic number {magic})")


def softmax(values):
    """Along the last axis."""
    weights = np.exp(values - values.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


# ---- the network ----------------------------------------------------------------------------------

def start(rng, pixels, width):
    """All matrices of all arms; each arm takes those that it has."""
    def linear(rows, columns):
        return rng.uniform(-1, 1, (rows, columns)) / np.sqrt(columns)
    return {
        "embedding": linear(width, pixels), "key": linear(width, width),
        "value": linear(width, width), "output": linear(width, width),
        "kernel": linear(width, width), "cls": rng.standard_normal(width),
        "class": linear(CLASSES, width), "bias": np.zeros(CLASSES),
    }


def chain_of(arm):
    """The linear maps from the pixels on."""
    middle = ["key", "value"] if arm == LONGER else ["value"]
    return ["embedding", *middle, "output"]


def associate(parameters, patches, beta, rng=None, kernel=True):
    """The attention of the CLS token over patches (images, patches, pixels): weights, before dropout."""
    features = patches @ parameters["embedding"].T
    query = parameters["cls"] if rng is None else rng.standard_normal(parameters["cls"].shape)
    if kernel:
        features, query = features @ parameters["kernel"].T, parameters["kernel"] @ query
    return softmax(beta * (features @ query))


def network(parameters, arm, images, labels, kept):
    """Mean cross entropy, its gradient, and the accuracy; `kept` is the dropout factor of each image."""
    chain = chain_of(arm)
    layers = [images]
    for name in chain:
        layers.append(layers[-1] @ parameters[name].T)
    scaled = layers[-1] * kept[:, None]
    active = np.maximum(scaled, 0)
    centred = active - active.mean(1, keepdims=True)
    deviation = np.sqrt((centred ** 2).mean(1, keepdims=True) + 1e-5)
    normal = centred / deviation
    probabilities = softmax(normal @ parameters["class"].T + parameters["bias"])
    own = probabilities[np.arange(len(labels)), labels]
    accuracy = (probabilities.argmax(1) == labels).mean()
    slope = probabilities
    slope[np.arange(len(labels)), labels] -= 1
    slope /= len(labels)
    gradient = {"class": slope.T @ normal, "bias": slope.sum(0)}
    slope = slope @ parameters["class"]
    slope -= slope.mean(1, keepdims=True) + normal * (slope * normal).mean(1, keepdims=True)
    slope = slope / deviation * (scaled > 0) * kept[:, None]
    for name, below in zip(reversed(chain), reversed(layers[:-1])):
        gradient[name] = slope.T @ below
        if name != chain[0]:
            slope = slope @ parameters[name]
    return -np.log(own + 1e-12).mean(), gradient, accuracy


def stage_one(parameters, images):
    """Mean of -t |u_CLS - u_patch|^2 over images and its gradient in embedding, kernel and CLS token."""
    embedded = images @ parameters["embedding"].T
    raw = [embedded @ parameters["kernel"].T, parameters["kernel"] @ parameters["cls"]]
    norms = [np.linalg.norm(rows, axis=-1, keepdims=True) for rows in raw]
    patch, cls = (rows / norm for rows, norm in zip(raw, norms))
    cosines = patch @ cls
    loss = -SHARPNESS * (2 - 2 * cosines).mean()
    # dL/dcos = 2t/n, and a unit vector moves across itself alone
    factor = 2 * SHARPNESS / len(images)
    of_patch = factor * (cls - patch * cosines[:, None]) / norms[0]
    of_cls = factor * (patch.sum(0) - cls * cosines.sum()) / norms[1]
    gradient = {
        "kernel": of_patch.T @ embedded + np.outer(of_cls, parameters["cls"]),
        "cls": parameters["kernel"].T @ of_cls,
        "embedding": (of_patch @ parameters["kernel"]).T @ images,
    }
    return loss, gradient


def geometry(parameters, images):
    """Stage I loss, mean cosine of the features of two images, and of an image and the CLS token."""
    features = images @ parameters["embedding"].T @ parameters["kernel"].T
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    cls = parameters["kernel"] @ parameters["cls"]
    cls = cls / np.linalg.norm(cls)
    count, total = len(images), features.sum(0)
    between = (total @ total - count) / (count * (count - 1))
    to_cls = (features @ cls).mean()
    return -SHARPNESS * (2 - 2 * to_cls), between, to_cls


# ---- checks ---------------------------------------------------------------------------------------

def check():
    """Gradients against central differences, and the one-patch statement."""
    rng = np.random.default_rng(1)
    parameters = start(rng, 7, 6)
    images, labels = rng.standard_normal((5, 7)), rng.integers(0, CLASSES, 5)
    kept = np.array([1.0, 0.0, 1.25, 1.25, 1.0])
    cases = [(arm, lambda arm=arm: network(parameters, arm, images, labels, kept)[:2])
             for arm in (LONGER, SHORTER)]
    cases.append(("Stage I", lambda: stage_one(parameters, images)))
    worst = 0.0
    for name, function in cases:
        for block, slopes in function()[1].items():
            numbers = parameters[block].reshape(-1)
            for index in range(0, numbers.size, 3):
                values = []
                for step in (1e-6, -1e-6):
                    before = numbers[index]
                    numbers[index] = before + step
                    values.append(function()[0])
                    numbers[index] = before
                difference = abs((values[0] - values[1]) / 2e-6 - slopes.reshape(-1)[index])
                worst = max(worst, difference)
                if difference > 1e-8:
                    sys.exit(f"error: gradient of {block} in {name} is off by {difference:.1e}")
    one, four = images[:, None, :], rng.standard_normal((5, 4, 7))
    settings = [(1.0, None, True), (30.0, None, True), (1.0, rng, True), (1.0, None, False)]
    for case in settings:
        if not (associate(parameters, one, case[0], case[1], case[2]) == 1.0).all():
            sys.exit("error: the weight of a single patch is not 1")
    spread = np.ptp([associate(parameters, four, beta)[0, 0] for beta in (0.1, 3.0)])
    if spread < 1e-3:
        sys.exit("error: with four patches beta must matter")
    print(f"checks: gradients to {worst:.0e}; one patch has the weight 1 for every query, beta and kernel")


# ---- training -------------------------------------------------------------------------------------

def descend(parameters, images, epochs, rate, rng):
    """Stage I."""
    for _ in range(epochs):
        order = rng.permutation(len(images))
        for first in range(0, len(images), BATCH):
            _, gradient = stage_one(parameters, images[order[first:first + BATCH]])
            for name, slopes in gradient.items():
                parameters[name] -= rate * slopes


def train(parameters, arm, sets, epochs, rng):
    """Adam with cosine decay: the best training accuracy over the epochs and the last test accuracy."""
    (images, labels), (test_images, test_labels) = sets
    names = [*chain_of(arm), "class", "bias"]
    moments = {name: [np.zeros_like(parameters[name]) for _ in range(2)] for name in names}
    steps, best = 0, 0.0
    total = epochs * -(-len(images) // BATCH)
    for _ in range(epochs):
        order = rng.permutation(len(images))
        for first in range(0, len(images), BATCH):
            chosen = order[first:first + BATCH]
            kept = (rng.random(len(chosen)) >= DROPOUT) / (1 - DROPOUT)
            kept = kept.astype(images.dtype)
            _, gradient, _ = network(parameters, arm, images[chosen], labels[chosen], kept)
            rate = 0.5e-3 * (1 + np.cos(np.pi * steps / total))
            steps += 1
            for name in names:
                mean, square = moments[name]
                mean += 0.1 * (gradient[name] - mean)
                square += 0.001 * (gradient[name] ** 2 - square)
                step = rate / (1 - 0.9 ** steps)
                parameters[name] -= step * mean / (np.sqrt(square / (1 - 0.999 ** steps)) + 1e-8)
        whole = np.ones(len(images), images.dtype)
        best = max(best, network(parameters, arm, images, labels, whole)[2])
    whole = np.ones(len(test_images), images.dtype)
    return 100 * best, 100 * network(parameters, arm, test_images, test_labels, whole)[2]


def subset(folder, prefix, count, rng):
    """Random images with labels."""
    folder = Path(folder)
    images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz")
    labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz")
    if count > len(images):
        sys.exit(f"error: {prefix} has {len(images)} images, fewer than the {count} asked for")
    chosen = rng.choice(len(images), count, replace=False)
    return images[chosen], labels[chosen]


def run(arguments, seed):
    """Accuracies of each arm, and the geometry before and after Stage I."""
    rng = np.random.default_rng(seed)
    images, labels = subset(arguments.folder, "train", arguments.train, rng)
    test_images, test_labels = subset(arguments.folder, "t10k", arguments.test, rng)
    mean, deviation = images.mean(), images.std()
    images, test_images = (((x - mean) / deviation).astype(np.float32) for x in (images, test_images))
    sets = ((images, labels), (test_images, test_labels))
    found, shapes = {}, []
    for arm in (LONGER, STAGED, SHORTER):
        rng = np.random.default_rng([seed, 1])
        parameters = {name: block.astype(np.float32)
                      for name, block in start(rng, images.shape[1], arguments.width).items()}
        if arm == STAGED:
            shapes.append(geometry(parameters, images))
            order = np.random.default_rng([seed, 2])
            descend(parameters, images, arguments.stage_one_epochs, arguments.stage_one_rate, order)
            shapes.append(geometry(parameters, images))
        found[arm] = train(parameters, arm, sets, arguments.epochs, np.random.default_rng([seed, 3]))
    return found, shapes


def with_error(values):
    """Mean ± standard error."""
    values = np.asarray(values)
    return f"{values.mean():8.2f} ± {values.std(ddof=1) / np.sqrt(len(values)):.2f}"


def main():
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", help="folder with the four IDX files of Fashion-MNIST")
    parser.add_argument("--check", action="store_true", help="check gradients and end")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--train", type=int, default=2000)
    parser.add_argument("--test", type=int, default=2000)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--stage-one-epochs", type=int, default=10)
    parser.add_argument("--stage-one-rate", type=float, default=0.1)
    arguments = parser.parse_args()
    if arguments.seeds < 2:
        parser.error("errors need at least 2 seeds")
    check()
    if arguments.check:
        return
    if arguments.folder is None:
        parser.error("name the folder with the images, such as data/fashion-mnist")
    runs = []
    for seed in range(arguments.seeds):
        began = time.process_time()
        runs.append(run(arguments, seed))
        numbers = ", ".join(f"{arm} {a:.2f}/{b:.2f}" for arm, (a, b) in runs[-1][0].items())
        print(f"seed {seed}: {numbers} ({time.process_time() - began:.0f} CPU s)", flush=True)
    print(f"\n{arguments.train} training and {arguments.test} test images, {arguments.seeds} seeds; "
          "mean ± standard error over the seeds\n")
    print(f"{'':42s}{'best training accuracy, %':>28s}{'last test accuracy, %':>28s}")
    arms = (LONGER, STAGED, SHORTER)
    of = {arm: np.array([found[arm] for found, _ in runs]) for arm in arms}
    rows = [(arm, of[arm]) for arm in arms]
    pairs = ((STAGED, LONGER), (SHORTER, LONGER), (STAGED, SHORTER))
    rows += [(f"{a} − {b}", of[a] - of[b]) for a, b in pairs]
    for name, values in rows:
        print(f"{name:42s}{with_error(values[:, 0]):>28s}{with_error(values[:, 1]):>28s}")
    print("\nStage I, before and after:")
    shapes = np.array([shapes for _, shapes in runs])
    names = ("loss (bound -8, all images at the antipode of the CLS token)",
             "mean cosine of two images", "mean cosine of image and CLS token")
    for index, name in enumerate(names):
        before, after = (with_error(shapes[:, when, index]) for when in (0, 1))
        print(f"{name:62s}{before:>20s}{after:>20s}")


if __name__ == "__main__":
    main()
