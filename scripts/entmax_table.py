"""Writes the table that the tests of α-entmax compare with, to 40 digits.

    python3 scripts/entmax_table.py > sims/memory/tests/entmax_table.json

p maximises p·z + Σ(p − p^α)/(α(α−1)) on the simplex. Each row is found to 60 digits and then
checked against what defines it, with a = α − 1: Σp = 1, p_i^a − p_j^a = a (z_i − z_j) on the
support, and a (z_max − z_j) ≥ p_max^a off it. Scores and α are doubles, taken as they are. Rows of
many scores z_i = −i/1024 hold the number of positive weights, the first of them and Σp².
"""

import json
import random

import mpmath as mp

mp.mp.dps = 60
ALPHAS = [
    1 + 1e-12, 1 + 1e-6, 1.01, 1.25, 1.5, 1.75, 1.999, 2.0, 2.001, 2.5, 3.0, 5.0, 5.5, 10.0, 33.3,
    100.0,
]  # fmt: skip
GAPS = [1e-12, 1e-6, 1e-3, 0.01, 0.0101, 0.1, 0.5, 1.0, 10.0, 1e3]


def bisect(excess, low, high):
    """The root of a rising function."""
    for _ in range(230):
        middle = (low + high) / 2
        if excess(middle) > 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def entmax(scores, alpha):
    """The weights of falling scores."""
    a = mp.mpf(alpha) - 1
    z = [mp.mpf(score) for score in scores]

    def sum_at_end(k):
        return sum((a * (z[i] - z[k - 1])) ** (1 / a) for i in range(k))

    low, high = 1, len(z) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if sum_at_end(middle) < 1 else (low, middle)
    support = z[:low]
    if a < 1:

        def weights(p):
            x = [a * (z[0] - value) / p**a for value in support]
            return [p * mp.exp(mp.log1p(-y) / a) if y < 1 else mp.mpf(0) for y in x]

        end = mp.mpf(1)
    else:

        def weights(p):
            return [(p**a + a * (value - support[-1])) ** (1 / a) for value in support]

        end = mp.mpf(1) / low
    found = weights(bisect(lambda p: mp.fsum(weights(p)) - 1, mp.mpf(0), end))
    check(found, z, a)
    return found + [mp.mpf(0)] * (len(z) - low)


def check(p, z, a):
    """What defines the weights."""
    assert abs(mp.fsum(p) - 1) < mp.mpf(10) ** -45
    first = p[0] ** a
    for weight, value in zip(p, z):
        assert abs(first - weight**a - a * (z[0] - value)) <= mp.mpf(10) ** -45 * first
    for value in z[len(p) :]:
        assert a * (z[0] - value) >= first * (1 - mp.mpf(10) ** -45)


def digits(number):
    return mp.nstr(number, 40)


def main():
    draw = random.Random(1)
    gaussian = sorted((draw.gauss(0, 1) for _ in range(40)), reverse=True)
    close = sorted((draw.gauss(0, 1e-3) for _ in range(12)), reverse=True)
    sets = [[0.0, -gap] for gap in GAPS]
    sets += [[0.0, 0.0, -gap] for gap in (1e-12, 1e-3, 0.1, 10.0)]
    sets += [[0.0, -gap, -gap, -gap] for gap in (1e-12, 1e-3, 0.1, 10.0)]
    sets += [[0.0] * 5, [1e6, 1e6 - 0.1, 1e6 - 0.25], [0.3, 0.1, 0.0, -0.2, -7.0], close, gaussian]
    rows = [
        {"alpha": alpha, "z": scores, "p": [digits(p) for p in entmax(scores, alpha)]}
        for alpha in ALPHAS
        for scores in sets
    ]
    many = []
    for alpha in ALPHAS:
        p = entmax([-i / 1024 for i in range(3000)], alpha)
        many.append(
            {
                "alpha": alpha,
                "support": sum(weight > 0 for weight in p),
                "first": [digits(weight) for weight in p[:3]],
                "participation": digits(mp.fsum(weight**2 for weight in p)),
            }
        )
    print(json.dumps({"rows": rows, "many": many}, indent=1))


main()
