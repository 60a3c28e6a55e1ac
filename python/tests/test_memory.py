"""Memories on NumPy's arrays: values, zero copy, wrong input."""

import gc
import multiprocessing
import threading
import time
import tracemalloc

import numpy as np
import pytest

import dense_associative_memory as dam

RNG = np.random.default_rng(0)
PATTERNS = RNG.normal(size=(50, 10))
STATES = RNG.normal(size=(4, 3, 10))


def softmax(patterns, states, lam):
    scores = np.asarray(lam)[..., None] * np.einsum("...n,pn->...p", states, patterns)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True), scores


def test_values_are_those_of_numpy():
    memory = dam.Memory(PATTERNS)
    assert memory.shape == (50, 10) and repr(memory) == "Memory(P=50, N=10)"
    for lam in (0.7, RNG.uniform(0.1, 2, size=(4, 3)), RNG.uniform(0.1, 2, size=3)):
        weights, scores = softmax(PATTERNS, STATES, np.broadcast_to(lam, (4, 3)))
        sums = np.log(np.exp(scores).sum(-1))
        np.testing.assert_allclose(memory.weights(STATES, lam), weights, atol=1e-14)
        np.testing.assert_allclose(memory.update(STATES, lam), weights @ PATTERNS, atol=1e-13)
        np.testing.assert_allclose(memory.gradient(STATES, lam), STATES - weights @ PATTERNS, atol=1e-13)
        np.testing.assert_allclose(memory.log_sum_exp(STATES, lam), sums, rtol=1e-13)
        energy = 0.5 * (STATES**2).sum(-1) - sums / lam
        np.testing.assert_allclose(memory.energy(STATES, lam), energy, rtol=1e-12)
    np.testing.assert_allclose(memory.overlaps(STATES), STATES @ PATTERNS.T / 10, atol=1e-14)
    # one state: floats and the shape (N,)
    assert type(memory.energy(STATES[0, 0], 0.7)) is float
    assert memory.update(STATES[0, 0], 0.7).shape == (10,) and memory.weights(STATES[0, 0], 0.7).shape == (50,)
    np.testing.assert_allclose(memory.update(STATES[0, 0], 0), PATTERNS.mean(0), atol=1e-14)
    single = dam.Memory(PATTERNS.astype(np.float32))
    np.testing.assert_allclose(single.update(STATES, 0.7), memory.update(STATES, 0.7), atol=1e-5)


def test_the_gradient_is_that_of_the_energy():
    memory, state, step = dam.Memory(PATTERNS), STATES[0, 0], 1e-6
    shifts = step * np.eye(10)
    numeric = (memory.energy(state + shifts, 0.7) - memory.energy(state - shifts, 0.7)) / (2 * step)
    np.testing.assert_allclose(memory.gradient(state, 0.7), numeric, atol=1e-7)


def test_states_of_any_layout_give_the_same_numbers():
    memory = dam.Memory(PATTERNS)
    expected = memory.update(STATES, 0.7)
    for states in (
        np.asfortranarray(STATES),
        np.repeat(STATES, 2, axis=0)[::2],
        STATES.astype(">f8"),
        STATES.tolist(),
        np.ascontiguousarray(STATES[::-1])[::-1],
    ):
        assert (memory.update(states, 0.7) == expected).all()
    integers = np.arange(10)
    assert (memory.update(integers, 0.01) == memory.update(integers.astype(float), 0.01)).all()
    assert memory.update(np.empty((0, 10)), 1.0).shape == (0, 10)


def test_results_do_not_depend_on_threads():
    patterns = dam.sample_patterns("spherical", 20, 10_000, seed=1)
    states = patterns[:9] + 0.3
    one, two = dam.Memory(patterns), dam.Memory(patterns, threads=2)
    for name in ("update", "energy", "weights", "log_sum_exp"):
        assert (getattr(one, name)(states, 0.8) == getattr(two, name)(states, 0.8)).all()
    for a, b in zip(one.retrieve(states, 0.8), two.retrieve(states, 0.8)):
        np.testing.assert_array_equal(a, b)


def test_patterns_are_not_copied():
    patterns = np.ones((1_000_000, 8))
    tracemalloc.start()
    started = time.perf_counter()
    memory = dam.Memory(patterns)
    seconds = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # a copy of 64 MB takes some 20 ms and as many bytes
    assert seconds < 5e-3 and peak < 1e6
    assert memory.patterns is patterns
    # what is written later is what the memory stores
    patterns[:] = 2.0
    np.testing.assert_allclose(memory.update(np.ones(8), 1.0), 2.0)
    del patterns
    gc.collect()
    np.testing.assert_allclose(memory.update(np.ones(8), 1.0), 2.0)


def test_files_mapped_into_memory_are_not_read_beforehand(tmp_path):
    np.save(tmp_path / "patterns.npy", PATTERNS)
    mapped = np.load(tmp_path / "patterns.npy", mmap_mode="r")
    np.testing.assert_array_equal(dam.Memory(mapped).update(STATES, 0.7), dam.Memory(PATTERNS).update(STATES, 0.7))


def test_no_wrong_patterns_are_taken():
    for patterns in (np.asfortranarray(PATTERNS), PATTERNS.T, PATTERNS[::2], PATTERNS[:, ::2], PATTERNS[::-1]):
        with pytest.raises(dam.DomainError, match="ascontiguousarray"):
            dam.Memory(patterns)
    for dtype in (int, np.float16, ">f8", complex):
        with pytest.raises(TypeError, match="dtype"):
            dam.Memory(PATTERNS.astype(dtype))
    with pytest.raises(TypeError, match="not a NumPy array"):
        dam.Memory(PATTERNS.tolist())
    with pytest.raises(TypeError, match="masked"):
        dam.Memory(np.ma.masked_array(PATTERNS))
    for shape in ((0, 10), (50, 0), (500,), (5, 10, 10)):
        with pytest.raises(dam.DomainError, match=r"\(P, N\)"):
            dam.Memory(np.ones(shape))
    shifted = np.frombuffer(bytes(8 * 20 + 1), dtype=np.uint8)[1:].view(np.float64).reshape(2, 10)
    with pytest.raises(dam.DomainError, match="ascontiguousarray"):
        dam.Memory(shifted)
    moved = PATTERNS.copy()
    memory = dam.Memory(moved)
    moved.resize((100_000, 10), refcheck=False)
    with pytest.raises(dam.DomainError, match="resized"):
        memory.update(STATES, 0.7)


def test_no_wrong_states_are_taken():
    memory = dam.Memory(PATTERNS)
    with pytest.raises(dam.DomainError, match="N = 10"):
        memory.update(np.zeros(3), 0.7)
    with pytest.raises(dam.DomainError, match="N = 10"):
        memory.update(1.0, 0.7)
    with pytest.raises(dam.DomainError, match="component 2 of state 1"):
        memory.update(np.where(np.arange(30).reshape(3, 10) == 12, np.nan, 1.0), 0.7)
    with pytest.raises(dam.DomainError, match="does not broadcast"):
        memory.update(STATES, np.ones(5))
    for lam in (-1.0, np.inf, np.nan):
        with pytest.raises(dam.DomainError, match="inverse_temperature"):
            memory.update(STATES, lam)
    with pytest.raises(dam.DomainError, match="energy"):
        memory.energy(STATES, 0)
    with pytest.raises(TypeError, match="complex"):
        memory.update(STATES.astype(complex), 0.7)
    for threads in (0, 10_000):
        with pytest.raises(dam.DomainError, match="threads"):
            dam.Memory(PATTERNS, threads=threads)


def test_patterns_that_are_not_numbers_show_in_the_results():
    patterns = PATTERNS.copy()
    patterns[3, 4] = np.nan
    memory = dam.Memory(patterns)
    for states in (STATES[0, 0], STATES):
        assert np.isnan(memory.update(states, 0.7)).any(-1).all()
        assert np.isnan(memory.energy(states, 0.7)).all()


def test_retrieval_descends_to_fixed_points():
    patterns = dam.sample_patterns("spherical", 40, 50, seed=1)
    memory = dam.Memory(patterns)
    targets = np.arange(50)
    found = memory.retrieve(patterns, 2.0, target=targets)
    assert (found.best_pattern == targets).all() and (found.weight > 0.5).all() and found.converged.all()
    assert (found.gradient_norm <= 1e-8).all() and found.steps.dtype == np.int64
    np.testing.assert_allclose(memory.gradient(found.state, 2.0), 0, atol=1e-6)
    np.testing.assert_allclose(found.energy, memory.energy(found.state, 2.0))
    one = memory.retrieve(patterns[3], 2.0)
    assert type(one.steps) is int and one.converged is True and one.best_pattern == 3
    assert np.isnan(one.weight)
    assert memory.retrieve(patterns[3], 2.0, target=3).weight > 0.5
    short = memory.retrieve(patterns[3] + 1, 2.0, step_size=0.5, max_steps=1)
    assert short.converged is False and short.steps == 1
    start = patterns[3] + 0.1
    one, damped = (memory.retrieve(start, 2.0, step_size=step_size) for step_size in (1.0, 0.5))
    np.testing.assert_allclose(damped.state, one.state, atol=1e-6)
    assert damped.steps > one.steps
    for wrong in (-1, 50, 0.5, [1, 2]):
        with pytest.raises(dam.DomainError, match="target"):
            memory.retrieve(patterns[:3], 2.0, target=wrong)
    for name, wrong in (("step_size", 0.0), ("step_size", 1.5), ("tolerance", 0.0), ("max_steps", 0)):
        with pytest.raises(dam.DomainError, match=name):
            memory.retrieve(patterns[:3], 2.0, **{name: wrong})


def test_other_threads_run_meanwhile():
    memory = dam.Memory(np.random.default_rng(0).normal(size=(100_000, 40)))
    states, ticks, stop = np.ones((64, 40)), 0, threading.Event()

    def count():
        nonlocal ticks
        while not stop.is_set():
            ticks += 1
            time.sleep(1e-3)

    ticking = threading.Thread(target=count)
    ticking.start()
    # with the lock held no tick could fall into the pass
    before = ticks
    for _ in range(20):
        memory.update(states, 0.1)
        if ticks > before + 5:
            break
    stop.set()
    ticking.join()
    assert ticks > before + 5


def child(memory, results):
    results.put((dam.Ensemble("spherical").typical_threshold(LAMBDAS), memory.update(STATES, 0.7)))


LAMBDAS = np.linspace(0.1, 1, 100)


@pytest.mark.filterwarnings("ignore:.*fork")
def test_forked_processes_have_threads_of_their_own():
    memory = dam.Memory(PATTERNS, threads=2)
    expected = dam.Ensemble("spherical").typical_threshold(LAMBDAS), memory.update(STATES, 0.7)
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    process = context.Process(target=child, args=(memory, results), daemon=True)
    process.start()
    for found, wanted in zip(results.get(timeout=60), expected):
        np.testing.assert_array_equal(found, wanted)
    process.join()


def test_seeds_are_those_of_numpy():
    draw = dam.sample_patterns
    one = draw("spherical", 40, 300, seed=1)
    assert one.shape == (300, 40) and one.flags.c_contiguous and one.dtype == np.float64
    np.testing.assert_allclose((one**2).sum(1), 40)
    assert (one == draw(dam.Ensemble("spherical"), 40, 300, seed=np.random.SeedSequence(1))).all()
    assert (one == draw("spherical", 40, 300, seed=1, threads=1)).all()
    assert (one[:100] == draw("spherical", 40, 100, seed=1)).all()
    np.testing.assert_allclose(draw("spherical", 40, 300, seed=1, dtype=np.float32), one, atol=4e-6)
    assert (one != draw("spherical", 40, 300, seed=2)).any()
    assert (draw("spherical", 40, 5) != draw("spherical", 40, 5)).any()
    # first numbers of this seed: a released version never changes them
    np.testing.assert_allclose(one[0, :3], [-0.8259506571002905, 2.306838376644332, 0.08158105142086132], rtol=1e-12)
    generator = np.random.default_rng(3)
    assert (draw("spherical", 40, 5, seed=generator) != draw("spherical", 40, 5, seed=generator)).any()
    again = draw("spherical", 40, 5, seed=np.random.default_rng(3))
    assert (draw("spherical", 40, 5, seed=np.random.default_rng(3)) == again).all()
    assert set(np.unique(draw("rademacher", 40, 20, seed=1))) == {-1.0, 1.0}


def test_no_wrong_patterns_are_drawn():
    for arguments, match in (
        (("cubic", 40, 5), "unknown ensemble"),
        (("spherical", 0, 5), "at least 1"),
        (("spherical", 40, 0), "at least 1"),
        ((dam.Ensemble("correlated-gaussian", spectrum=[0.5, 1.5]), 41, 5), "40 or 42"),
    ):
        with pytest.raises(dam.DomainError, match=match):
            dam.sample_patterns(*arguments, seed=1)
    with pytest.raises(dam.DomainError, match="dtype"):
        dam.sample_patterns("spherical", 40, 5, dtype=int)
    with pytest.raises(OverflowError):
        dam.sample_patterns("spherical", -1, 5)
    with pytest.raises(MemoryError):
        dam.sample_patterns("spherical", 40, 2**45)
