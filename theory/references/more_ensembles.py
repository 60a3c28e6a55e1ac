#!/usr/bin/env python3
# /// script
# requires-python = ">=3.10"
# dependencies = ["mpmath"]
# ///
"""Reference values of the mixture, correlated-Gaussian and hidden-manifold ensembles, by routes other than the crate's.

The mixture's averages over components are adaptive integrals; its close pairs are a sum over pairs of variances in closed
form. Covariances enter through integrals over their spectrum (Marchenko-Pastur in c itself), and the loads of weak targets
through the tilt of the law of one component. Writes more_ensembles.csv: ensemble,parameter,quantity,argument,value.
"""

import csv
import pathlib

import mpmath as mp

mp.mp.dps = 30
ROWS = []
H, W = mp.mpf(1) / 2, mp.mpf(3) / 2


def put(ensemble, parameter, quantity, argument, value):
    ROWS.append((ensemble, parameter, quantity, argument, mp.nstr(value, 22, strip_zeros=False)))


def root(function, low, high):
    return mp.findroot(function, (mp.mpf(low), mp.mpf(high)), solver="anderson", tol=1e-50, maxsteps=200)


# The mixture


def density(y):
    return sum(mp.exp(-y * y / (2 * s)) / mp.sqrt(2 * mp.pi * s) for s in (H, W)) / 2


def K(h):
    return mp.log((mp.exp(H * h * h / 2) + mp.exp(W * h * h / 2)) / 2)


def K1(h):
    a, b = mp.exp(H * h * h / 2), mp.exp(W * h * h / 2)
    return h * (H * a + W * b) / (a + b)


EDGES = [0, mp.mpf(1) / 16, mp.mpf(1) / 4, 1, 2, 3, 4, 6, 8, 11, 15, 20]


def expect(f):
    return 2 * mp.quad(lambda y: density(y) * f(y), EDGES)


def cgf(l):
    return expect(lambda y: K(l * y))


def saddle(l):
    return expect(lambda y: y * K1(l * y))


def legendre(l):
    return l * saddle(l) - cgf(l)


def mixture_pairs():
    # E exp(k(yz - y^2)) = sum over variances s, t of y, z of (1 + 2ks - k^2 st)^(-1/2)/4
    def f(k):
        return sum((1 + 2 * k * s - k * k * s * t) ** mp.mpf(-0.5) for s in (H, W) for t in (H, W)) / 4

    k = root(lambda k: mp.diff(f, k), 0.5, 1.2)
    return -mp.log(f(k)) / 2


def mixture_weak(l):
    v = lambda y: K(l * y) - l * y * y

    def moments(kappa, *fs):
        z = expect(lambda y: mp.exp(kappa * v(y)))
        return [expect(lambda y: mp.exp(kappa * v(y)) * f(y)) / z for f in fs] + [mp.log(z)]

    def balance(kappa):
        mean, lnz = moments(kappa, v)
        return (1 + kappa) * mean - lnz

    high = mp.mpf(1)
    while balance(high) < 0:
        high *= 2
    kappa = root(balance, high / 2 if high > 1 else 0, high)
    mean, level, norm, _ = moments(kappa, v, lambda y: y * K1(l * y), lambda y: y * y)
    return -mean if level <= norm else mp.inf


name = "gaussian-mixture"
for text in ("0.05", "0.3", "0.7", "0.9", "2"):
    l = mp.mpf(text)
    put(name, "", "cgf", text, cgf(l))
    put(name, "", "saddle_overlap", text, saddle(l))
    put(name, "", "alpha_star", text, legendre(l))
    last = root(lambda x: saddle(x) - 1, 0.5, 1)
    put(name, "", "alpha_1", text, l - cgf(l) if l < last else legendre(last))
pairs = mixture_pairs()
for text in ("0.1", "0.4", "0.7", "1.5", "3"):
    l = mp.mpf(text)
    put(name, "", "alpha_c_lower_bound", text, pairs if l >= 1 else min(pairs, mixture_weak(l)))
for text in ("0.1", "0.3"):
    a = mp.mpf(text)
    put(name, "", "lambda_1", text, root(lambda l: l - cgf(l) - a, a, 0.9))
    put(name, "", "epsilon_star", text, saddle(root(lambda l: legendre(l) - a, 0.1, 2)))


# Covariances: E over the spectrum of a function that vanishes at 0


def two_levels(b):
    k = (b - 1) / (b + 1)
    return (lambda f: (f(1 + k) + f(1 - k)) / 2), 1 + k


def given(eigenvalues):
    return (lambda f: sum(f(c) for c in eigenvalues) / len(eigenvalues)), max(eigenvalues)


def marchenko_pastur(alpha_d):
    y = 1 / alpha_d
    low, high = (1 - mp.sqrt(y)) ** 2, (1 + mp.sqrt(y)) ** 2
    law = lambda c: mp.sqrt((high - c) * (c - low)) / (2 * mp.pi * y * c)
    return (lambda f: mp.quad(lambda c: law(c) * f(c), mp.linspace(low, high, 4))), high


def covariance_pairs(E, largest):
    slope = lambda k: E(lambda c: (2 * c - 2 * k * c * c) / (1 + 2 * k * c - k * k * c * c))
    k = root(slope, 0, (1 + mp.sqrt(2)) / largest * mp.mpf("0.999"))
    return E(lambda c: mp.log(1 + 2 * k * c - k * k * c * c)) / 4


def covariance_weak(E, l, largest):
    # ln Z of p(y) exp(kappa v(y)), v = -a y^2/c for y of variance c
    a = lambda c: c * (l - c * l * l / 2)
    log_total = lambda kappa: -E(lambda c: mp.log(1 + 2 * kappa * a(c))) / 2
    mean = lambda kappa: -E(lambda c: a(c) / (1 + 2 * kappa * a(c)))
    balance = lambda kappa: (1 + kappa) * mean(kappa) - log_total(kappa)
    high = mp.mpf(1)
    while balance(high) < 0:
        high *= 2
    kappa = root(balance, 0, high)
    q = lambda c: 1 / (1 + 2 * kappa * a(c))
    return -mean(kappa) if l * E(lambda c: c * c * q(c)) <= E(lambda c: c * q(c)) else mp.inf


for name, text, spectrum in (
    ("correlated-gaussian", "3", two_levels),
    ("correlated-gaussian", "10", two_levels),
    ("hidden-manifold", "4", marchenko_pastur),
    ("hidden-manifold", "0.5", marchenko_pastur),
    ("correlated-gaussian", "0.5 0.5 1 2", given),
    ("correlated-gaussian", "0 0.25 1 1.5 2.25", given),
):
    values = [mp.mpf(part) for part in text.split()]
    E, largest = spectrum(values if spectrum is given else values[0])
    v = E(lambda c: c * c)
    pairs = covariance_pairs(E, largest)
    for l_text in ("0.1", "0.3", "0.5"):
        l = mp.mpf(l_text)
        # the convex dual of the rate function, from the moment generating function at a typical target
        put(name, text, "cgf", l_text, E(lambda c: c * c * l * l / 2))
        put(name, text, "alpha_1", l_text, l - v * l * l / 2 if v * l <= 1 else 1 / (2 * v))
        weak = covariance_weak(E, l, largest) if v * l < 2 and largest * l < 2 else mp.inf
        put(name, text, "alpha_c_lower_bound", l_text, min(pairs, weak))
    put(name, text, "lambda_1", "0.1", (1 - mp.sqrt(1 - 2 * v / 10)) / v)

# Finite N: the saddle-node of the averaged noise at a typical target, from the sum over the spectrum S(f) = sum f(c)


def crossover(S, load, size):
    log_noise = mp.log(mp.nint(mp.exp(load * size)) - 1)

    # at log-odds z = ln w/(1 - w): fields u = l w sqrt(c)/D, D = 1 - l (1 - w) c, and the advantage sum u sqrt(c) - c u^2/2
    def excess(l, z):
        w = 1 / (1 + mp.exp(-z))
        field = lambda c: l * w / (1 - l * (1 - w) * c)
        return S(lambda c: c * field(c) - (c * field(c)) ** 2 / 2) - log_noise - z

    def slope(l, z):
        w = 1 / (1 + mp.exp(-z))
        D = lambda c: 1 - l * (1 - w) * c
        rise = lambda c: (l * D(c) - l * l * w * c) / D(c) ** 2
        return S(lambda c: c * rise(c) * (1 - c * l * w / D(c))) * w * (1 - w) - 1

    # the curve l(z) turns where the excess does not change with z
    start = mp.mpf(2)
    near = mp.findroot(lambda l: excess(l, start), (log_noise / size, 2 * log_noise / size), tol=1e-10)
    found = mp.findroot(lambda l, z: [excess(l, z), slope(l, z)], (near, start), tol=1e-32)
    assert found[1] > 0
    return found[0]


def manifold_sum(alpha_d, size):
    # Marchenko and Pastur at y = N/D, and the mean correction of Bai and Silverstein (2004) for real F
    y = mp.mpf(size) / mp.nint(alpha_d * size)
    E, high = marchenko_pastur(1 / y)
    low = (1 - mp.sqrt(y)) ** 2
    arcsine = lambda f: mp.quad(lambda p: f(1 + y + 2 * mp.sqrt(y) * mp.cos(p)), mp.linspace(0, mp.pi, 3)) / mp.pi
    return lambda f: size * E(f) + (f(low) + f(high)) / 4 - arcsine(f) / 2


mp.mp.dps = 20
for name, text in (
    ("correlated-gaussian", "3"),
    ("correlated-gaussian", "0.5 0.5 1 2"),
    ("correlated-gaussian", "0 0.25 1 1.5 2.25"),
    ("hidden-manifold", "4"),
    ("hidden-manifold", "0.5"),
):
    values = [mp.mpf(part) for part in text.split()]
    for size in (60, 400):
        if name == "hidden-manifold":
            S = manifold_sum(values[0], size)
        else:
            E, _ = given(values) if len(values) > 1 else two_levels(values[0])
            S = lambda f: size * E(f)
        put(name, text, "lambda_crossover", f"0.1 {size}", crossover(S, mp.mpf("0.1"), size))

with open(pathlib.Path(__file__).with_name("more_ensembles.csv"), "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("ensemble", "parameter", "quantity", "argument", "value"))
    writer.writerows(ROWS)
