"""How pickled objects are made again."""

from __future__ import annotations

from typing import Any

from ._native import Ensemble


def ensemble(name: str, parameters: dict[str, Any]) -> Ensemble:
    return Ensemble(name, **parameters)
