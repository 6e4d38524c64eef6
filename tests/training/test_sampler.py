"""Draws: as often as weights say, every replicate its own, and the same after resuming."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.training.sampler import draw, uniform_batches, weighted_batches


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def counts_of(positions, n):
    return torch.stack([torch.bincount(row, minlength=n) for row in positions])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=60), st.integers(0, 1000))
def test_systematic_draws_are_the_weights_rounded_up_or_down(weights, seed):
    weights = torch.tensor([weights], dtype=torch.float64) + 1e-3
    n = weights.shape[1]
    expected = n * weights / weights.sum()
    counts = counts_of(draw(weights, "systematic", generator(seed)), n)
    assert bool((counts >= torch.floor(expected - 1e-9)).all())
    assert bool((counts <= torch.ceil(expected + 1e-9)).all())


def test_equal_weights_draw_every_sample_once():
    positions = draw(torch.full((3, 500), 0.002, dtype=torch.float64), "systematic", generator())
    assert all(torch.equal(row.sort().values, torch.arange(500)) for row in positions)
    assert not torch.equal(positions[0], positions[1])


@pytest.mark.parametrize("how", ["systematic", "independent"])
def test_draws_are_unbiased(how):
    weights = torch.rand(2, 40, dtype=torch.float64, generator=generator(1))
    total = sum(counts_of(draw(weights, how, generator(seed)), 40) for seed in range(2000))
    expected = 40 * weights / weights.sum(1, keepdim=True)
    np.testing.assert_allclose(total / 2000, expected, atol=0.13)


def test_systematic_draws_vary_less():
    weights = torch.rand(1, 200, dtype=torch.float64, generator=generator(1))
    spread = {
        how: torch.stack(
            [counts_of(draw(weights, how, generator(seed)), 200)[0].double() for seed in range(300)]
        )
        .var(0)
        .mean()
        for how in ("systematic", "independent")
    }
    assert spread["systematic"] < 0.3 * spread["independent"]


def test_neighbours_in_the_file_are_rounded_up_apart():
    """In the order of the file every such pair would be drawn exactly twice, every time."""
    weights = torch.tensor([[1.5, 0.5] * 20], dtype=torch.float64)
    pairs = torch.stack(
        [counts_of(draw(weights, "systematic", generator(seed)), 40)[0, :2] for seed in range(50)]
    ).sum(1)
    assert set(pairs.tolist()) == {1, 2, 3}


def test_a_sample_drawn_many_times_is_spread_over_the_epoch():
    weights = torch.ones(1, 400, dtype=torch.float64)
    weights[0, 7] = 100.0
    positions = draw(weights, "systematic", generator())[0]
    places = (positions == 7).nonzero().flatten()
    assert 70 < len(places) < 90
    assert places.float().std() > 80


def test_a_sample_of_no_weight_is_never_drawn():
    weights = torch.ones(1, 50, dtype=torch.float64)
    weights[0, ::2] = 0.0
    for how in ("systematic", "independent"):
        assert counts_of(draw(weights, how, generator()), 50)[0, ::2].sum() == 0


@pytest.mark.parametrize("size", [None, 20, 64, 1000])
def test_there_are_as_many_steps_as_with_uniform_draws(size):
    positions = draw(torch.rand(2, 101, dtype=torch.float64), "systematic", generator())
    weighted = list(weighted_batches(positions, size))
    assert len(weighted) == len(list(uniform_batches(101, size, generator())))
    assert torch.equal(torch.cat(weighted, dim=1), positions)
