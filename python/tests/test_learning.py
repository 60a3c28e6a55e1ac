"""Kernel learning, codes and layers."""

import math

import numpy as np
import pytest

import dense_associative_memory as dam
from dense_associative_memory.layers import Hopfield

RNG = np.random.default_rng(1)
STORED, STATES = RNG.normal(size=(2, 5, 6)), RNG.normal(size=(2, 3, 6))


def test_a_learned_kernel_separates():
    patterns = RNG.normal(size=(3, 8))
    learned = dam.learn_kernel(patterns, feature_size=4, epochs=2000, tolerance=1e-6, threads=1)
    assert learned.weights.shape == (4, 8) and learned.bias.shape == (4,)
    # three features lie farthest apart at 120 degrees
    features = learned.features(patterns)
    directions = features / np.linalg.norm(features, axis=1, keepdims=True)
    cosines = (directions @ directions.T)[np.triu_indices(3, 1)]
    np.testing.assert_allclose(cosines, -0.5, atol=2e-3)
    assert learned.largest_cosine[-1] == pytest.approx(cosines.max(), abs=1e-12)
    assert learned.loss[-1] < learned.loss[0] and len(learned.loss) == len(learned.gradient_norm)
    again = dam.learn_kernel(patterns, feature_size=4, epochs=2000, tolerance=1e-6, threads=2)
    assert (again.weights == learned.weights).all()
    assert (dam.learn_kernel(patterns, recipe="u-hop", epochs=3).bias == 0).all()
    for wrong, match in (
        ({"recipe": "u-hopp"}, "u-hop-plus"),
        ({"feature_size": 0}, "feature_size"),
        ({"tolerance": -1.0}, "tolerance"),
    ):
        with pytest.raises(dam.DomainError, match=match):
            dam.learn_kernel(patterns, **wrong)
    with pytest.raises(dam.DomainError, match="two at least"):
        dam.learn_kernel(patterns[:1])


def test_the_icosahedron_is_found():
    code = dam.spherical_code(3, 12, restarts=4)
    assert code.angle == pytest.approx(math.atan(2), abs=1e-10) and code.points.shape == (12, 3)
    cosines = (code.points @ code.points.T)[np.triu_indices(12, 1)]
    assert math.acos(cosines.max()) == pytest.approx(code.angle, abs=1e-9)
    with pytest.raises(dam.DomainError, match="dimension"):
        dam.spherical_code(1, 12)


def softmax(scores):
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def norm(rows):
    return (rows - rows.mean(-1, keepdims=True)) / np.sqrt(rows.var(-1, keepdims=True) + 1e-5)


def test_a_layer_is_what_its_formula_says():
    layer = Hopfield(6, hidden_size=4, num_heads=2, output_size=3)
    numbers = layer.state_dict()
    weights, bias = numbers["association_core.in_proj_weight"], numbers["association_core.in_proj_bias"]
    queries, keys, values = (
        norm(rows) @ weights[8 * part : 8 * part + 8].T + bias[8 * part : 8 * part + 8]
        for part, rows in enumerate((STATES, STORED, STORED))
    )
    heads = lambda rows: rows.reshape(2, -1, 2, 4).transpose(0, 2, 1, 3)
    maps = softmax(heads(queries) @ heads(keys).transpose(0, 1, 3, 2) / 2)
    found = (maps @ heads(values)).transpose(0, 2, 1, 3).reshape(2, 3, 8)
    out = found @ numbers["association_core.out_proj.weight"].T + numbers["association_core.out_proj.bias"]
    np.testing.assert_allclose(layer(STORED, STATES), out, atol=1e-13)
    np.testing.assert_allclose(layer.weights(STORED, STATES), maps, atol=1e-14)
    # lists of bags and single bags give the same rows
    for bag, rows in enumerate(layer(list(STORED), list(STATES))):
        assert (rows == layer(STORED, STATES)[bag]).all() and (rows == layer(STORED[bag], STATES[bag])).all()


def test_plain_retrieval_is_that_of_a_memory():
    plain = dict.fromkeys(("normalize_stored_pattern", "normalize_state_pattern", "normalize_pattern_projection"), False)
    static = dict.fromkeys(("stored_pattern_as_static", "state_pattern_as_static", "pattern_projection_as_static"), True)
    layer = Hopfield(6, scaling=0.7, update_steps_max=2, disable_out_projection=True, **plain, **static)
    memory = dam.Memory(np.ascontiguousarray(STORED[0]))
    state = STATES[0]
    for _ in range(3):
        state = memory.update(state, 0.7)
    np.testing.assert_allclose(layer(STORED[0], STATES[0]), state, atol=1e-13)
    energies = np.array(layer.energies(STORED[0], STATES[0]))[:, 0]
    np.testing.assert_allclose(energies[:, 0], memory.energy(STATES[0], 0.7), rtol=1e-12)
    assert (np.diff(energies) <= 0).all()


def test_gradients_are_those_of_the_output():
    layer = Hopfield(6, hidden_size=4, num_heads=2, scaling=[0.5, 0.9], learn_scaling=True, update_steps_max=1, alpha=1.5)
    slope = RNG.normal(size=(2, 3, 6))
    found = layer.gradients(slope, STORED, STATES)
    assert found.states.shape == STATES.shape and found.stored.shape == STORED.shape
    value = lambda stored, states: (layer(stored, states) * slope).sum()
    step = RNG.normal(size=STATES.shape) * 1e-6
    numeric = (value(STORED, STATES + step) - value(STORED, STATES - step)) / 2
    assert (found.states * step).sum() == pytest.approx(numeric, rel=1e-6)
    step = RNG.normal(size=STORED.shape) * 1e-6
    numeric = (value(STORED + step, STATES) - value(STORED - step, STATES)) / 2
    assert ((found.stored + found.projections) * step).sum() == pytest.approx(numeric, rel=1e-6)
    numbers = layer.state_dict()
    for name in ("scaling", "association_core.out_proj.weight"):
        step = RNG.normal(size=numbers[name].shape) * 1e-6
        ends = []
        for sign in (1, -1):
            layer.load_state_dict({**numbers, name: numbers[name] + sign * step})
            ends.append(value(STORED, STATES))
        assert (found.parameters[name] * step).sum() == pytest.approx((ends[0] - ends[1]) / 2, rel=1e-6)


def test_no_wrong_layer_is_built_or_fed():
    with pytest.raises(dam.DomainError, match="num_heads|heads"):
        Hopfield(6, num_heads=4)
    with pytest.raises(dam.DomainError, match="alpha"):
        Hopfield(6, alpha=0.5)
    layer = Hopfield(6)
    with pytest.raises(dam.DomainError, match="takes 6"):
        layer(STORED[..., :5], STATES)
    with pytest.raises(dam.DomainError, match="as many bags"):
        layer(STORED, STATES[:1])
    with pytest.raises(dam.DomainError, match="nothing stored"):
        layer(np.empty((2, 0, 6)), STATES)
    with pytest.raises(dam.DomainError, match="not finite"):
        layer(STORED, STATES * np.nan)
    with pytest.raises(dam.DomainError, match="gradient of shape"):
        layer.gradients(STATES[..., :2], STORED, STATES)
    with pytest.raises(dam.DomainError, match="lack"):
        layer.load_state_dict({})
    numbers = layer.state_dict()
    with pytest.raises(dam.DomainError, match="no block"):
        layer.load_state_dict({**numbers, "other": np.ones(3)})
    with pytest.raises(dam.DomainError, match="shape"):
        layer.load_state_dict({**numbers, "association_core.in_proj_bias": np.ones(3)})
