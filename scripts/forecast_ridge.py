#!/usr/bin/env python3
# /// script
# requires-python = ">=3.9"
# dependencies = ["numpy"]
# ///
"""Forecasts by ridge regression beside U-Hop's forecasting table (arXiv:2404.03827, Table 8).

    python3 scripts/forecast_ridge.py ETTh1.csv [--months 12 4 4] [--lookback 336]
    python3 scripts/forecast_ridge.py --check

Bring ETTh1.csv yourself (zhouhaoyi/ETDataset, CC BY-ND 4.0, 17 420 hours of 7 channels; this project
does not pass it on). Any csv with a header, a first column of time stamps and columns of hourly numbers
will do.

The rows are split into training, validation and test months of 30 days (12, 4 and 4 for ETT); channels
are standardised with mean and deviation of the training rows. From a window of the last 336 hours the
last value of the channel is subtracted, one linear map shared by all channels (336 -> horizon, closed
form, ridge parameter 1, 100 or 10 000 by the validation error) forecasts the differences, and the last
value is added again. Windows may begin in the months before, their targets may not. Mean squared and
mean absolute error of the standardised values, over all test windows, channels and hours ahead.

Standard errors: neighbouring windows share nearly all of their hours, so the errors of the windows are
averaged over blocks of two weeks, or of the horizon where that is longer, and the spread of the blocks'
means counts. The published numbers have no errors beyond "variance at most 2 %". Their inputs differ:
the one public configuration of STanHop-Net looks back 168 hours.

--check recovers a known linear process (its coefficients, and the least error that any forecast of it
can have) and ends. Seconds per horizon, some 200 MB.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

HOURS_OF_MONTH = 30 * 24
BLOCK_HOURS = 14 * 24
RIDGES = (1.0, 1e2, 1e4)
HORIZONS = (96, 192, 336, 720)
# (MSE, MAE) of STanHop-Net without and with U-Hop, as published for ETTh1
PUBLISHED = {
    96: ((0.395, 0.402), (0.392, 0.400)), 192: ((0.425, 0.432), (0.420, 0.428)),
    336: ((0.495, 0.487), (0.470, 0.473)), 720: ((0.631, 0.600), (0.572, 0.559)),
}


def read(path):
    """Rows of numbers, hours by channels; the first column is a time stamp."""
    try:
        lines = list(csv.reader(Path(path).read_text(encoding="utf-8").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"error: {path}: {error}")
    width = len(lines[0]) if lines else 0
    if width < 2:
        sys.exit(f"error: {path}: no table with a header, a time stamp and at least one channel")
    numbers = []
    for line, cells in enumerate(lines[1:], 2):
        try:
            row = [float(cell) for cell in cells[1:]]
        except ValueError as error:
            sys.exit(f"error: {path}, line {line}: {error}")
        if len(cells) != width or not np.isfinite(row).all():
            sys.exit(f"error: {path}, line {line}: {width - 1} finite numbers behind the time stamp "
                     "are needed")
        numbers.append(row)
    return np.array(numbers)


def windows(values, first, last, lookback, horizon):
    """Inputs (windows, channels, lookback) less their last value, and targets less it too, where all
    targets lie in the rows from `first` to `last`."""
    begin = max(first - lookback, 0)
    rows = values[begin:last]
    seen = np.lib.stride_tricks.sliding_window_view(rows, lookback + horizon, axis=0)
    base = seen[:, :, lookback - 1:lookback]
    return seen[:, :, :lookback] - base, seen[:, :, lookback:] - base


class Normal:
    """Sums that the closed form needs: X'X and X'Y over all windows and channels."""

    def __init__(self, values, last, lookback, horizon, chunk=512):
        self.gram = np.zeros((lookback, lookback))
        self.mixed = np.zeros((lookback, horizon))
        inputs, targets = windows(values, 0, last, lookback, horizon)
        for at in range(0, len(inputs), chunk):
            x = inputs[at:at + chunk].reshape(-1, lookback)
            y = targets[at:at + chunk].reshape(-1, horizon)
            self.gram += x.T @ x
            self.mixed += x.T @ y

    def map(self, ridge):
        """The map (lookback, horizon) with the least sum of squares + ridge |W|^2."""
        return np.linalg.solve(self.gram + ridge * np.eye(len(self.gram)), self.mixed)


def errors(values, first, last, weights):
    """Squared and absolute error of each window, averaged over channels and hours ahead."""
    lookback, horizon = weights.shape
    inputs, targets = windows(values, first, last, lookback, horizon)
    found = []
    for at in range(0, len(inputs), 512):
        residuals = inputs[at:at + 512] @ weights - targets[at:at + 512]
        found.append(np.stack([(residuals ** 2).mean((1, 2)), np.abs(residuals).mean((1, 2))], 1))
    return np.concatenate(found)


def block_error(values, horizon):
    """Standard error of the mean of a series whose near values depend on each other."""
    length = max(BLOCK_HOURS, horizon)
    blocks = len(values) // length
    if blocks < 2:
        return float("nan")
    means = values[:blocks * length].reshape(blocks, length).mean(1)
    return means.std(ddof=1) / np.sqrt(blocks)


def forecast(values, ends, lookback, horizon):
    """The ridge parameter that validation chooses, its map, the errors of the test windows."""
    trained, validated, tested = ends
    normal = Normal(values, trained, lookback, horizon)
    maps = {ridge: normal.map(ridge) for ridge in RIDGES}
    ridge = min(RIDGES, key=lambda r: errors(values, trained, validated, maps[r])[:, 0].mean())
    return ridge, maps[ridge], errors(values, validated, tested, maps[ridge])


def standardised(values, trained):
    """Each channel with mean 0 and deviation 1 over the training rows."""
    mean, deviation = values[:trained].mean(0), values[:trained].std(0)
    if (deviation == 0).any():
        sys.exit(f"error: channel {int((deviation == 0).argmax()) + 1} is constant in training")
    return (values - mean) / deviation


def check():
    """x(t) = 0.7 x(t-1) + 0.3 x(t-2) + noise: coefficients, least error; a random walk; least squares."""
    rng = np.random.default_rng(1)
    noise = rng.standard_normal((40_000, 3))
    values = np.zeros_like(noise)
    for hour in range(2, len(values)):
        values[hour] = 0.7 * values[hour - 1] + 0.3 * values[hour - 2] + noise[hour]
    ends, lookback, horizon = (20_000, 30_000, 40_000), 24, 2
    _, weights, found = forecast(values, ends, lookback, horizon)
    # less the last value: x(t) - x(t-1) = 0.3 (x(t-2) - x(t-1)) + noise
    one_ahead = weights[:, 0]
    if abs(one_ahead[-2] - 0.3) > 0.02 or np.abs(one_ahead[:-2]).max() > 0.02:
        sys.exit(f"error: coefficient {one_ahead[-2]:.3f} in place of 0.3")
    # one hour ahead the noise alone is left, two hours ahead 1 + 0.7^2 of it
    least = (1 + 1 + 0.7 ** 2) / 2
    squared = found[:, 0]
    error = block_error(squared, horizon)
    if abs(squared.mean() - least) > 4 * error:
        sys.exit(f"error: squared error {squared.mean():.4f} in place of {least:.4f}")
    # of a random walk nothing but the last value is of use: h steps ahead the error is h
    walk = rng.standard_normal((40_000, 3)).cumsum(0)
    _, _, of_walk = forecast(walk, ends, lookback, horizon)
    walked, walk_error = of_walk[:, 0].mean(), block_error(of_walk[:, 0], horizon)
    if abs(walked - 1.5) > 4 * walk_error:
        sys.exit(f"error: squared error {walked:.4f} of a random walk in place of 1.5")
    # the closed form against least squares with the ridge as further rows
    normal = Normal(values, 2000, 5, 2)
    inputs, targets = windows(values, 0, 2000, 5, 2)
    x, y = inputs.reshape(-1, 5), targets.reshape(-1, 2)
    direct = np.linalg.lstsq(np.vstack([x, 10 * np.eye(5)]), np.vstack([y, np.zeros((5, 2))]),
                             rcond=None)[0]
    if np.abs(direct - normal.map(100.0)).max() > 1e-10:
        sys.exit("error: the closed form is not that of least squares")
    print(f"check: coefficient {one_ahead[-2]:.4f} (0.3), squared error {squared.mean():.4f} ± "
          f"{error:.4f} (least possible {least:.4f}), random walk {walked:.4f} ± {walk_error:.4f} (1.5)")


def main():
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", help="csv with a time stamp and hourly channels")
    parser.add_argument("--months", type=int, nargs=3, default=(12, 4, 4), metavar="M",
                        help="months of training, validation and test")
    parser.add_argument("--lookback", type=int, default=336)
    parser.add_argument("--horizons", type=int, nargs="+", default=HORIZONS)
    parser.add_argument("--check", action="store_true", help="recover a known process and end")
    arguments = parser.parse_args()
    if min(*arguments.months, arguments.lookback, *arguments.horizons) < 1:
        parser.error("months, lookback and horizons are positive")
    if arguments.check:
        check()
        return
    if arguments.file is None:
        parser.error("name the csv file, such as ETTh1.csv")
    values = read(arguments.file)
    ends = HOURS_OF_MONTH * np.cumsum(arguments.months)
    longest = max(arguments.horizons)
    if len(values) < ends[-1]:
        sys.exit(f"error: {arguments.file}: {len(values)} hours, fewer than the {ends[-1]} of "
                 f"{sum(arguments.months)} months")
    if ends[0] < arguments.lookback + longest or min(arguments.months[1:]) * HOURS_OF_MONTH < longest:
        sys.exit(f"error: months too short for a lookback of {arguments.lookback} and a horizon of "
                 f"{longest} hours")
    values = standardised(values[:ends[-1]], ends[0])
    published = Path(arguments.file).name == "ETTh1.csv"
    heads = ["horizon", "ridge", "MSE", "MAE"]
    heads += ["STanHop MSE / MAE", "+ U-Hop MSE / MAE"] if published else []
    print("  ".join(f"{head:>18s}" for head in heads))
    for horizon in arguments.horizons:
        ridge, _, found = forecast(values, ends, arguments.lookback, horizon)
        cells = [str(horizon), f"{ridge:g}"]
        for column in found.T:
            cells.append(f"{column.mean():.3f} ± {block_error(column, horizon):.3f}")
        if published and horizon in PUBLISHED:
            cells += [f"{mse:.3f} / {mae:.3f}" for mse, mae in PUBLISHED[horizon]]
        print("  ".join(f"{cell:>18s}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
