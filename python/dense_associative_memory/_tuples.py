"""What functions return that say more than one number. Fields are floats for scalar arguments, else arrays of the
broadcast shape."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Estimate(NamedTuple):
    """A value with what it may be off by: not a standard error, but a bound that simulations kept to."""

    value: Any
    error: Any


class CrossoverLaw(NamedTuple):
    """The law of λ_× over disorder samples. Each error is what its value may be off by."""

    mean: Any
    mean_error: Any
    median: Any
    median_error: Any
    deviation: Any
    """Half of the width that holds the central 68.3 % of samples."""
    deviation_error: Any


class FiniteBasin(NamedTuple):
    """The basin of a typical pattern at finite N."""

    angle: Any
    """θ_c in radians; nan where there is none."""
    angle_error: Any
    probability: Any
    """Share of the disorder samples whose target is itself retrieved."""
    sampled: Any
    """1 for the mean over sampled disorder, 0 for the averaged noise."""


class LostPatterns(NamedTuple):
    """Expected numbers of stored patterns that are lost when each is its own start."""

    lost: Any
    fewest: Any
    most: Any
    lost_to_close_pair: Any
    """Those with another pattern as close as themselves; 0 on the sphere."""
    all_retrieved: Any
    """Probability that none is lost."""


class Retrieval(NamedTuple):
    """Where states ended: `state` of shape (..., N), the others of shape (...)."""

    state: Any
    steps: Any
    converged: Any
    best_pattern: Any
    """The pattern of largest weight, counted from 0."""
    weight: Any
    """That of the target; nan without one."""
    energy: Any
    gradient_norm: Any
    """|∇E|/√N."""
    participation: Any
    """Σ w²: 1 where one pattern holds all the weight."""


class LearnedKernel(NamedTuple):
    """A feature map Φ(x) = Wx + b and how it was learned."""

    weights: NDArray[np.float64]
    """W, (D, N)."""
    bias: NDArray[np.float64]
    """b, (D,)."""
    loss: NDArray[np.float64]
    """Of epochs 0 (the start), 1, …"""
    largest_cosine: NDArray[np.float64]
    """max û_μ·û_ν of the normalised features, of each epoch."""
    gradient_norm: NDArray[np.float64]
    converged: bool

    def features(self, inputs: Any) -> NDArray[np.float64]:
        """Φ of inputs of shape (..., N): (..., D)."""
        found: NDArray[np.float64] = np.asarray(inputs, dtype=float) @ self.weights.T + self.bias
        return found


class SphericalCode(NamedTuple):
    """Points on the unit sphere that lie far apart."""

    points: NDArray[np.float64]
    angle: float
    """The least angle in radians."""


class WellSeparation(NamedTuple):
    """The separation Δ that patterns need, and the error that is left with it."""

    separation: Any
    log_error: Any


class Interval(NamedTuple):
    """Two bounds."""

    lower: Any
    upper: Any
