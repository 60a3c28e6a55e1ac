"""Statistical physics of dense associative memories (modern Hopfield networks, the attention update).

Theory (`Ensemble`), memories on your own arrays (`Memory`, `sample_patterns`) and simulations with error bars
(`run`). λ is `inverse_temperature` throughout, α = ln(P)/N the load, P × N the shape of patterns.
"""

from . import bounds, layers
from ._errors import DamError, DomainError, JobError, StoreError
from ._native import VERSION as __version__
from ._native import Ensemble, Figure, Memory, ensembles, learn_kernel, recipes, spherical_code
from ._patterns import sample_patterns
from ._run import Result, results, run
from ._tuples import CrossoverLaw, Estimate, FiniteBasin, LearnedKernel, LostPatterns, Retrieval, SphericalCode

__all__ = [
    "CrossoverLaw",
    "DamError",
    "DomainError",
    "Ensemble",
    "Estimate",
    "Figure",
    "FiniteBasin",
    "JobError",
    "LearnedKernel",
    "LostPatterns",
    "Memory",
    "Result",
    "Retrieval",
    "SphericalCode",
    "StoreError",
    "__version__",
    "bounds",
    "ensembles",
    "layers",
    "learn_kernel",
    "recipes",
    "results",
    "run",
    "sample_patterns",
    "spherical_code",
]
