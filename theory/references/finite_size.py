#!/usr/bin/env python3
# /// script
# requires-python = ">=3.10"
# dependencies = ["mpmath"]
# ///
"""Reference values of the finite-size theory, at 40 digits by routes other than the crate's.

Averages over the sphere are integrals over the cosine; tails are integrals or mpmath's own functions;
crossovers are the two equations f(m) = m, f'(m) = 1 of the saddle-node, solved for (m, lambda).
Writes finite_size.csv beside itself: quantity,size,x,y,value (the meaning of x and y is given at each block).
"""

import csv
import pathlib

import mpmath as mp

mp.mp.dps = 40
ROWS = []


def put(quantity, size, x, y, value):
    ROWS.append((quantity, size, x, y, mp.nstr(value, 22, strip_zeros=False)))


def log_sphere_constant(size):
    """ln of the normalisation of (1 - t^2)^((N-3)/2)."""
    n = mp.mpf(size)
    return mp.loggamma(n / 2) - mp.loggamma((n - 1) / 2) - mp.log(mp.pi) / 2


def sphere_integral(size, k, low=-1, high=1):
    """(ln int e^{kt} p(t) dt, mean of t under it) over [low, high], by Gauss-Legendre panels around the mode."""
    power = (mp.mpf(size) - 3) / 2
    k, low, high = mp.mpf(k), mp.mpf(low), mp.mpf(high)
    if power > 0:
        mode = k / (power + mp.sqrt(power**2 + k**2)) if k else mp.mpf(0)
    else:
        mode = mp.mpf(1) if k > 0 else mp.mpf(0)
    mode = min(max(mode, low), high)
    # panels grow geometrically from the mode; the first is a fraction of both the slope's and the curvature's scale
    gap = max(1 - mode**2, mp.mpf(10) ** -30)
    slope = abs(k - 2 * power * mode / gap)
    curvature = 2 * power * (1 + mode**2) / gap**2
    width = 1 / (1 + slope + mp.sqrt(curvature))
    edges = {low, high, mode}
    for sign in (-1, 1):
        step = width
        place = mode
        while True:
            place += sign * step
            if not low < place < high:
                break
            edges.add(place)
            if abs(place - mode) > 12 * width:
                step *= mp.mpf("1.5")
    # the last panel touching an endpoint +-1 has an algebraic end: halve towards it
    for end in (-1, 1):
        if low <= end <= high and size < 42 and (size != int(size) or size % 2 == 0):
            distance = abs(mode - end)
            for _ in range(60):
                distance /= 2
                edges.add(end + distance if end == -1 else end - distance)
    edges = {edge for edge in edges if low <= edge <= high}

    def difference(t):
        return power * mp.log((1 - t**2) / (1 - mode**2)) + k * (t - mode) if power else k * (t - mode)

    total = first = mp.mpf(0)
    edges = sorted(edges)
    for left, right in zip(edges, edges[1:]):
        if max(difference(t) if abs(t) < 1 else -mp.inf for t in (left, right)) < -110 and not left <= mode <= right:
            continue
        half, middle = (right - left) / 2, (right + left) / 2
        for node, weight in NODES:
            t = middle + half * node
            value = weight * half * mp.exp(difference(t))
            total += value
            first += value * t
    top = (power * mp.log(1 - mode**2) if power else 0) + k * mode
    return top + mp.log(total) + log_sphere_constant(size), first / total


def gauss_legendre(count):
    nodes = []
    for i in range(count):
        x = mp.cos(mp.pi * (i + mp.mpf(3) / 4) / (count + mp.mpf(1) / 2))
        for _ in range(7):  # Newton's method, from a start good to three digits
            before, value = mp.mpf(1), x
            for n in range(2, count + 1):
                before, value = value, ((2 * n - 1) * x * value - (n - 1) * before) / n
            slope = count * (x * value - before) / (x**2 - 1)
            x -= value / slope
        nodes.append((x, 2 / ((1 - x**2) * slope**2)))
    assert abs(sum(weight for _, weight in nodes) - 2) < mp.mpf(10) ** -35
    return nodes


NODES = gauss_legendre(30)

# sphere: x = lambda (k = lambda N)
for size in (3, 4, 5, 7.5, 10, 20, 41, 42, 43, 60, 100, 1000, 10**4, 10**5, 10**6):
    for inverse_temperature in ("0.001", "0.01", "0.1", "0.3", "0.7", "1", "2.5", "10", "100"):
        k = mp.mpf(inverse_temperature) * size
        log_moment, mean = sphere_integral(size, k)
        if k < 300:  # the two routes must agree
            direct = mp.log(mp.hyp0f1(mp.mpf(size) / 2, k**2 / 4))
            assert abs(log_moment / direct - 1) < mp.mpf(10) ** -22, (size, k, log_moment, direct)
        put("sphere_log_moment", size, inverse_temperature, "", log_moment)
        put("sphere_mean_cosine", size, inverse_temperature, "", mean)

# Pr(t > c): x = c
for size in (3, 4, 7.5, 20, 100, 1000, 10**6):
    for cosine in ("-0.9", "-0.01", "0.0001", "0.01", "0.1", "0.3", "0.6", "0.9", "0.999"):
        if size >= 1000 and cosine.startswith("-0.9"):
            continue  # indistinguishable from one
        tail = sphere_integral(size, 0, cosine.lstrip("-"), 1)[0]
        put("sphere_log_tail", size, cosine, "", mp.log1p(-mp.exp(tail)) if cosine.startswith("-") else tail)

# E[e^{k t}; t < c] with k = lambda N: x = lambda, y = c
for size in (3, 4, 7.5, 30, 200, 10**4, 10**6):
    for inverse_temperature in ("0.2", "1", "4"):
        for cosine in ("-0.5", "0.05", "0.2", "0.5", "0.9"):
            log_moment, mean = sphere_integral(size, mp.mpf(inverse_temperature) * size, -1, cosine)
            put("truncated_log_moment", size, inverse_temperature, cosine, log_moment)
            put("truncated_mean_cosine", size, inverse_temperature, cosine, mean)

# the mean of the largest of M cosines: x = ln M
for size, log_count in ((3, "2"), (10, "3"), (20, "6"), (40, "8"), (100, "20"), (1000, "200")):
    count = mp.exp(mp.mpf(log_count))

    def below(c):
        q = mp.exp(sphere_integral(size, 0, c, 1)[0])
        return 1 - mp.exp(count * mp.log1p(-q)) if q < 1 else mp.mpf(1)

    # 1 - (1 - Q)^M falls from 1 to 0 around M Q = 1
    center = mp.sqrt(-mp.expm1(-2 * mp.mpf(log_count) / (size - 1)))
    mp.mp.dps = 22
    edges = {mp.mpf(j) / 2 for j in range(-2, 3)} | {center + j * (1 - center) * min(mp.mpf(1), mp.mpf(20) / size) / 12 for j in range(-48, 49)}
    edges = sorted(edge for edge in edges if -1 <= edge <= 1)
    value = -1 + sum(h * w * below(m + h * n) for l, r in zip(edges, edges[1:]) for h, m in [((r - l) / 2, (r + l) / 2)] for n, w in NODES)
    put("sphere_mean_maximum", size, log_count, "", value)
    mp.mp.dps = 40

for z in ("-30", "-3", "-0.5", "0", "0.001", "1", "2.8", "2.9", "5", "37", "400"):
    put("normal_log_tail", "", z, "", mp.log1p(-mp.erfc(-mp.mpf(z) / mp.sqrt(2)) / 2) if z < "0" else mp.log(mp.erfc(mp.mpf(z) / mp.sqrt(2)) / 2))

# chi^2_N/N below r: x = r
for size in (3, 10, 40, 1000, 10**5):
    for ratio in ("0.2", "0.5", "0.9", "0.99", "1", "1.01", "1.3", "2"):
        a = mp.mpf(size) / 2
        power, x = a, a * mp.mpf(ratio)
        term = total = mp.mpf(1)  # the series of the lower function, all terms positive
        n = 0
        while term > total * mp.mpf(10) ** -45:
            n += 1
            term *= x / (a + n)
            total += term
        log_lower = a * mp.log(x) - x - mp.loggamma(a + 1) + mp.log(total)
        if log_lower < -mp.mpf(10) ** -15:  # enough of the 40 digits are left
            put("norm_log_lower_tail", size, ratio, "", log_lower)
            if log_lower > -34:
                put("norm_log_upper_tail", size, ratio, "", mp.log(-mp.expm1(log_lower)))

# Pr(xi . xi' > |xi|^2) for Gaussian patterns, by its own integral over |xi|
for size in (1, 2, 3, 10, 100, 1000):
    n = mp.mpf(size)
    peak = mp.sqrt(n / 2)

    def density(s):
        return mp.exp((n - 1) * mp.log(s / peak) - (s**2 - peak**2) / 2) * mp.erfc(s / mp.sqrt(2)) / mp.erfc(peak / mp.sqrt(2))

    edges = [max(mp.mpf(0), peak + mp.mpf(j) / 2) for j in range(-24, 25)]
    total = sum((r - l) / 2 * w * density((l + r) / 2 + (r - l) / 2 * x) for l, r in zip(edges, edges[1:]) if r > l for x, w in NODES)
    constant = (1 - n / 2) * mp.log(2) - mp.loggamma(n / 2)
    put("pair_log_probability", size, "", "", constant + (n - 1) * mp.log(peak) - peak**2 / 2 + mp.log(mp.erfc(peak / mp.sqrt(2)) / 2) + mp.log(total))


def saddle_node(log_patterns, squared_norm, log_moment, mean, slope, guess):
    """f(a) = a gives lambda = u/F(u), u = lambda a; then f'(a) = 1 is solved for u."""

    def state(u):
        log_odds = squared_norm * u - log_moment(u) - log_patterns
        w = 1 / (1 + mp.exp(-log_odds))
        return w, u / (w + (1 - w) * mean(u))

    def excess_slope(u):
        w, inverse_temperature = state(u)
        lost = 1 - mean(u)
        return inverse_temperature * (w * (1 - w) * squared_norm * lost**2 + (1 - w) * slope(u)) - 1

    u = mp.findroot(excess_slope, guess, solver="anderson", tol=mp.mpf(10) ** -50)
    w, inverse_temperature = state(u)
    assert w > 0.5, "not a saddle-node above one half"
    return inverse_temperature


def scan(log_patterns, squared_norm, log_moment, mean):
    """A bracket of the smallest u/F(u), by a grid upwards from w = 1/2."""

    def log_odds(u):
        return squared_norm * u - log_moment(u) - log_patterns

    low = high = log_patterns / squared_norm
    while log_odds(high) < 0:
        high += (1 - mean(high)) / 2
    u = mp.findroot(log_odds, (low, high), solver="anderson", tol=mp.mpf(10) ** -15)
    before, last, best = u, u, None
    while True:
        w = 1 / (1 + mp.exp(-log_odds(u)))
        value = u / (w + (1 - w) * mean(u))
        if best is not None and value > best:
            return before, u
        lost = 1 - mean(u)
        step = mp.mpf("0.05") * min(1 / (squared_norm * lost), lost)
        before, last, best, u = last, u, value, u + step


# crossovers: x = ln(P - 1), y = r (Gaussian)
for size, log_patterns in ((20, "6"), (40, "4"), (40, "8"), (64, "60"), (200, "30"), (1000, "700")):
    n, l = mp.mpf(size), mp.mpf(log_patterns)

    def ratio(u, n=n):
        return mp.besseli(n / 2, n * u) / mp.besseli(n / 2 - 1, n * u)

    args = dict(
        log_moment=lambda u, n=n: mp.log(mp.hyp0f1(n / 2, (n * u) ** 2 / 4)),
        mean=ratio,
    )
    mp.mp.dps = 18
    guess = scan(l, n, **args)
    mp.mp.dps = 40
    value = saddle_node(l, n, slope=lambda u, n=n: n * (1 - ratio(u) ** 2 - (n - 1) * ratio(u) / (n * u)), guess=guess, **args)
    put("crossover_spherical", size, log_patterns, "", value)
# few patterns on the sphere: no saddle-node above one half, lambda_x is where the weight is one half
for size, log_patterns in ((3, "4"), (5, "3"), (8, "6")):
    n, l = mp.mpf(size), mp.mpf(log_patterns)
    log_odds = lambda u: n * u - mp.log(mp.hyp0f1(n / 2, (n * u) ** 2 / 4)) - l
    low = high = l / n
    while log_odds(high) < 0:
        high *= 2
    u = mp.findroot(log_odds, (low, high), solver="anderson", tol=mp.mpf(10) ** -60)
    mean = mp.besseli(n / 2, n * u) / mp.besseli(n / 2 - 1, n * u)
    put("crossover_spherical", size, log_patterns, "", u / ((1 + mean) / 2))
for size, log_patterns, norm in ((40, "4", "1"), (40, "8", "0.757"), (40, "8", "1.222"), (40, "15", "1"), (10**4, "2000", "1.01"), (10**6, "450000", "1"), (10**6, "1000", "0.999")):
    n = mp.mpf(size) * mp.mpf(norm)
    l = mp.mpf(log_patterns)
    args = dict(log_moment=lambda u, n=n: n * u * u / 2, mean=lambda u: u)
    put("crossover_gaussian", size, log_patterns, norm, saddle_node(l, n, slope=lambda u: 1, guess=scan(l, n, **args), **args))
for size, log_patterns in ((40, "4"), (40, "8"), (40, "18"), (10**4, "2000"), (10**6, "600000")):
    n, l = mp.mpf(size), mp.mpf(log_patterns)
    args = dict(log_moment=lambda u, n=n: n * mp.log(mp.cosh(u)), mean=mp.tanh)
    put("crossover_rademacher", size, log_patterns, "", saddle_node(l, n, slope=lambda u: 1 - mp.tanh(u) ** 2, guess=scan(l, n, **args), **args))

with (pathlib.Path(__file__).parent / "finite_size.csv").open("w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("quantity", "size", "x", "y", "value"))
    writer.writerows(ROWS)
