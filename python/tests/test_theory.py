"""Theory: the tables of 25 digits, what the command prints, broadcasting, errors."""

import csv
import math
import pickle
from pathlib import Path

import numpy as np
import pytest

import dense_associative_memory as dam

REFERENCES = Path(__file__).parents[2] / "theory" / "references"


def table(name):
    with open(REFERENCES / name, newline="") as file:
        return list(csv.DictReader(file))


def column(rows, name):
    return np.array([float(row[name]) for row in rows])


def of_ensembles(name):
    rows = table(name)
    return [(key, [row for row in rows if row["ensemble"] == key]) for key in sorted({row["ensemble"] for row in rows})]


METHODS = {
    "cgf": "cumulant_generating_function",
    "saddle_overlap": "saddle_overlap",
    "alpha_1": "typical_threshold",
    "alpha_star": "condensation_load",
    "alpha_c_lower_bound": "all_patterns_lower_bound",
    "epsilon_star": "extreme_overlap",
    "lambda_star": "condensation_inverse_temperature",
    "lambda_1": "typical_inverse_temperature",
}


@pytest.mark.parametrize("name", ["thresholds_by_lambda.csv", "thresholds_uniform.csv", "thresholds_by_alpha.csv"])
def test_thresholds_are_those_of_the_tables(name):
    checked = 0
    for key, rows in of_ensembles(name):
        ensemble = dam.Ensemble(key)
        argument = column(rows, "alpha" if "alpha" in rows[0] else "lambda")
        for quantity, method in METHODS.items():
            if quantity not in rows[0]:
                continue
            expected = column(rows, quantity)
            known = np.isfinite(expected)
            found = getattr(ensemble, method)(argument[known])
            np.testing.assert_allclose(found, expected[known], rtol=2e-12, atol=1e-300)
            checked += known.sum()
    assert checked > 50


def test_basins_are_those_of_the_tables():
    for key, rows in of_ensembles("basins.csv"):
        ensemble = dam.Ensemble(key)
        alpha, lam = column(rows, "alpha"), column(rows, "lambda")
        np.testing.assert_allclose(ensemble.free_entropy(alpha, lam), column(rows, "free_entropy"), rtol=2e-12)
        degrees = np.degrees(ensemble.basin_angle(alpha, lam, start="pattern"))
        np.testing.assert_allclose(degrees, column(rows, "theta_c_degrees"), rtol=1e-11)


def test_rate_functions_are_those_of_the_table():
    for key, rows in of_ensembles("rate_functions.csv"):
        found = dam.Ensemble(key).rate_function(column(rows, "overlap"), column(rows, "squared_norm"))
        np.testing.assert_allclose(found, column(rows, "rate"), rtol=2e-12)


def test_scalars_are_floats_and_arrays_broadcast():
    spherical = dam.Ensemble("spherical")
    assert spherical.typical_inverse_temperature(0.2) == pytest.approx(0.2246325191128682, rel=1e-15)
    assert type(spherical.typical_inverse_temperature(np.float32(0.25))) is float
    assert type(spherical.crossover(0.2, 40)) is float
    assert spherical.crossover(0.2, 40) == pytest.approx(0.31646935784729885, rel=1e-13)
    grid = spherical.crossover(np.array([[0.2], [0.3]]), [20, 40, 100])
    assert grid.shape == (2, 3) and grid.dtype == np.float64
    for place, alpha in enumerate([0.2, 0.3]):
        assert grid[place].tolist() == [spherical.crossover(alpha, size) for size in [20, 40, 100]]
    # transposed, strided, of other types: the same numbers
    alphas = np.linspace(0.1, 0.4, 200)
    expected = [spherical.typical_inverse_temperature(alpha) for alpha in alphas]
    assert spherical.typical_inverse_temperature(alphas).tolist() == expected
    both = np.vstack([alphas, alphas]).T
    assert spherical.typical_inverse_temperature(both)[:, 1].tolist() == expected
    assert spherical.typical_inverse_temperature(np.repeat(alphas, 3)[::3]).tolist() == expected
    assert spherical.typical_inverse_temperature(alphas.astype(">f8")).tolist() == expected
    assert spherical.typical_threshold([1, 2]).tolist() == [spherical.typical_threshold(value) for value in (1, 2)]
    assert spherical.typical_threshold(np.empty((0, 3))).shape == (0, 3)


def test_nothing_is_where_there_is_no_value_and_nonsense_is_refused():
    spherical = dam.Ensemble("spherical")
    assert math.isnan(spherical.basin_angle(0.2, 0.2))
    with pytest.raises(dam.DomainError, match="inverse temperature λ = -1 lies outside"):
        spherical.typical_threshold(-1.0)
    with pytest.raises(dam.DomainError, match=r"at alpha = -0\.5: .*load α"):
        spherical.typical_inverse_temperature([0.2, -0.5])
    with pytest.raises(dam.DomainError, match="NaN"):
        spherical.typical_threshold(math.nan)
    with pytest.raises(ValueError, match="do not broadcast"):
        spherical.crossover(np.ones(2) / 5, np.ones(3) * 20)
    with pytest.raises(dam.DomainError, match="at least 3"):
        spherical.crossover(0.2, 2)
    with pytest.raises(dam.DomainError, match="typical"):
        spherical.crossover(0.2, 40, target="mean")
    with pytest.raises(TypeError, match="complex"):
        spherical.typical_threshold(np.array([1 + 2j]))
    with pytest.raises(TypeError, match="real"):
        spherical.typical_threshold(["0.5"])
    with pytest.raises(TypeError, match="real"):
        spherical.typical_threshold(True)
    with pytest.raises(TypeError, match="masked"):
        spherical.typical_threshold(np.ma.masked_array([1.0, 2.0], [True, False]))


def test_ensembles_by_name_and_parameters():
    assert dam.ensembles()[:3] == ["spherical", "gaussian", "rademacher"]
    with pytest.raises(dam.DomainError, match='did you mean "gaussian"'):
        dam.Ensemble("gausian")
    with pytest.raises(dam.DomainError, match="variance_ratio or spectrum"):
        dam.Ensemble("correlated-gaussian")
    with pytest.raises(dam.DomainError, match="no parameter variance_ratio"):
        dam.Ensemble("spherical", variance_ratio=2)
    correlated = dam.Ensemble("correlated-gaussian", spectrum=np.array([0.5, 0.5, 1.0, 2.0]))
    assert correlated.parameters == {"spectrum": [0.5, 0.5, 1.0, 2.0]}
    assert "spectrum=[0.5, 0.5, 1.0, 2.0]" in repr(correlated)
    with pytest.raises(dam.DomainError, match="40 or 44"):
        correlated.crossover(0.1, 41)
    copy = pickle.loads(pickle.dumps(correlated))
    assert copy == correlated and hash(copy) == hash(correlated) and copy != dam.Ensemble("gaussian")
    # v = 2: α₁ = λ − λ² up to λ = ½
    manifold = dam.Ensemble("hidden-manifold", manifold_ratio=1)
    assert manifold.typical_threshold(0.25) == pytest.approx(0.1875, rel=1e-13)


def test_finite_size_theory_has_its_errors():
    spherical = dam.Ensemble("spherical")
    # 30 000 samples at N = 22, P = 41: median 0.31085(7), deviation 0.01097
    law = spherical.crossover_law(math.log(41) / 22, 22)
    assert abs(law.median - 0.31085) < law.median_error < 6e-4
    assert abs(law.deviation - 0.01097) < law.deviation_error
    half = spherical.expected_crossover(0.2, [40, 60])
    assert half.value.shape == (2,) and (half.error > 0).all() and (half.error < 0.01).all()
    assert (half.value > spherical.typical_inverse_temperature(0.2)).all()
    probability = spherical.retrieval_probability(0.2, 40, [0.3, half.value[0], 0.34])
    assert probability.value[0] < 0.05 < 0.95 < probability.value[2]
    assert probability.value[1] == pytest.approx(0.5, abs=1e-6)
    lost = spherical.lost_patterns(0.3, 20, [0.5, 1.5])
    assert lost.lost[0] > lost.lost[1] and (lost.fewest <= lost.lost).all() and (lost.lost <= lost.most).all()
    assert (lost.lost_to_close_pair == 0).all()
    half = spherical.half_load(0.5, 20)
    assert 0 < half.value < spherical.typical_threshold(0.5)
    assert spherical.noise_variance(0.2, 40, 0.3) < 0.1
    angle = math.radians(40)
    lam = spherical.crossover_from_angle(0.2, 100, angle)
    assert lam > spherical.basin_inverse_temperature(0.2, angle) > spherical.typical_inverse_temperature(0.2)
    with pytest.raises(dam.DomainError, match="axis"):
        dam.Ensemble("uniform").crossover_law(0.1, 40)


def test_basins_at_finite_size_say_whether_they_are_sampled():
    spherical = dam.Ensemble("spherical")
    basin = spherical.finite_size_basin(0.2, [0.35, 0.1], 100)
    assert basin.sampled.tolist() == [0, 0]
    assert math.isnan(basin.angle[1]) and basin.probability.tolist() == [1, 0]
    assert 0 < basin.angle_error[0] < math.radians(0.11)
    # simulated at P = 159: 57.147(51) degrees
    basin = spherical.finite_size_basin(0.137, 0.3, 37, samples=100)
    assert basin.sampled == 1 and abs(math.degrees(basin.angle) - 57.147) < 4 * math.degrees(basin.angle_error) < 4
    one, two = (spherical.finite_size_basin(0.2, 0.9, 20, samples=20, threads=threads) for threads in (1, 2))
    assert one == two and one.sampled == 1 and one.angle_error > 0
    other = spherical.finite_size_basin(0.2, 0.9, 20, samples=20, seed=2)
    assert other.angle != one.angle
    with pytest.raises(dam.DomainError, match="whole number of components"):
        spherical.finite_size_basin(0.2, 0.9, 20.5)
    with pytest.raises(dam.DomainError, match="not for uniform"):
        dam.Ensemble("uniform").finite_size_basin(0.2, 0.9, 20)
    with pytest.raises(dam.DomainError, match="threads"):
        spherical.finite_size_basin(0.2, 0.9, 20, threads=0)


def test_bounds_are_those_of_the_table():
    rows = {}
    for row in table("bounds.csv"):
        rows.setdefault(row["quantity"], []).append(row)
    of = lambda name, *columns: [column(rows[name], key) for key in (*columns, "value")]
    bounds = dam.bounds
    dimension, beta, factor, failure, expected = of("ramsauer_log_count", "dimension", "beta", "x", "y")
    found = bounds.ramsauer_log_capacity(beta, dimension, radius_factor=factor, failure_probability=failure)
    np.testing.assert_allclose(found, expected, rtol=1e-11)
    for chain, name in (("lemma", "lemma"), ("exact", "exact"), ("cap-measure", "cap")):
        dimension, beta, radius, failure, norm, expected = of(f"kernelized_{name}", "dimension", "beta", "x", "y", "z")
        found = bounds.kernelized_log_capacity(
            beta, dimension, norm=norm, retrieval_radius=radius, failure_probability=failure, chain=chain
        )
        np.testing.assert_allclose(found, expected, rtol=1e-10)
    for bound, name in (("covering", "code_covering"), ("caps", "code_caps"), ("caps-closed-form", "code_caps_closed_form")):
        dimension, angle, expected = of(name, "dimension", "x")
        np.testing.assert_allclose(bounds.spherical_code_log_size(dimension, angle, bound=bound), expected, rtol=1e-10)
    for place, name in enumerate(("separation_lower", "separation_upper")):
        dimension, log_count, expected = of(name, "dimension", "x")
        known = (log_count >= math.log(2)) & (log_count < 36)
        found = bounds.spherical_code_separation(dimension[known], np.exp(log_count[known]))[place]
        np.testing.assert_allclose(found, expected[known], rtol=1e-10)
    # the radius is 1/β where it is not given
    assert bounds.optimal_log_capacity(100.0, 50) == bounds.optimal_log_capacity(100.0, 50, retrieval_radius=0.01)
    needed = bounds.optimal_dimension(100.0, math.exp(bounds.optimal_log_capacity(100.0, 50)))
    assert needed == pytest.approx(50, rel=1e-6)
    assert bounds.well_separation(100.0, [10, 100]).separation.shape == (2,)
    for wrong, match in (
        (lambda: bounds.optimal_log_capacity(100.0, 50, bound="cap"), "covering"),
        (lambda: bounds.well_separation(100.0, 1), "at least 2"),
        (lambda: bounds.ramsauer_log_capacity(-1, 3), "β"),
    ):
        with pytest.raises(dam.DomainError, match=match):
            wrong()
