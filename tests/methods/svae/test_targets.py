"""Targets are the exact minimum of the loss for given latents, and never a worse one."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.methods.svae.targets import Costs, cells_of_targets, effects, solve

SEEDS = st.integers(0, 2**31 - 1)


def loss(shift, on, means, cells, members, costs):
    """The part of the loss that depends on targets: for whole latents, nats in all."""
    targets = len(shift)
    price = costs.of(shift, cells_of_targets(cells, members, targets))
    carried = cells_of_targets(cells, members, targets).unsqueeze(-1)
    missed = means - effects(shift * on, members)
    return float((0.5 * cells.unsqueeze(-1) * missed**2).sum() + (carried * price * on).sum())


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_single_targets_are_the_best_of_all_masks(seed):
    generator = torch.Generator().manual_seed(seed)
    means = 1.5 * torch.randn(3, 5, generator=generator, dtype=torch.float64)
    cells = torch.randint(1, 60, (3,), generator=generator).double()
    members = torch.arange(3).unsqueeze(1)
    costs = Costs(sparsity=0.3, relative=0.05, chance=4.0)
    shift, odds = solve(means, cells, members, 3, costs, 1.0)
    torch.testing.assert_close(shift, means)
    for target in range(3):
        one = (means[target : target + 1], cells[target : target + 1], torch.zeros(1, 1).long())
        masks = [torch.tensor([mask], dtype=torch.float64) for mask in product([0, 1], repeat=5)]
        best = min(masks, key=lambda mask: loss(one[0], mask, *one, costs))
        assert torch.equal(odds[target] > 0, best[0] > 0)


def combinations(generator, *, targets=6, pairs=8, latents=4):
    members = [[target, targets, targets] for target in range(targets)]
    for _ in range(pairs):
        members.append(torch.randperm(targets, generator=generator)[:3].sort().values.tolist())
    members = torch.tensor(members)
    shift = 3 * torch.randn(targets, latents, generator=generator, dtype=torch.float64)
    shift = shift * (torch.rand(shift.shape, generator=generator) < 0.4)
    cells = torch.randint(20, 90, (len(members),), generator=generator).double()
    return members, shift, cells


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_open_shifts_of_combinations_are_the_least_squares_ones(seed):
    generator = torch.Generator().manual_seed(seed)
    members, shift, cells = combinations(generator)
    means = effects(shift, members) + 0.3 * torch.randn(
        len(members), 4, generator=generator, dtype=torch.float64
    )
    found, _ = solve(
        means, cells, members, 6, Costs(0.1, 0.0, 1.0), 1.0, torch.full_like(shift, 40.0)
    )
    design = np.stack([np.bincount(row, minlength=7)[:6] for row in members.numpy()])
    weight = np.sqrt(cells.numpy())[:, None]
    expected = np.linalg.lstsq(design * weight, means.numpy() * weight, rcond=None)[0]
    np.testing.assert_allclose(found.numpy(), expected, atol=0.02)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_targets_of_combinations_lower_the_loss(seed):
    generator = torch.Generator().manual_seed(seed)
    members, shift, cells = combinations(generator)
    noise = torch.randn(len(members), 4, generator=generator, dtype=torch.float64)
    means = effects(shift, members) + noise / cells.sqrt().unsqueeze(-1)
    costs = Costs(0.1, 0.0, 4.0)
    found, odds = solve(means, cells, members, 6, costs, 1.0)
    data = (means, cells, members, costs)
    ours = loss(found, (odds > 0).double(), *data)
    everything, _ = solve(means, cells, members, 6, costs, 0.0, torch.full_like(shift, 40.0))
    assert ours < loss(found, torch.zeros_like(found), *data)
    assert ours <= loss(everything, torch.ones_like(found), *data)
    # What is clearly shifted is on, what is not at all is off.
    assert bool((odds > 0)[shift.abs() > 1.5].all())
    assert float(((odds > 0) & (shift == 0)).double().mean()) < 0.1


@pytest.mark.parametrize("size", [0.3, 0.4, 0.5, 0.6, 0.7, 1.0])
def test_targets_that_never_part_agree_instead_of_taking_turns(size):
    members = torch.tensor([[0, 1]])
    means = torch.tensor([[size]], dtype=torch.float64)
    cells = torch.tensor([50.0], dtype=torch.float64)
    one, odds = solve(means, cells, members, 2, Costs(0.05, 0.0, 1.0), 1.0)
    assert float((one[0] - one[1]).abs()) < 1e-9
    assert float((odds[0] - odds[1]).abs()) < 1e-9
    assert float((odds.sigmoid() * one).sum()) == pytest.approx(size, rel=0.5) or size < 0.6


def test_costs_have_three_parts():
    shift = torch.tensor([[3.0, 4.0], [0.0, 1.0]])
    cost = Costs(0.1, 0.5, 6.0).of(shift, torch.tensor([10.0, 0.0]))
    torch.testing.assert_close(cost[:, 0], torch.tensor([0.1 + 0.25 * 25 + 0.6, 0.1 + 0.25 + 6.0]))


def test_decided_targets_stay_and_strictness_counts():
    means = torch.tensor([[0.5, 3.0]], dtype=torch.float64)
    cells, members = torch.tensor([100.0], dtype=torch.float64), torch.tensor([[0]])
    costs = Costs(0.3, 0.0, 0.0)
    decided = torch.tensor([[30.0, -30.0]], dtype=torch.float64)
    _, kept = solve(means, cells, members, 1, costs, 1.0, decided)
    assert torch.equal(kept, decided)
    early, late = (solve(means, cells, members, 1, costs, by)[1] for by in (0.0, 1.0))
    assert bool((early > 0).all())
    assert (late > 0).tolist() == [[False, True]]
