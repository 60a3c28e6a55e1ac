"""Rigorous bounds on the number of patterns, overflow-free: they give ln M. What `dam theory bound` prints."""

from ._native import (
    kernelized_log_capacity,
    optimal_dimension,
    optimal_log_capacity,
    ramsauer_log_capacity,
    spherical_code_log_size,
    spherical_code_separation,
    well_separation,
)
from ._tuples import Interval, WellSeparation

__all__ = [
    "Interval",
    "WellSeparation",
    "kernelized_log_capacity",
    "optimal_dimension",
    "optimal_log_capacity",
    "ramsauer_log_capacity",
    "spherical_code_log_size",
    "spherical_code_separation",
    "well_separation",
]
