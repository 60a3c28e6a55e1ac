#!/usr/bin/env python3
# /// script
# requires-python = ">=3.9"
# dependencies = ["numpy", "torch"]
# ///
"""A twin of the Hopfield layers in PyTorch: outputs and gradients for the tests of `sims/layers`.

    python3 scripts/layers_twin.py sims/layers/tests/hflayers.npz

Debian's python3-torch will do. The modules have the parameters of `hflayers` (ml-jku/hopfield-layers)
by name and shape, in single precision; gradients are autograd's. Each bag is run alone, so that no
padding comes in. Where nothing but attention is left (T = 0, no norm), the script checks itself
against `torch.nn.MultiheadAttention` before it writes. For each case the archive holds

    CASE.weights.NAME   the state_dict          CASE.sizes     rows of each bag
    CASE.rows           the rows of all bags    CASE.output    what comes out, bag after bag
    CASE.slopes.NAME    ∂L/∂NAME                CASE.of_rows   ∂L/∂rows       with L = Σ output · CASE.outward
"""

import argparse
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional

SIZES = [1, 4, 6]


class Core(nn.Module):
    """Linear maps, association, linear map: parameters as `hflayers.activation.HopfieldCore`."""

    def __init__(self, size, heads, hidden, pattern=None, output=None, stored=None, connected=False,
                 space=False, zero=False, out=True):
        super().__init__()
        self.heads, self.hidden, self.connected, self.zero = heads, hidden, connected, zero
        columns, values = heads * hidden, heads * (pattern or hidden)
        joined = not connected and pattern is None and stored is None
        if joined:
            self.in_proj_weight = nn.Parameter(torch.randn(3 * columns, size))
        else:
            self.q_proj_weight = nn.Parameter(torch.randn(columns, size))
            self.k_proj_weight = nn.Parameter(torch.randn(columns, stored or size))
            self.v_proj_weight = nn.Parameter(torch.randn(values, columns if connected else size))
        self.in_proj_bias = nn.Parameter(torch.randn(2 * columns + values))
        self.out_proj = nn.Linear(values, output or size) if out else None
        self.splits, self.joined = [columns, columns, values], joined
        if space:
            self.p_norm_weight = nn.Parameter(torch.randn(hidden))
            self.p_norm_bias = nn.Parameter(torch.randn(hidden))
        self.space = space

    def forward(self, stored, states, projections, betas, steps):
        """One bag: rows of stored patterns, states and projections."""
        if self.joined:
            maps = self.in_proj_weight.split(self.splits)
        else:
            maps = self.q_proj_weight, self.k_proj_weight, self.v_proj_weight
        of_queries, of_keys, of_values = self.in_proj_bias.split(self.splits)
        queries = functional.linear(states, maps[0], of_queries)
        keys = functional.linear(stored, maps[1], of_keys)
        if self.connected:
            projections = functional.linear(projections, maps[1], of_keys)
        values = functional.linear(projections, maps[2], of_values)

        def by_heads(rows):
            return rows.reshape(rows.shape[0], self.heads, -1).transpose(0, 1)

        queries, keys, values = by_heads(queries), by_heads(keys), by_heads(values)
        if self.space:
            shape, norm = (self.hidden,), (self.p_norm_weight, self.p_norm_bias)
            queries = functional.layer_norm(queries, shape, *norm)
            keys = functional.layer_norm(keys, shape, *norm)
        if self.zero:
            def more(rows):
                return torch.cat([rows, torch.zeros_like(rows[:, :1])], dim=1)
            keys, values = more(keys), more(values)
        for step in range(steps + 1):
            weights = torch.softmax(betas.reshape(-1, 1, 1) * queries @ keys.transpose(1, 2), dim=-1)
            if step < steps:
                queries = weights @ keys
        rows = (weights @ values).transpose(0, 1).reshape(states.shape[0], -1)
        return rows if self.out_proj is None else self.out_proj(rows)


class Hopfield(nn.Module):
    """Norms before a core."""

    def __init__(self, size, norms=True, betas=None, steps=0, stored=None, **core):
        super().__init__()
        self.association_core = Core(size, stored=stored, **core)
        self.steps = steps
        heads, hidden = core["heads"], core["hidden"]
        self.betas = torch.tensor(betas or [1 / math.sqrt(hidden)] * heads)
        self.norms = norms
        if norms:
            self.norm_stored_pattern = nn.LayerNorm(stored or size)
            self.norm_state_pattern = nn.LayerNorm(size)
            self.norm_pattern_projection = nn.LayerNorm(size)

    def forward(self, stored, states, projections):
        if self.norms:
            stored = self.norm_stored_pattern(stored)
            states = self.norm_state_pattern(states)
            projections = self.norm_pattern_projection(projections)
        return self.association_core(stored, states, projections, self.betas, self.steps)


class Itself(nn.Module):
    """Every row retrieves from its own bag."""

    def __init__(self, size, **options):
        super().__init__()
        self.hopfield = Hopfield(size, **options)

    def forward(self, rows):
        return self.hopfield(rows, rows, rows)


class Pooling(nn.Module):
    """`hflayers.HopfieldPooling`."""

    def __init__(self, size, quantity, **options):
        super().__init__()
        self.hopfield = Hopfield(size, **options)
        self.pooling_weights = nn.Parameter(torch.empty(1, quantity, size))

    def forward(self, rows):
        return self.hopfield(rows, self.pooling_weights[0], rows).reshape(1, -1)


class Lookup(nn.Module):
    """`hflayers.HopfieldLayer`."""

    def __init__(self, size, quantity, stored=None, separated=False, **options):
        super().__init__()
        self.hopfield = Hopfield(size, stored=stored, **options)
        self.lookup_weights = nn.Parameter(torch.empty(1, quantity, stored or size))
        if separated:
            self.target_weights = nn.Parameter(torch.empty(1, quantity, size))
        self.separated = separated

    def forward(self, rows):
        targets = self.target_weights if self.separated else self.lookup_weights
        return self.hopfield(self.lookup_weights[0], rows, targets[0])


def cases():
    """The names are those of the tests."""
    yield "itself", Itself(8, heads=2, hidden=4), 8
    yield "itself-plain", Itself(8, norms=False, heads=2, hidden=4), 8
    yield "pooling", Pooling(8, 1, heads=4, hidden=3, output=5, betas=[0.25, 0.5, 1.0, 2.0], steps=3), 8
    yield "pooling-connected", Pooling(6, 2, heads=2, hidden=3, connected=True, steps=1, space=True), 6
    yield "lookup", Lookup(6, 5, heads=2, hidden=4, zero=True), 6
    yield "lookup-separated", Lookup(
        6, 5, stored=7, separated=True, heads=2, hidden=4, pattern=2, out=False, steps=2), 6


def check_attention(module, rows):
    """Nothing but attention: against PyTorch's own."""
    core = module.hopfield.association_core
    attention = nn.MultiheadAttention(8, core.heads, batch_first=True)
    attention.load_state_dict(core.state_dict())
    expected = attention(rows[None], rows[None], rows[None])[0][0]
    error = (module(rows) - expected).abs().max().item()
    assert error < 1e-6, f"differs from torch.nn.MultiheadAttention by {error}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive")
    arguments = parser.parse_args()
    torch.manual_seed(14)
    torch.set_num_threads(1)
    arrays = {}
    for case, module, size in cases():
        for parameter in module.parameters():
            nn.init.normal_(parameter, std=0.6)
        rows = torch.randn(sum(SIZES), size, requires_grad=True)
        if case == "itself-plain":
            check_attention(module, rows.detach()[:4])
        output = torch.cat([module(bag) for bag in rows.split(SIZES)])
        outward = torch.randn(output.shape)
        (output * outward).sum().backward()
        arrays[f"{case}.sizes"] = np.array(SIZES)
        for name, tensor in [("rows", rows), ("output", output), ("outward", outward), ("of_rows", rows.grad)]:
            arrays[f"{case}.{name}"] = tensor.detach().numpy()
        for name, parameter in module.named_parameters():
            arrays[f"{case}.weights.{name}"] = parameter.detach().numpy()
            arrays[f"{case}.slopes.{name}"] = parameter.grad.numpy()
    np.savez_compressed(arguments.archive, **arrays)


if __name__ == "__main__":
    main()
