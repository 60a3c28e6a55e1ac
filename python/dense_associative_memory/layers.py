"""Hopfield layers (H. Ramsauer et al. 2021) in double precision, with exact gradients, in the words of hflayers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._errors import DomainError
from ._native import HopfieldCore

Doubles = NDArray[np.float64]
Bags = NDArray[Any] | Sequence[NDArray[Any]]
Normalization = bool | Literal["plain"]
_Rows = tuple[Doubles, list[int]]

__all__ = ["Gradients", "Hopfield"]


class Gradients(NamedTuple):
    """Slopes of a scalar function of the output; those of inputs have the form of the inputs."""

    parameters: dict[str, Doubles]
    stored: Any
    states: Any
    projections: Any


class _Form:
    """How rows were given: one matrix, a stack of them, or a list of matrices."""

    def __init__(self, name: str, given: Bags) -> None:
        if isinstance(given, np.ndarray):
            if given.ndim not in (2, 3):
                raise DomainError(f"{name} of shape {given.shape}: (rows, numbers), (bags, rows, numbers) or a list of matrices")
            bags = [given] if given.ndim == 2 else list(given)
        else:
            bags = [np.asarray(bag) for bag in given]
            if any(bag.ndim != 2 or bag.shape[1] != bags[0].shape[1] for bag in bags):
                raise DomainError(f"{name}: a list of matrices with equally many columns")
        self.is_list = not isinstance(given, np.ndarray)
        self.is_one = isinstance(given, np.ndarray) and given.ndim == 2
        self.sizes = [len(bag) for bag in bags]
        if not bags:
            raise DomainError(f"{name}: no bag")
        if any(bag.dtype.kind not in "fiu" for bag in bags):
            raise TypeError(f"{name}: numbers are real; give an array of float or int")
        self.rows: _Rows = (np.concatenate(bags).astype(float), self.sizes)

    def of(self, rows: Doubles) -> Any:
        """Rows of all bags in this form."""
        if self.is_one:
            return rows
        bags = np.split(rows, np.cumsum(self.sizes)[:-1])
        return bags if self.is_list else np.stack(bags)


class Hopfield:
    """State patterns retrieve from stored patterns:

        K = LN(Φ(Y)) W_Kᵀ + b_K,   q = LN(R) W_Qᵀ + b_Q,   V = LN(P) W_Vᵀ + b_V
        q ← Kᵀ softmax(β K q)  (update_steps_max times),   Z = (Vᵀ softmax(β K q)) W_Oᵀ + b_O

    Y: stored patterns, R: states, P: pattern projections (Y by default), one row each. `alpha` = 1 is softmax, 2
    sparsemax, any number from 1 on that α-entmax. Bags of any size go through together without padding.

    Parameters
    ----------
    input_size : int
        Numbers of a state pattern.
    seed : int
        Of the parameters at the start.
    scaling : float or sequence of float, optional
        β, one number or one for each head; 1/√hidden_size by default. `learn_scaling` makes it a parameter.
    update_steps_max : int, optional
        Extra steps; None until a state rests to within `update_steps_eps`.
    normalize_* : bool or "plain"
        Layer norm with (True) or without ("plain") γ and b.
    others
        As in hflayers; the differences stand in docs/layers.md.

    Raises
    ------
    DomainError
        Options that contradict each other, or numbers out of their domain: what, and the mend.
    """

    def __init__(
        self,
        input_size: int,
        *,
        seed: int = 1,
        hidden_size: int | None = None,
        output_size: int | None = None,
        pattern_size: int | None = None,
        num_heads: int = 1,
        scaling: float | Sequence[float] | None = None,
        learn_scaling: bool = False,
        update_steps_max: int | None = 0,
        update_steps_eps: float = 1e-4,
        normalize_stored_pattern: Normalization = True,
        normalize_state_pattern: Normalization = True,
        normalize_pattern_projection: Normalization = True,
        normalize_hopfield_space: Normalization = False,
        stored_pattern_as_static: bool = False,
        state_pattern_as_static: bool = False,
        pattern_projection_as_static: bool = False,
        pattern_projection_as_connected: bool = False,
        stored_pattern_size: int | None = None,
        pattern_projection_size: int | None = None,
        input_bias: bool = True,
        add_zero_association: bool = False,
        disable_out_projection: bool = False,
        alpha: float = 1.0,
        kernel_size: int | None = None,
    ) -> None:
        options = {name: value for name, value in locals().items() if name not in ("self", "input_size", "seed")}
        if scaling is not None:
            options["scaling"] = [float(beta) for beta in np.atleast_1d(scaling)]
        self._has_zero = add_zero_association
        self._core = HopfieldCore(input_size, seed, options)

    @property
    def output_size(self) -> int:
        """Numbers of an output row."""
        return self._core.output_size

    def state_dict(self) -> dict[str, Doubles]:
        """Copies of all parameters by the names that they have in hflayers."""
        return self._core.state_dict()

    def load_state_dict(self, parameters: Mapping[str, Any]) -> None:
        """Sets parameters, such as those of a PyTorch module: {name: value.numpy() for name, value in ...}.

        Raises
        ------
        DomainError
            A missing or unknown block, another shape, a number that is not finite.
        """
        missing = self.state_dict().keys() - parameters.keys()
        if missing:
            raise DomainError(f"parameters lack {', '.join(sorted(missing))}")
        for name, value in parameters.items():
            array = np.asarray(value, dtype=float)
            self._core.set(name, array.reshape(1, -1), list(array.shape))

    def __call__(self, stored: Bags, states: Bags | None = None, projections: Bags | None = None) -> Any:
        """What every state retrieves.

        Parameters
        ----------
        stored : (S, d) or (B, S, d) array, or a list of (S_b, d) arrays
            Y of one bag, of equal bags, of any bags.
        states : likewise, optional
            R of the same bags; Y by default.
        projections : likewise, optional
            P, as many rows as Y in each bag; Y by default.

        Returns
        -------
        (L, output_size) or (B, L, output_size) array, or a list
            In the form of the states.

        Raises
        ------
        DomainError
            Shapes that do not fit; numbers that are not finite; a bag without stored patterns.
        """
        rows, form, _ = self._given(stored, states, projections)
        return form[1].of(self._core.retrieve(*rows))

    def weights(self, stored: Bags, states: Bags | None = None, projections: Bags | None = None) -> list[Doubles]:
        """The attention maps after the last step (hflayers: get_association_matrix), of each bag (heads, L, S).

        Arguments and errors as of a call; `add_zero_association` adds a last column.
        """
        rows, form, heads = self._given(stored, states, projections)
        flat = self._core.weights(*rows)
        maps = []
        for states_of, stored_of in zip(form[1].sizes, form[0].sizes):
            columns = stored_of + self._has_zero
            count = states_of * heads * columns
            maps.append(flat[:count].reshape(states_of, heads, columns).transpose(1, 0, 2))
            flat = flat[count:]
        return maps

    def energies(self, stored: Bags, states: Bags | None = None, projections: Bags | None = None) -> list[list[list[float]]]:
        """E(q) = ½|q|² − Ψ_α(βKq)/β of each state on its way, [state][head][step], bag after bag; no step raises it.

        Arguments and errors as of a call.
        """
        rows, _, heads = self._given(stored, states, projections)
        flat = self._core.energies(*rows)
        return [flat[place : place + heads] for place in range(0, len(flat), heads)]

    def gradients(
        self, gradient: Any, stored: Bags, states: Bags | None = None, projections: Bags | None = None
    ) -> Gradients:
        """The slopes of parameters and inputs from `gradient`, that of the output and in its form.

        Arguments and errors as of a call. Where one array plays several parts its slope is the sum of theirs.
        """
        rows, form, _ = self._given(stored, states, projections)
        of_output = _Form("gradient", gradient)
        of_parameters, slopes = self._core.gradients(*rows, of_output.rows[0])
        return Gradients(of_parameters, *(shape.of(slope) for shape, slope in zip(form, slopes)))

    def _given(
        self, stored: Bags, states: Bags | None, projections: Bags | None
    ) -> tuple[tuple[_Rows, _Rows, _Rows], tuple[_Form, _Form, _Form], int]:
        first = _Form("stored", stored)
        second = first if states is None else _Form("states", states)
        third = first if projections is None else _Form("projections", projections)
        return (first.rows, second.rows, third.rows), (first, second, third), self._core.num_heads
