"""Random patterns from NumPy's seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._errors import DomainError
from ._native import Ensemble, draw_patterns

Seed = int | Sequence[int] | np.random.SeedSequence | np.random.Generator | None


def seed_bytes(seed: Seed) -> bytes:
    """The 32 bytes of a seed: of a `Generator` the next ones, of all others those of its `SeedSequence`."""
    if isinstance(seed, np.random.Generator):
        return seed.bytes(32)
    if not isinstance(seed, np.random.SeedSequence):
        if isinstance(seed, bool):
            raise TypeError("seed: a bool; give an int, a SeedSequence, a Generator or None")
        seed = np.random.SeedSequence(seed)
    # little-endian on every machine, so that a seed means the same patterns
    return seed.generate_state(8, np.uint32).astype("<u4").tobytes()


def sample_patterns(
    ensemble: Ensemble | str,
    size: int,
    count: int,
    seed: Seed = None,
    *,
    dtype: Any = np.float64,
    threads: int | None = None,
) -> np.ndarray[tuple[int, int], np.dtype[Any]]:
    """Draws P = `count` random patterns of N = `size` components.

    Parameters
    ----------
    ensemble : Ensemble or str
        A law of patterns, or the name of one without parameters.
    size, count : int
        N and P.
    seed : int, sequence of int, numpy.random.SeedSequence, numpy.random.Generator, optional
        As NumPy has it: None draws anew each time, a Generator advances. Pattern μ depends on the seed and μ
        alone: more patterns of a seed begin with the same ones.
    dtype : float64 or float32
        float32 patterns are the float64 ones but for rounding.
    threads : int, optional
        By default all cores; the patterns do not depend on it.

    Returns
    -------
    array of shape (P, N)

    Raises
    ------
    DomainError
        An unknown ensemble; N at which it has no patterns; numbers below 1; another dtype.
    MemoryError
        Patterns that do not fit into memory.

    Examples
    --------
    >>> sample_patterns("spherical", 40, 100, seed=1).shape
    (100, 40)
    """
    if isinstance(ensemble, str):
        ensemble = Ensemble(ensemble)
    kind = np.dtype(dtype)
    if kind not in (np.dtype(np.float64), np.dtype(np.float32)):
        raise DomainError(f"dtype = {kind}: float64 or float32")
    return draw_patterns(ensemble, (count, size), seed_bytes(seed), kind.name, threads)
