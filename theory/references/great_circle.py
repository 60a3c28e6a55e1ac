#!/usr/bin/env python3
# /// script
# requires-python = ">=3.10"
# dependencies = ["mpmath"]
# ///
"""θ_c for starts on a random great circle, as N → ∞, to 15 digits: writes great_circle.csv.

z = y cos θ + g sin θ has a law in closed form for each of the three ensembles, so that
ζ_θ(λ) = E K(λz) is one integral; λ cos θ_c = α + ζ_θ(λ), or λ ζ_θ'(λ_*) with
λ_* ζ_θ'(λ_*) − ζ_θ(λ_*) = α where that λ_* lies below λ.

    python3 references/great_circle.py
"""

from pathlib import Path

from mpmath import mp, mpf, quad, erf, exp, log, cosh, tanh, sinh, coth, sqrt, pi, cos, sin, findroot, degrees

mp.dps = 20

POINTS = [
    ("uniform", "0.263", "0.733"),
    ("uniform", "0.1", "0.3"),
    ("uniform", "0.2", "1.5"),
    ("uniform", "0.55", "1.4"),
    ("gaussian-mixture", "0.2", "0.4"),
    ("gaussian-mixture", "0.31", "0.9"),
    ("rademacher", "0.2", "0.4"),
    ("rademacher", "0.2", "0.24"),
    ("rademacher", "0.45", "1.1"),
    ("rademacher", "0.3", "2.5"),
]


def normal(z, s):
    return exp(-z * z / (2 * s * s)) / (s * sqrt(2 * pi))


def density(name, theta):
    """The density of |z|."""
    c, s = cos(theta), sin(theta)
    if name == "uniform":
        edge = sqrt(mpf(3))
        at = lambda x: erf(x / (s * sqrt(mpf(2))))
        return lambda z: (at(edge * c - z) - at(-edge * c - z)) / (2 * edge * c)
    if name == "gaussian-mixture":
        widths = [sqrt(c * c * v + s * s) for v in (mpf(1) / 2, mpf(3) / 2)]
        return lambda z: sum(normal(z, w) for w in widths)
    return lambda z: normal(z - c, s) + normal(z + c, s)


def log_moment(name, h):
    if name == "uniform":
        x = sqrt(mpf(3)) * h
        return log(sinh(x) / x) if x else mpf(0)
    if name == "gaussian-mixture":
        return log((exp(h * h / 4) + exp(3 * h * h / 4)) / 2)
    return log(cosh(h))


def mean(name, h):
    if name == "uniform":
        x = sqrt(mpf(3)) * h
        return sqrt(mpf(3)) * (coth(x) - 1 / x) if x else mpf(0)
    if name == "gaussian-mixture":
        a, b = exp(h * h / 4), exp(3 * h * h / 4)
        return h * (a / 2 + 3 * b / 2) / (a + b)
    return tanh(h)


def moments(name, theta, lam):
    p = density(name, theta)
    places = [mpf(x) for x in ("0", "0.25", "0.5", "1", "1.5", "2", "3", "4", "6", "9", "14")]
    cgf = quad(lambda z: p(z) * log_moment(name, lam * z), places)
    slope = quad(lambda z: p(z) * z * mean(name, lam * z), places)
    return cgf, slope


def excess(name, alpha, lam, theta):
    cgf, slope = moments(name, theta, lam)
    if lam * slope - cgf <= alpha:
        return lam * cos(theta) - alpha - cgf

    def rate(trial):
        value, derivative = moments(name, theta, trial)
        return trial * derivative - value - alpha

    condensed = findroot(rate, (lam / 8, lam), solver="ridder", tol=mpf(10) ** -17)
    return lam * (cos(theta) - moments(name, theta, condensed)[1])


def main():
    rows = ["ensemble,alpha,lambda,theta_c_degrees"]
    for name, alpha, lam in POINTS:
        a, l = mpf(alpha), mpf(lam)
        theta = findroot(lambda t: excess(name, a, l, t), (mpf("0.3"), mpf("0.9")),
                         solver="anderson", tol=mpf(10) ** -17)
        rows.append(f"{name},{alpha},{lam},{mp.nstr(degrees(theta), 15)}")
        print(rows[-1], flush=True)
    Path(__file__).with_name("great_circle.csv").write_text("\n".join(rows) + "\n")


main()
