#!/usr/bin/env python3
# /// script
# requires-python = ">=3.10"
# dependencies = ["mpmath"]
# ///
"""Reference values of the capacity bounds, at 60 digits by routes other than the crate's.

Growth constants come from mpmath's Lambert W, caps from its incomplete beta function, self-consistent capacities from
bisection. Writes bounds.csv beside itself: quantity,dimension,beta,x,y,z,value (x, y, z are named at each block).
"""

import csv
import pathlib

import mpmath as mp

mp.mp.dps = 60
ROWS = []


def put(quantity, dimension, beta, x, y, z, value):
    ROWS.append((quantity, dimension, beta, x, y, z, mp.nstr(value, 22, strip_zeros=False)))


def bisect(function, low, high):
    """The sign change of a decreasing function."""
    low, high = mp.mpf(low), mp.mpf(high)
    assert function(low) >= 0 >= function(high), (function(low), function(high))
    for _ in range(230):
        middle = (low + high) / 2
        if function(middle) >= 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def log_cap(dimension, angle):
    """ln of the share of the sphere within an angle of at most 90 degrees."""
    x = mp.sin(angle) ** 2
    a, b = (mp.mpf(dimension) - 1) / 2, mp.mpf(1) / 2
    if dimension > 2000:
        # F(1, a + b; a + 1; x) in its Euler form
        series = mp.hyp2f1(a + b, 1, a + 1, x)
        log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
        return a * mp.log(x) + b * mp.log(1 - x) - mp.log(a) - log_beta + mp.log(series) - mp.log(2)
    return mp.log(mp.betainc(a, b, 0, x, regularized=True) / 2)


# x = K, y = p: ln c and ln M of A5; then z = the dimension that A6 gives back, by both branches
for d in (2, 3, 20, 75, 1000, 1000000):
    for beta, k, p in (("1", "3", "0.001"), ("1", "1", "0.001"), ("0.01", "1", "0.5"), ("200", "2", "1e-6"), ("1e4", "5", "1")):
        B, K, P = mp.mpf(beta), mp.mpf(k), mp.mpf(p)
        a = 2 / (mp.mpf(d) - 1) * (1 + mp.log(2 * B * K**2 * P * (d - 1)))
        b = 2 * K**2 * B / 5
        c = b / mp.lambertw(mp.exp(a + mp.log(b))).real
        put("ramsauer_log_growth", d, beta, k, p, "", mp.log(c))
        put("ramsauer_log_count", d, beta, k, p, "", mp.log(P) / 2 + (mp.mpf(d) - 1) / 4 * mp.log(c))

# x = K, y = p, z = c: the dimensions of A6 on each branch that exists
for beta, k, p, c in (("1", "3", "0.001", "2"), ("1", "1", "0.001", "1.2"), ("1", "1", "0.001", "1.5"), ("1", "3", "0.1", "2.5"), ("1", "1", "0.3", "1.35")):
    B, K, P, C = mp.mpf(beta), mp.mpf(k), mp.mpf(p), mp.mpf(c)
    slope = mp.log(C) / 2 - K**2 * B / (5 * C)
    argument = slope * mp.exp(-(1 + mp.log(2 * P * B * K**2)))
    if slope > 0:
        put("ramsauer_dimension", "", beta, k, p, c, 1 + mp.lambertw(argument).real / slope)
    elif argument >= -mp.exp(-1):
        put("ramsauer_dimension", "", beta, k, p, c, 1 + mp.lambertw(argument).real / slope)
        put("ramsauer_dimension_upper", "", beta, k, p, c, 1 + mp.lambertw(argument, -1).real / slope)
    else:
        put("ramsauer_no_dimension", "", beta, k, p, c, mp.mpf(0))

# x = R, y = p, z = m: ln M of the three chains
for d in (3, 20, 100, 1000):
    for beta, r, p, m in (("100", "0.01", "0.01", "1"), ("500", "0.002", "0.01", "1"), ("40", "0.001", "0.5", "2"), ("2000", "0.03", "1e-6", "1"), ("10", "0.1", "0.1", "1")):
        B, R, P, NORM = mp.mpf(beta), mp.mpf(r), mp.mpf(p), mp.mpf(m)
        q = (mp.mpf(d) - 1) / 4
        a = (mp.log(2 * NORM * mp.sqrt(P) / R) + 2 * B * NORM * R) / q
        b = NORM**2 * B / (5 * q)
        c = b / mp.lambertw(mp.exp(a + mp.log(b))).real
        put("kernelized_lemma", d, beta, r, p, m, mp.log(P) / 2 + q * mp.log(c))
        kappa = mp.gamma(mp.mpf(d) / 2) / (mp.sqrt(mp.pi) * (d - 1) * mp.gamma((mp.mpf(d) - 1) / 2))
        for name, log_measure in (
            ("kernelized_exact", lambda t: mp.log(kappa) + (d - 1) * mp.log(t)),
            ("kernelized_cap", lambda t: log_cap(d, t)),
        ):
            count = lambda t: (mp.log(2 * P) - log_measure(t)) / 2
            slack = lambda t: (mp.log(2 * NORM / R) + count(t)) / B + 2 * NORM * R - NORM**2 * (1 - mp.cos(t))
            if slack(mp.pi / 2) < 0:
                put(name, d, beta, r, p, m, count(bisect(slack, mp.mpf(10) ** -8, mp.pi / 2)))

# x = angle in radians
for d in (2, 3, 4, 8, 30, 100, 1000, 1000000):
    for angle in ("0.001", "0.2", "0.7853981633974483", "1", "1.5", "1.57"):
        t = mp.mpf(angle)
        put("cap", d, "", angle, "", "", log_cap(d, t))
        closed = 2 * mp.sqrt(mp.pi) * mp.exp(mp.loggamma((mp.mpf(d) + 1) / 2) - mp.loggamma(mp.mpf(d) / 2))
        put("code_caps_closed_form", d, "", angle, "", "", mp.log(closed) - (d - 1) * mp.log(mp.sin(t / 2)))
        put("code_caps", d, "", angle, "", "", -log_cap(d, t / 2))
        put("code_covering", d, "", angle, "", "", max(mp.log(2 * d), -log_cap(d, t)))

# x = ln M: bounds on 1 - cos of the best angle
for d in (3, 4, 10, 100, 10000):
    for log_count in ("2.4849066497880004", "1", "20", "300"):
        M = mp.mpf(log_count)
        half = mp.mpf(d) / 2
        ratio = mp.loggamma(half + mp.mpf(1) / 2) - mp.loggamma(half + 1)
        put("separation_lower", d, "", log_count, "", "", mp.exp(mp.mpf(2) / (d - 1) * (mp.log(mp.pi) / 2 - M + ratio)) / 2)
        ratio = mp.loggamma(half + mp.mpf(1) / 2) - mp.loggamma(half)
        put("separation_upper", d, "", log_count, "", "", 2 * mp.exp(mp.mpf(2) / (d - 1) * (mp.log(2 * mp.sqrt(mp.pi)) - M + ratio)))

# x = R, y = 1 with the margin 2R and 0 without: ln M*, only where the angle at M* stays below 90 degrees
for d in (3, 10, 100, 1000):
    for beta, r in (("100", "0.01"), ("500", "0.002"), ("1000", "0.001"), ("20000", "0.0001")):
        for margin in (0, 1):
            B, R = mp.mpf(beta), mp.mpf(r)
            gap = lambda x: mp.log(2 * mp.expm1(x) / R) / B + 2 * R * margin
            angle = lambda x: 2 * mp.asin(mp.sqrt(gap(x) / 2))
            log_closed = mp.log(2 * mp.sqrt(mp.pi)) + mp.loggamma((mp.mpf(d) + 1) / 2) - mp.loggamma(mp.mpf(d) / 2)
            sizes = (
                ("optimal_caps_closed_form", lambda x: log_closed - (d - 1) * mp.log(mp.sin(angle(x) / 2))),
                ("optimal_caps", lambda x: -log_cap(d, angle(x) / 2)),
                ("optimal_covering", lambda x: max(mp.log(2 * d), -log_cap(d, angle(x)))),
            )
            # the angle reaches 90 degrees at this x
            most = mp.log1p(mp.exp(B * (1 - 2 * R * margin)) * R / 2) * (1 - mp.mpf(10) ** -40)
            for name, size in sizes:
                slack = lambda x: size(x) - x
                if most > mp.log(2) and slack(most) < 0 < slack(mp.log(2)):
                    put(name, d, beta, r, margin, "", bisect(slack, mp.log(2), most))

# x = m, y = R, z = ln(M - 1): the separation needed, and the error left at separation 0.5
for beta, m, r, others in (("100", "1", "0.01", "5"), ("7", "2", "0.3", "0"), ("1e5", "1", "1e-5", "2e4")):
    B, NORM, R, O = mp.mpf(beta), mp.mpf(m), mp.mpf(r), mp.mpf(others)
    put("required_separation", "", beta, m, r, others, (mp.log(2 * NORM / R) + O) / B + 2 * NORM * R)
    put("log_retrieval_error", "", beta, m, r, others, mp.log(2 * NORM) + O - B * (mp.mpf("0.5") - 2 * NORM * R))

with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("quantity", "dimension", "beta", "x", "y", "z", "value"))
    writer.writerows(ROWS)
