# /// script
# requires-python = ">=3.11"
# dependencies = ["mpmath", "numpy", "scipy", "statsmodels"]
# ///
"""Writes statistics_reference.json, the reference values of the tests of dam_sims::statistics.

Run: uv run sims/references/statistics_reference.py   (or any Python with the packages above)

Values come from scipy and statsmodels where these are accurate to the last digits, and from exact
or 50-digit arithmetic where they are not; each of the latter is checked against the packages first.
"""

import json
from fractions import Fraction
from pathlib import Path
from statistics import median

import mpmath
import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

mpmath.mp.dps = 50


def normal_quantile():
    rows = []
    probabilities = [2.3e-308, 1e-300, 1e-100, 1e-16, 1e-8, 1e-3, 0.005, 0.025, 0.05, 0.1, 0.2,
                     0.2499, 0.25, 0.2501, 0.3, 0.4, 0.49, 0.4999, 0.499999999, 0.5000001, 0.6,
                     0.75, 0.9, 0.975, 0.999, 0.9999999, 1 - 2**-50]
    for p in probabilities:
        start = stats.norm.ppf(p)
        q = mpmath.mpf(p)
        # log Φ is nearly quadratic in the tail, so the secant method holds there too.
        z = mpmath.findroot(lambda t: mpmath.log(mpmath.ncdf(t)) - mpmath.log(q),
                            (start * (1 - 1e-6), start * (1 + 1e-6)), tol=1e-60, verify=False)
        assert abs(z / start - 1) < 1e-8 or abs(z - start) < 1e-15, (p, z, start)
        rows.append({"probability": p, "quantile": float(z)})
    return rows


def wilson():
    rows = []
    for successes, trials in [(0, 10), (1, 10), (5, 10), (9, 10), (10, 10), (1, 1), (37, 200),
                              (199, 200), (3, 1_000_000), (999_998, 1_000_000)]:
        for confidence in [0.5, 0.6827, 0.95, 0.99]:
            tail = (1 - mpmath.mpf(confidence)) / 2
            z = mpmath.findroot(lambda t: mpmath.ncdf(-t) - tail, stats.norm.isf(float(tail)))
            n, p = mpmath.mpf(trials), mpmath.mpf(successes) / trials
            half = z * mpmath.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
            ends = [(p + z**2 / (2 * n) + sign * half) / (1 + z**2 / n) for sign in (-1, 1)]
            if successes == 0:
                ends[0] = 0
            low, high = float(ends[0]), float(ends[1])
            other = proportion_confint(successes, trials, alpha=1 - confidence, method="wilson")
            assert np.allclose(other, (low, high), rtol=1e-9, atol=1e-15), (other, low, high)
            rows.append({"successes": successes, "trials": trials, "confidence": confidence,
                         "low": low, "high": high})
    return rows


def summary(generator):
    rows = []
    for values in [generator.normal(size=25), generator.exponential(size=40) + 1e6,
                   generator.uniform(size=2) * 1e-200, np.array([1.0, 2.0, 3.0, 4.0])]:
        exact = [Fraction(float(value)) for value in values]
        mean = sum(exact) / len(exact)
        variance = sum((value - mean) ** 2 for value in exact) / (len(exact) - 1)
        root = mpmath.sqrt(mpmath.mpf(variance.numerator) / variance.denominator)
        rows.append({"values": values.tolist(), "mean": float(mean),
                     "median": float(median(values.tolist())),
                     "standard_deviation": float(root),
                     "standard_error": float(root / mpmath.sqrt(len(exact)))})
        assert np.isclose(np.mean(values), float(mean), rtol=1e-12)
    return rows


def sample_variance(values, axis=-1):
    return np.var(values, axis=axis, ddof=1)


def bootstrap(generator):
    """scipy's intervals from resamples that the table also holds."""
    rows = []
    for name, statistic, values in [("mean", np.mean, generator.exponential(size=15)),
                                    ("variance", sample_variance, generator.normal(size=20))]:
        for confidence in [0.68, 0.95]:
            drawn = stats.bootstrap((values,), statistic, n_resamples=300, vectorized=True,
                                    confidence_level=confidence, method="percentile",
                                    rng=generator)
            replicates = drawn.bootstrap_distribution
            corrected = stats.bootstrap((values,), statistic, n_resamples=0, vectorized=True,
                                        confidence_level=confidence, method="BCa",
                                        bootstrap_result=drawn)
            estimate = statistic(values)
            share = ((replicates < estimate).mean() + (replicates <= estimate).mean()) / 2
            jackknife = np.array([statistic(np.delete(values, i)) for i in range(len(values))])
            influence = jackknife.mean() - jackknife
            rows.append({
                "statistic": name, "values": values.tolist(), "confidence": confidence,
                "replicates": replicates.tolist(),
                "bias_correction": float(stats.norm.ppf(share)),
                "acceleration": float((influence**3).sum() / 6 / (influence**2).sum() ** 1.5),
                "bca_low": corrected.confidence_interval.low,
                "bca_high": corrected.confidence_interval.high,
                "percentile_low": drawn.confidence_interval.low,
                "percentile_high": drawn.confidence_interval.high,
                "standard_error": float(np.std(replicates, ddof=1)),
            })
    return rows


def student_coverage():
    """Coverage of the mean ± z · (plug-in deviation)/√n for n Gaussians at confidence 0.9."""
    rows = []
    for count in [60]:
        limit = stats.norm.ppf(0.95) * np.sqrt((count - 1) / count)
        rows.append({"count": count, "coverage": float(1 - 2 * stats.t.sf(limit, count - 1))})
    return rows


def main():
    generator = np.random.default_rng(20261122)
    tables = {
        "normal_quantile": normal_quantile(),
        "wilson": wilson(),
        "summary": summary(generator),
        "bootstrap": bootstrap(generator),
        "student_coverage": student_coverage(),
    }
    text = ",\n".join(
        f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]"
        for name, rows in tables.items()
    )
    Path(__file__).with_suffix(".json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main()
