# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "torch"]
# ///
"""The update x' = softmax(λ x Ξᵀ)Ξ as each library's user writes it, at its best.

Each peer is a function of no arguments that returns the B×N means.
"""

import math
import sys

import numpy as np
import torch
import torch.nn.functional


def numpy_update(patterns, states, inverse_temperature):
    """Two matrix products; the P×B matrix is worked on in place."""
    scaled = states * states.dtype.type(inverse_temperature)

    def update():
        weights = scaled @ patterns.T
        weights -= weights.max(axis=1, keepdims=True)
        np.exp(weights, out=weights)
        return (weights @ patterns) / weights.sum(axis=1, keepdims=True)

    return update


def torch_update(patterns, states, inverse_temperature):
    scaled = states * inverse_temperature
    return lambda: torch.softmax(scaled @ patterns.T, dim=1) @ patterns


def sdpa_one_head(patterns, states, inverse_temperature):
    """[1, 1, B, N] states attend to [1, 1, P, N] patterns."""
    stored, query = patterns[None, None], states[None, None]
    attention = torch.nn.functional.scaled_dot_product_attention
    return lambda: attention(query, stored, stored, scale=inverse_temperature)[0, 0]


def sdpa_states_on_heads(patterns, states, inverse_temperature):
    """Half of the states on each of two heads, which see the same patterns."""
    batch, size = states.shape
    if batch % 2:
        return None
    query = states.view(1, 2, batch // 2, size)
    stored = patterns[None, None].expand(1, 2, -1, -1)
    attention = torch.nn.functional.scaled_dot_product_attention
    return lambda: attention(query, stored, stored, scale=inverse_temperature).reshape(batch, size)


def sdpa_patterns_on_heads(patterns, states, inverse_temperature):
    """Half of the patterns on each of two heads, merged by their log-sum-exps.

    The public function keeps the log-sum-exps to itself; the operator behind it tells them.
    """
    count, size = patterns.shape
    batch = states.shape[0]
    operator = getattr(torch.ops.aten, "_scaled_dot_product_flash_attention_for_cpu", None)
    if count % 2 or operator is None:
        return None
    query = states[None, None].expand(1, 2, -1, -1)
    stored = patterns.view(1, 2, count // 2, size)

    def update():
        means, log_sums = operator(query, stored, stored, scale=inverse_temperature)
        # The layout of the log-sum-exps differs between versions of torch.
        log_sums = log_sums[0] if log_sums.shape[1] == 2 else log_sums[0].T
        shares = torch.softmax(log_sums.reshape(2, batch), dim=0).to(means.dtype)
        return (shares[:, :, None] * means[0]).sum(dim=0)

    return update


def hopfield_association(patterns, states, inverse_temperature):
    """The association of the hopfield-layers package (Ramsauer et al. 2021), without projections.

    `hflayers` itself is not on PyPI; `difflayers`, which is, ships the same layer.
    """
    try:
        from hflayers import Hopfield
    except ImportError:
        try:
            from difflayers import Hopfield
        except ImportError:
            return None
    size = patterns.shape[1]
    layer = Hopfield(
        input_size=size, hidden_size=size, num_heads=1, scaling=inverse_temperature,
        normalize_stored_pattern=False, normalize_stored_pattern_affine=False,
        normalize_state_pattern=False, normalize_state_pattern_affine=False,
        normalize_pattern_projection=False, normalize_pattern_projection_affine=False,
        stored_pattern_as_static=True, state_pattern_as_static=True,
        pattern_projection_as_static=True, disable_out_projection=True, input_bias=False,
    ).eval().to(patterns.dtype)
    stored, query = patterns[None], states[None]
    return lambda: layer((stored, query, stored))[0]


def jax_update(patterns, states, inverse_temperature):
    try:
        import jax
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    stored, query = jax.numpy.asarray(patterns), jax.numpy.asarray(states)

    @jax.jit
    def compiled(stored, query):
        return jax.nn.softmax(inverse_temperature * query @ stored.T, axis=1) @ stored

    return lambda: compiled(stored, query).block_until_ready()


def numba_update(patterns, states, inverse_temperature):
    """Loops over chunks of patterns in parallel, the sums of a chunk relative to its maximum."""
    try:
        import numba
    except ImportError:
        return None

    @numba.njit(parallel=True, fastmath=True)
    def sum_chunks(stored, scaled, length):
        count, size = stored.shape
        batch = scaled.shape[0]
        chunks = (count + length - 1) // length
        maxima = np.empty((chunks, batch), stored.dtype)
        totals = np.zeros((chunks, batch), stored.dtype)
        sums = np.zeros((chunks, batch, size), stored.dtype)
        for chunk in numba.prange(chunks):
            first, last = chunk * length, min(count, (chunk + 1) * length)
            exponents = np.empty(last - first, stored.dtype)
            for state in range(batch):
                for row in range(first, last):
                    product = stored.dtype.type(0)
                    for component in range(size):
                        product += scaled[state, component] * stored[row, component]
                    exponents[row - first] = product
                maximum = exponents.max()
                total = stored.dtype.type(0)
                for row in range(first, last):
                    weight = np.exp(exponents[row - first] - maximum)
                    total += weight
                    for component in range(size):
                        sums[chunk, state, component] += weight * stored[row, component]
                maxima[chunk, state] = maximum
                totals[chunk, state] = total
        return maxima, totals, sums

    scaled = states * states.dtype.type(inverse_temperature)

    def update():
        maxima, totals, sums = sum_chunks(patterns, scaled, 1024)
        factors = np.exp(maxima - maxima.max(axis=0))
        return (factors[:, :, None] * sums).sum(axis=0) / (factors * totals).sum(axis=0)[:, None]

    return update


class Threads:
    """Sets how many threads NumPy, torch and numba use."""

    def __init__(self):
        import threadpoolctl

        self.pools = threadpoolctl.ThreadpoolController()

    def describe(self):
        kernels = {pool.get("architecture") for pool in self.pools.info() if "architecture" in pool}
        return f"NumPy {np.__version__} (OpenBLAS kernel {', '.join(sorted(filter(None, kernels)))}), torch {torch.__version__}"

    def set(self, count):
        self.pools.limit(limits=count)
        torch.set_num_threads(count)
        if "numba" in sys.modules:
            sys.modules["numba"].set_num_threads(count)


def peers(patterns, states, inverse_temperature):
    """The updates of all libraries that are installed, by name."""
    tensors = torch.from_numpy(patterns), torch.from_numpy(states)
    made = {
        "NumPy": numpy_update(patterns, states, inverse_temperature),
        "torch": torch_update(*tensors, inverse_temperature),
        "SDPA, 1 head": sdpa_one_head(*tensors, inverse_temperature),
        "SDPA, states on 2 heads": sdpa_states_on_heads(*tensors, inverse_temperature),
        "SDPA, patterns on 2 heads": sdpa_patterns_on_heads(*tensors, inverse_temperature),
        "hflayers": hopfield_association(*tensors, inverse_temperature),
        "JAX": jax_update(patterns, states, inverse_temperature),
        "numba": numba_update(patterns, states, inverse_temperature),
    }
    return {name: update for name, update in made.items() if update}


def exact(patterns, states, inverse_temperature, chunk=65536):
    """The means in double precision, from partial sums over chunks of patterns."""
    scaled = states.astype(np.float64) * inverse_temperature
    batch, size = states.shape
    maximum = np.full((batch, 1), -math.inf)
    total, sums = np.zeros((batch, 1)), np.zeros((batch, size))
    for first in range(0, len(patterns), chunk):
        rows = patterns[first:first + chunk].astype(np.float64)
        exponents = scaled @ rows.T
        raised = np.maximum(maximum, exponents.max(axis=1, keepdims=True))
        weights = np.exp(exponents - raised)
        factor = np.exp(maximum - raised)
        sums = sums * factor + weights @ rows
        total = total * factor + weights.sum(axis=1, keepdims=True)
        maximum = raised
    return sums / total
