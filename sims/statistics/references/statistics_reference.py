# /// script
# requires-python = ">=3.11"
# dependencies = ["mpmath", "numpy", "scipy", "statsmodels"]
# ///
"""Writes statistics_reference.json, the reference values of the tests of dam-statistics.

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
import statsmodels.api as sm
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


def chi_squared():
    rows = []
    for dof in [1, 2, 3, 4, 7, 20, 101, 3000]:
        for ratio in [1e-6, 0.3, 1.0, 2.5, 20.0]:
            x = dof * ratio
            q = mpmath.gammainc(mpmath.mpf(dof) / 2, mpmath.mpf(x) / 2, mpmath.inf,
                                regularized=True)
            if q < mpmath.mpf("1e-290"):
                continue
            assert np.isclose(float(q), stats.chi2.sf(x, dof), rtol=1e-8), (x, dof)
            rows.append({"chi_squared": x, "degrees_of_freedom": dof, "survival": float(q)})
    return rows


def weighted_least_squares(generator):
    """Normal equations in 50 digits, checked against statsmodels' WLS."""
    bases = {
        "inverse_powers": lambda n: [mpmath.mpf(1), 1 / n, 1 / n**2],
        "logarithmic": lambda n: [mpmath.mpf(1), mpmath.log(n) / n, 1 / n],
        "line": lambda x: [mpmath.mpf(1), x],
    }
    rows = []
    for name, x, predict_at in [
        ("inverse_powers", [20, 24, 28, 32, 36, 40], 1e6),
        ("inverse_powers", [10, 20, 40, 80, 160, 320, 640], 50.0),
        ("logarithmic", [20, 24, 28, 32, 36, 40], 1e6),
        ("logarithmic", [3, 5, 8, 13, 21, 34, 55, 89], 200.0),
        ("line", [-1.0, 0.5, 0.75, 2.0, 8.0], 0.0),
    ]:
        x = np.array(x, dtype=float)
        errors = generator.uniform(0.01, 0.05, size=x.size)
        exact = [bases[name](mpmath.mpf(value)) for value in x]
        curve = np.array([float(1 + 2 * row[1] - row[-1]) for row in exact])
        y = curve + errors * generator.normal(size=x.size)
        a = mpmath.matrix([[f / mpmath.mpf(e) for f in row] for row, e in zip(exact, errors)])
        b = mpmath.matrix([mpmath.mpf(v) / mpmath.mpf(e) for v, e in zip(y, errors)])
        covariance = (a.T * a) ** -1
        coefficients = covariance * (a.T * b)
        residual = b - a * coefficients
        chi_squared = mpmath.fdot(residual, residual)
        dof = x.size - a.cols
        p_value = mpmath.gammainc(mpmath.mpf(dof) / 2, chi_squared / 2, mpmath.inf,
                                  regularized=True)
        f = mpmath.matrix(bases[name](mpmath.mpf(predict_at)))
        design = np.array([[float(v) for v in row] for row in exact])
        other = sm.WLS(y, design, weights=errors**-2.0).fit()
        flat = [float(covariance[i, j]) for j in range(a.cols) for i in range(a.cols)]
        assert np.allclose(other.params, [float(c) for c in coefficients], rtol=1e-7)
        assert np.allclose(other.normalized_cov_params.ravel(), flat, rtol=1e-6)
        scaled = design / errors[:, None]
        scaled /= np.linalg.norm(scaled, axis=0)
        rows.append({
            "basis": name, "x": x.tolist(), "y": y.tolist(), "errors": errors.tolist(),
            "condition_number": float(np.linalg.cond(scaled)),
            "coefficients": [float(c) for c in coefficients], "covariance": flat,
            "chi_squared": float(chi_squared), "p_value": float(p_value),
            "predict_at": predict_at, "prediction": float((f.T * coefficients)[0]),
            "prediction_error": float(mpmath.sqrt((f.T * covariance * f)[0])),
        })
    return rows


def logistic(generator):
    """The root of the score in 50 digits, started from and checked against statsmodels' GLM."""
    rows = []
    for positions, midpoint, width, trials in [
        (np.linspace(1, 4, 9), 2.3, 0.3, 100),
        (np.linspace(10, 20, 6), 15.2, 2.0, 1000),
        (np.array([0.5, 0.9, 1.5, 1.6]), 1.1, -0.4, 40),
    ]:
        p = 1 / (1 + np.exp(-(positions - midpoint) / width))
        successes = generator.binomial(trials, p)
        counts = np.full(positions.size, trials)
        other = sm.GLM(np.column_stack([successes, counts - successes]),
                       sm.add_constant(positions), family=sm.families.Binomial()).fit(tol=1e-14)

        def score(a, b):
            residuals = [int(s) - int(n) / (1 + mpmath.exp(-a - b * mpmath.mpf(x)))
                         for x, s, n in zip(positions, successes, counts)]
            return [mpmath.fsum(residuals),
                    mpmath.fsum(r * mpmath.mpf(x) for r, x in zip(residuals, positions))]

        a, b = mpmath.findroot(score, tuple(other.params), tol=1e-70)
        assert np.allclose(other.params, [float(a), float(b)], rtol=1e-9)
        information = mpmath.matrix(2, 2)
        deviance = mpmath.mpf(0)
        for x, s, n in zip(positions, successes, counts):
            x, s, n = mpmath.mpf(x), int(s), int(n)
            q = 1 / (1 + mpmath.exp(-a - b * x))
            row = mpmath.matrix([1, x])
            information += n * q * (1 - q) * row * row.T
            deviance += 2 * s * mpmath.log(s / (n * q)) if s else 0
            deviance += 2 * (n - s) * mpmath.log((n - s) / (n * (1 - q))) if s < n else 0
        assert np.isclose(other.deviance, float(deviance), rtol=1e-8)
        jacobian = mpmath.matrix([[-1 / b, a / b**2], [0, -1 / b**2]])
        covariance = jacobian * information**-1 * jacobian.T
        rows.append({
            "lambda": positions.tolist(), "successes": successes.tolist(),
            "trials": counts.tolist(), "midpoint": float(-a / b), "width": float(1 / b),
            "covariance": [float(covariance[i, j]) for i in range(2) for j in range(2)],
            "deviance": float(deviance),
        })
    return rows


def scaled(l, rho, a, da, rho_c, nu, zeta):
    factor = l[:, None] ** (-zeta / nu)
    return l[:, None] ** (1 / nu) * (rho - rho_c), factor * a, factor * da


def scaledata(generator):
    rows = []
    for rho_c, nu, zeta in [(0.5, 1.0, 0.0), (0.4321, 1.7, 0.9), (0.0, 0.5, -2.25)]:
        l = np.array([8.0, 16.0, 33.0])
        rho = np.sort(generator.uniform(size=5))
        a, da = generator.normal(size=(3, 5)), generator.uniform(0.1, 1.0, size=(3, 5))
        x, y, dy = scaled(l, rho, a, da, rho_c, nu, zeta)
        rows.append({"l": l.tolist(), "rho": rho.tolist(), "a": a.tolist(), "da": da.tolist(),
                     "rho_c": rho_c, "nu": nu, "zeta": zeta,
                     "x": x.tolist(), "y": y.tolist(), "dy": dy.tolist()})
    return rows


def quality(generator):
    """Houdayer and Hartmann's S, its local lines by numpy.polyfit with their covariance."""
    rows = []
    for lengths in [(6, 6, 6), (4, 9, 5, 7), (2, 2), (1, 8, 3)]:
        x = [np.sort(generator.uniform(-1, 1 + 0.2 * k, size=n)) for k, n in enumerate(lengths)]
        # A coincidence with an end and with an inner point of another size.
        x[1][0], x[0][-1] = x[0][0] - 0.5, x[1][-1]
        x = [np.sort(row) for row in x]
        y = [np.tanh(row) + 0.1 * generator.normal(size=row.size) for row in x]
        dy = [generator.uniform(0.05, 0.2, size=row.size) for row in x]
        terms = []
        for i, row in enumerate(x):
            for j, position in enumerate(row):
                chosen = []
                for other in range(len(x)):
                    pairs = [k for k in range(len(x[other]) - 1)
                             if x[other][k] <= position <= x[other][k + 1]]
                    if other != i and pairs:
                        chosen += [(other, pairs[-1]), (other, pairs[-1] + 1)]
                if not chosen:
                    continue
                px, py, pdy = (np.array([table[o][k] for o, k in chosen]) for table in (x, y, dy))
                shifted = px - position
                line, covariance = np.polyfit(shifted, py, 1, w=1 / pdy, cov="unscaled")
                terms.append((y[i][j] - line[1]) ** 2 / (dy[i][j] ** 2 + covariance[1, 1]))
        rows.append({"x": [row.tolist() for row in x], "y": [row.tolist() for row in y],
                     "dy": [row.tolist() for row in dy], "quality": float(np.mean(terms))})
    return rows


def main():
    generator = np.random.default_rng(20261122)
    tables = {
        "normal_quantile": normal_quantile(),
        "wilson": wilson(),
        "summary": summary(generator),
        "bootstrap": bootstrap(generator),
        "student_coverage": student_coverage(),
        "chi_squared": chi_squared(),
        "weighted_least_squares": weighted_least_squares(generator),
        "logistic": logistic(generator),
        "scaledata": scaledata(generator),
        "quality": quality(generator),
    }
    text = ",\n".join(
        f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]"
        for name, rows in tables.items()
    )
    Path(__file__).with_suffix(".json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main()
