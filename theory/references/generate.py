# /// script
# requires-python = ">=3.9"
# dependencies = ["mpmath"]
# ///
"""Writes the reference tables of dam-theory, 25 digits each, from definitions and not from its code.

    uv run theory/references/generate.py        (or: pip install mpmath; python generate.py)

Each ensemble enters through its rate function s(ε) alone (uniform components: through K(h) alone).
ζ(λ) is the maximum of λε − s(ε), ε_*(α) the inverse of s, λ_* = s'(ε_*), α_* = s at the saddle, α₁ and
θ_c the solutions of Φ = λ and Φ = λ cos θ, the lower bounds first-moment counts of targets and pairs.
Arithmetic has 60 digits. The formulas are those of Lucibello and Mézard, PRL 132, 077301 (2024), and of
Ramsauer et al., arXiv:2008.02217.
"""

from decimal import Decimal
from pathlib import Path

from mpmath import (
    acos, degrees, e, exp, expm1, inf, lambertw, ln, log1p, mp, mpf, nan, nstr, sinh, sqrt, tanh,
)
from mpmath.calculus.quadrature import GaussLegendre

mp.dps = 60
HERE = Path(__file__).parent


# Searches


def root(function, low, high):
    """The root between low and high, where the signs differ (Ridder's method)."""
    low, high = mpf(low), mpf(high)
    at_low, at_high = function(low), function(high)
    if at_low == 0 or at_high == 0:
        return low if at_low == 0 else high
    assert at_low * at_high < 0, (low, high, at_low, at_high)
    last = inf
    for _ in range(1000):
        middle = (low + high) / 2
        at_middle = function(middle)
        if at_middle == 0:
            return middle
        sign = 1 if at_low > at_high else -1
        probe = middle + (middle - low) * sign * at_middle / sqrt(at_middle**2 - at_low * at_high)
        at_probe = function(probe)
        if at_probe == 0 or abs(probe - last) <= mpf(10) ** -52 * abs(probe):
            return probe
        last = probe
        points = sorted([(low, at_low), (middle, at_middle), (probe, at_probe), (high, at_high)])
        for (a, at_a), (b, at_b) in zip(points, points[1:]):
            if at_a * at_b < 0:
                low, at_low, high, at_high = a, at_a, b, at_b
                break
    raise ArithmeticError("no root")


def maximum(function, low, high):
    """The place and value of the maximum of a unimodal function (golden section). Half of 60 digits
    of the place are lost, none of the value's 30 that matter."""
    ratio = (sqrt(5) - 1) / 2
    low, high = mpf(low), mpf(high)
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > mpf(10) ** -16 * (abs(low) + abs(high)):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = function(right)
    place = (low + high) / 2
    return place, function(place)


# Ensembles: a curve u ↦ (ε, s, s', 1 − ε) for ε > 0 with s'(ε) increasing in u


class Curve:
    """A Random Energy Model known by its rate function, at a state of squared norm rho."""

    norm = mpf(1)
    least_load = mpf(0)

    def at_slope(self, slope):
        """The saddle: maximises slope·ε − s(ε)."""
        u = root(lambda u: self.point(u)[2] - slope, *self.range)
        return self.point(u)

    def at_rate(self, rate):
        """ε_*: s(ε) = rate."""
        u = root(lambda u: self.point(u)[1] - rate, *self.range)
        return self.point(u)

    def cgf(self, lam):
        overlap, rate, _, _ = self.at_slope(lam)
        return lam * overlap - rate

    def free_entropy(self, load, lam):
        """The largest α + λε − s(ε) among the levels with s(ε) ≤ α, and 1 − Φ/λ."""
        saddle, rate, _, shortfall = self.at_slope(lam)
        if rate > load:
            saddle, rate, _, shortfall = self.at_rate(load)
        return load + lam * saddle - rate, shortfall - (load - rate) / lam

    def alpha_1(self, lam):
        """α at which Φ = λ: in the uncondensed phase if it lies there, else s(1)."""
        load = lam - self.cgf(lam)
        return load if load >= self.at_slope(lam)[1] else self.rate_of_target

    def lambda_1(self, load):
        """λ at which Φ = λ, following the saddle: α = s'(ε)(1 − ε) + s(ε)."""

        def excess(u):
            _, rate, slope, shortfall = self.point(u)
            return slope * shortfall + rate - load

        return self.point(root(excess, *self.typical_range))[2]


class Spherical(Curve):
    """The cosine t = ε/√ρ with a fixed direction has density ∝ (1 − t²)^{(N−3)/2}. 1 − t = e^{−u}."""

    name = "spherical"
    rate_of_target = inf
    range = typical_range = (mpf(10) ** -30, 60)

    def __init__(self, rho=1):
        self.norm = mpf(rho)

    def point(self, u):
        q = exp(-u)
        cosine, radius = -expm1(-u), sqrt(self.norm)
        rate = -(ln(q) + ln(2 - q)) / 2
        return radius * cosine, rate, cosine / (q * (2 - q)) / radius, 1 - radius * cosine


class Gaussian(Curve):
    """ε = x·ξ/N is normal with variance ρ/N. ε = u."""

    name = "gaussian"
    rate_of_target = mpf(1) / 2
    range = (mpf(10) ** -30, mpf(10) ** 6)
    typical_range = (mpf(10) ** -30, 1)

    def __init__(self, rho=1):
        self.norm = mpf(rho)

    def point(self, u):
        return u, u**2 / (2 * self.norm), u / self.norm, 1 - u


class Rademacher(Curve):
    """N(1 − q) of N signs agree with probability e^{−N s}, s = ln 2 minus the entropy; ε = 1 − 2q.
    ln((1 − q)/q) = 2u."""

    name = "rademacher"
    rate_of_target = ln(2)
    range = typical_range = (mpf(10) ** -30, mpf(10) ** 5)

    def point(self, u):
        q = 1 / (1 + exp(2 * u))
        rate = ln(2) + q * ln(q) + (1 - q) * log1p(-q)
        return 1 - 2 * q, rate, (log1p(-q) - ln(q)) / 2, 2 * q


NODES = GaussLegendre(mp).calc_nodes(4, mp.prec)
EDGE = sqrt(mpf(3))


class Uniform(Curve):
    """Components uniform on [−√3, √3]: K(h) = ln E e^{hξ}, ζ(λ) = E_y K(λy), and s by ε = ζ'(λ).
    u = λ."""

    name = "uniform"
    range = (mpf(10) ** -6, mpf(10) ** 5)
    least_load = mpf(10) ** -5  # K(λy) ~ λ²y² must keep 25 of 60 digits

    def __init__(self):
        self.rules = {}
        self.target = root(lambda lam: self.point(lam)[0] - 1, 1, 4)
        self.rate_of_target = self.point(self.target)[1]
        self.typical_range = (self.range[0], self.target)
        place, value = maximum(lambda k: -self.log_mean(lambda y: self.K(k * y) - k * y * y), 0.1, 3)
        self.pairs = value / 2

    @staticmethod
    def K(h):
        x = EDGE * h
        return ln(sinh(x) / x)

    @staticmethod
    def slope(h):
        x = EDGE * h
        return EDGE * (1 / tanh(x) - 1 / x)

    def rule(self, scale):
        """Gauss–Legendre panels [0, 1/λ], [1/λ, 2/λ], [2/λ, 4/λ] … for functions of λy and y."""
        edges, edge = [mpf(0)], 1 / max(mpf(scale), mpf(1))
        while edge < EDGE:
            edges.append(edge)
            edge *= 2
        edges.append(EDGE)
        return [
            ((a + b) / 2 + (b - a) / 2 * x, (b - a) / 2 * weight / EDGE)
            for a, b in zip(edges, edges[1:])
            for x, weight in NODES
        ]

    def mean(self, function, scale=1):
        return sum(weight * function(y) for y, weight in self.rule(scale))

    def log_mean(self, exponent, scale=1):
        return ln(self.mean(lambda y: exp(exponent(y)), scale))

    def point(self, lam):
        rule = self.rule(lam)
        overlap = sum(weight * y * self.slope(lam * y) for y, weight in rule)
        cgf = sum(weight * self.K(lam * y) for y, weight in rule)
        return overlap, lam * overlap - cgf, lam, 1 - overlap

    def at_slope(self, slope):
        return self.point(mpf(slope))

    def lower_bound(self, lam):
        """(A) close pairs; (B) α + E_Q v ≤ 0 for every Q with KL(Q‖p) ≤ α. By duality
        max_Q E_Q v = min_κ [α + ln E e^{κv}]/κ, so α_B = max_κ −ln E e^{κv}/(1 + κ)."""
        rule = self.rule(lam)
        table = [(y, w, self.K(lam * y) - lam * y * y) for y, w in rule]
        if sum(w * v for _, w, v in table) >= 0:
            # ζ(λ) ≥ λ: noise of typical targets is condensed, and (B) is implied by (A).
            assert self.point(lam)[0] > 1
            return self.pairs
        load = lambda kappa: -ln(sum(w * exp(kappa * v) for _, w, v in table)) / (1 + kappa)
        high = mpf(1)
        while load(2 * high) > load(high):
            high *= 2
        kappa, value = maximum(load, 0, 2 * high)
        tilted = [(y, w * exp(kappa * v)) for y, w, v in table]
        level = sum(w * y * self.slope(lam * y) for y, w in tilted)
        norm = sum(w * y * y for y, w in tilted)
        return min(value, self.pairs) if level <= norm else self.pairs


# Gaussian patterns of other norms


def norm_rate(r):
    """|ξ|²/N has density e^{−N I(r)}: the maximum of hr − ln E e^{hξ²}, h = (1 − 1/r)/2."""
    h = root(lambda h: r - 1 / (1 - 2 * h), -1 / r - 1, (1 - mpf(10) ** -9) / 2)
    return h * r + ln(1 - 2 * h) / 2


def given_norm_threshold(lam, r):
    """Φ = λ r at x = ξ¹, |ξ¹|² = rN: in the uncondensed phase, else s_r(r)."""
    at_target = Gaussian(r)
    load = lam * r - at_target.cgf(lam)
    return load if load >= at_target.at_slope(lam)[1] else at_target.point(mpf(r))[1]


def lowest_norm(lam):
    """r_B: norms down to I(r) = α occur, and the lowest is lost at α = r (λ − λ²/2)."""
    per_norm = given_norm_threshold(lam, 1)
    r = root(lambda r: (r - 1 - ln(r)) / 2 - r * per_norm, mpf(1) / 10, 1)
    q = 1 - 2 * per_norm
    # The same by Lambert's function, and the load by the duality of the general density.
    lambert = -lambertw(-q / e).real / q if q > 0 else 1 / e
    assert abs(r - lambert) < mpf(10) ** -26, (lam, r, lambert)
    return r


def gaussian_pairs():
    """¼ ln 2: pairs with |ξ^μ|² = rN and ξ^μ·ξ^ν ≥ rN, at the most likely r."""
    cost = lambda r: norm_rate(r) + Gaussian(r).point(r)[1]
    _, value = maximum(lambda r: -cost(r), mpf(1) / 5, 1)
    assert abs(-value / 2 - ln(2) / 4) < mpf(10) ** -28
    return -value / 2


def low_norm_load(lam):
    return given_norm_threshold(lam, 1) * lowest_norm(lam)


# Tables


def text(value):
    if isinstance(value, str):
        return value
    # Rounding leaves 1e-60 of an exact 0.
    return "0.0" if abs(value) < mpf(10) ** -50 else nstr(value, 25, min_fixed=-5, max_fixed=26)


def write(name, header, rows):
    lines = [header] + [",".join(text(value) for value in row) for row in rows]
    (HERE / name).write_text("\n".join(lines) + "\n")
    print(f"{name}: {len(rows)} rows")


def binary(value):
    """All digits of the nearest f64, for loads near a saturation that magnifies their rounding."""
    return str(Decimal(value))


SWITCH = "0.700917829238927"
LAMBDAS = f"""0.0001 0.001 0.003 0.01 0.03 0.05 0.1 0.15 0.2 0.3 0.4 0.44 0.5 0.6 0.65 0.7 {SWITCH} 0.702 0.75 0.8
0.9 0.99 1.0 1.01 1.1 1.25 1.5 2.0 3.0 5.0 7.0 10.0 20.0 30.0 50.0 100.0 300.0 1000.0 10000.0""".split()
LOADS = """0.0001 0.001 0.003 0.01 0.03 0.05 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.45 0.49 0.499 0.5 0.6 0.65 0.69
0.7 1.0 1.5 2.0 3.0 5.0 7.0 10.0""".split()
LOADS += ["1e-18", "1e-15", "1e-12", "1e-8", binary(0.499999), binary(0.6931), binary(0.6931471805)]
UNIFORM_LAMBDAS = """0.0001 0.001 0.01 0.05 0.1 0.3 0.5 0.6 0.62 0.7 0.8 1.0 1.5 1.7 1.8 2.0 3.0 5.0 10.0 30.0
100.0 1000.0 10000.0""".split()
BASINS = {
    "0.001": "0.0009 0.002 0.01 0.03 0.1 1.0",
    "0.01": "0.0099 0.02 0.1 0.14 0.15 1.0 10.0",
    "0.1": "0.1 0.11 0.2 0.4 0.44 0.46 0.5 0.51 0.53 1.0 2.0 100.0",
    "0.2": "0.22 0.3 0.5 0.63 0.64 0.7 0.72 0.8 0.86 0.9 2.0 10000.0",
    "0.3": "0.3 0.4 0.5 0.8 1.0 1.2 1.25 3.0",
    "0.45": "0.7 0.8 1.0 1.3 1.4 2.0 5.0",
    "0.5": "0.7 0.75 0.9 1.0 1.5 2.0 3.0",
    "0.6": "0.9 1.0 1.3 2.0 3.0 10.0",
    "0.69": "1.1 2.0 3.0 4.0 10.0",
    "1.0": "2.0 2.5 5.0 7.0 100.0",
    "3.0": "140.0 200.0 400.0 500.0 10000.0",
    "5.0": "9000.0 20000.0 25000.0 1e6",
    "10.0": "2e8 4e8 5e8 1e9",
    "1e-9": "2e-9 1e-5 4e-5 5e-5 1.0",
    binary(0.499999): "1.0 3.0",
    binary(0.6931): "3.0 7.0 20.0",
    binary(0.6931471805): "10.0 14.0 100.0",
}


def main():
    curves = [Spherical(), Gaussian(), Rademacher()]
    uniform = Uniform()
    pairs = gaussian_pairs()
    lower_bounds = {
        "spherical": curves[0].alpha_1,
        "gaussian": lambda lam: min(low_norm_load(lam), pairs),
        # Two of the patterns are equal when 2α reaches the rate ln 2 of full agreement.
        "rademacher": lambda lam: min(curves[2].alpha_1(lam), curves[2].rate_of_target / 2),
        "uniform": uniform.lower_bound,
    }

    def threshold_row(curve, lam):
        saddle, rate, _, _ = curve.at_slope(mpf(lam))
        bound = lower_bounds[curve.name](mpf(lam))
        return [curve.name, lam, curve.cgf(mpf(lam)), saddle, curve.alpha_1(mpf(lam)), rate, bound]

    header = "ensemble,lambda,cgf,saddle_overlap,alpha_1,alpha_star,alpha_c_lower_bound"
    rows = [threshold_row(curve, lam) for curve in curves for lam in LAMBDAS]
    write("thresholds_by_lambda.csv", header, rows)
    write("thresholds_uniform.csv", header, [threshold_row(uniform, lam) for lam in UNIFORM_LAMBDAS])

    rows = []
    for curve in [*curves, uniform]:
        for load in LOADS:
            if not curve.least_load <= mpf(load) < curve.rate_of_target:
                continue
            overlap, _, slope, _ = curve.at_rate(mpf(load))
            rows.append([curve.name, load, overlap, slope, curve.lambda_1(mpf(load))])
    write("thresholds_by_alpha.csv", "ensemble,alpha,epsilon_star,lambda_star,lambda_1", rows)

    rows = []
    for curve in [*curves, uniform]:
        for load, lambdas in BASINS.items():
            if not curve.least_load <= mpf(load) < curve.rate_of_target:
                continue
            for lam in lambdas.split():
                value, gap = curve.free_entropy(mpf(load), mpf(lam))
                angle = degrees(acos(1 - gap)) if gap > 0 else nan
                rows.append([curve.name, load, lam, value, angle])
    write("basins.csv", "ensemble,alpha,lambda,free_entropy,theta_c_degrees", rows)

    rows = []
    for law in (Spherical, Gaussian):
        for rho in ("0.01", "0.25", "0.757", "1.222", "2.5", "40.0"):
            curve = law(rho)
            for load, lam in (("0.001", "0.02"), ("0.1", "0.3"), ("0.3", "1.0"), ("1.0", "10.0")):
                saddle, rate, _, _ = curve.at_slope(mpf(lam))
                overlap, _, slope, _ = curve.at_rate(mpf(load))
                value, _ = curve.free_entropy(mpf(load), mpf(lam))
                cgf = curve.cgf(mpf(lam))
                rows.append([law.name, rho, load, lam, cgf, saddle, rate, overlap, slope, value])
    header = "ensemble,squared_norm,alpha,lambda,cgf,saddle_overlap,alpha_star,epsilon_star,lambda_star,free_entropy"
    write("other_norms.csv", header, rows)

    rows = []
    for curve in [*curves, Spherical("2.25"), Gaussian("2.25"), uniform]:
        for overlap in "0.0001 0.01 0.1 0.19 0.21 0.5 0.51 0.9 0.99 0.9999 1.4".split():
            if mpf(overlap) < (sqrt(curve.norm) if curve.name != "gaussian" else inf):
                u = root(lambda u: curve.point(u)[0] - mpf(overlap), *curve.range)
                rows.append([curve.name, text(curve.norm), overlap, curve.point(u)[1]])
    write("rate_functions.csv", "ensemble,squared_norm,overlap,rate", rows)

    rows = [[lam, lowest_norm(mpf(lam)), low_norm_load(mpf(lam))] for lam in LAMBDAS]
    write("gaussian_low_norms.csv", "lambda,r_B,alpha_B", rows)

    rows = []
    for r in ("0.01", "0.368", "0.5", "0.757", "0.99", "1.0", "1.0001", "1.222", "3.0"):
        for lam in ("0.001", "0.2", "0.9", "1.0", "2.0"):
            load = mpf(r) * mpf(lam) / 4
            half = mpf(r) / 2
            curve = Gaussian(r)
            # Φ = λ r with Φ = α + ζ_r(λ), on the branch λ ≤ 1.
            lost = root(lambda l: load + curve.cgf(l) - l * mpf(r), mpf(10) ** -20, 1) if load < half else nan
            rows.append([r, lam, given_norm_threshold(mpf(lam), mpf(r)), load, lost, norm_rate(mpf(r))])
    write("gaussian_given_norms.csv", "r,lambda,alpha_1,alpha,lambda_1,norm_rate", rows)

    switch = root(lambda lam: low_norm_load(lam) - pairs, mpf("0.6"), mpf("0.8"))
    rows = [
        ["gaussian_close_pair_load", pairs],
        ["gaussian_switch_lambda", switch],
        ["rademacher_close_pair_load", curves[2].rate_of_target / 2],
        ["rademacher_switch_lambda", curves[2].lambda_1(curves[2].rate_of_target / 2)],
        ["uniform_close_pair_load", uniform.pairs],
        ["uniform_target_level_lambda", uniform.target],
        ["uniform_largest_alpha_1", uniform.rate_of_target],
    ]
    write("special_points.csv", "name,value", rows)

    # ¼ W₀(2λ/5): 4α e^{4α} = 2λ/5.
    lambdas = LAMBDAS + ["1e-12", "1e6", "1e9"]
    bound = lambda lam: root(lambda w: w * exp(w) - 2 * lam / 5, 0, 1 + ln(1 + lam)) / 4
    write("ramsauer.csv", "lambda,alpha_R", [[lam, bound(mpf(lam))] for lam in lambdas])

    rows = []
    for count, size in (("2", "10"), ("1000", "50"), ("1e6", "50"), ("1e6", "1e6"), ("1.5", "1e9"), ("1e300", "1000")):
        # P (1 − c²)^{N/2} = 1
        rows.append([count, size, Spherical().at_rate(ln(mpf(count)) / mpf(size))[0]])
    write("nearest_pattern.csv", "pattern_count,size,cosine", rows)

    rows = []
    for prefactor, exponent, size in (("1", "1", "100"), ("0.5", "2", "1000"), ("3", "1.5", "1e6"), ("0.02", "3", "10")):
        count = mpf(prefactor) * mpf(size) ** mpf(exponent)
        # the same with s(c) replaced by its leading c²/2
        rows.append([prefactor, exponent, size, Gaussian().at_rate(ln(count) / mpf(size))[0]])
    write("polynomial_load.csv", "prefactor,exponent,size,cosine", rows)

    rows = []
    for scaled in ("0.1", "1", "3"):
        for size in ("16", "100", "1e4", "1e8", "1e12"):
            scale = sqrt(mpf(size))
            lam = mpf(scaled) / scale
            bound = min(low_norm_load(lam), pairs)
            rows.append([scaled, size, scale * curves[1].alpha_1(lam), scale * bound])
    write("scaled_dot_product.csv", "scaled_lambda,size,scaled_alpha_1,scaled_alpha_c_lower_bound", rows)


if __name__ == "__main__":
    main()
