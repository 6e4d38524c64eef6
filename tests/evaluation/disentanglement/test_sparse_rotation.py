"""The frame in which groups are sparse: found where it is planted, and always a frame."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.evaluation.disentanglement.mcc import mcc
from scdyn_core.evaluation.disentanglement.sparse_rotation import (
    _rounds,
    sparse_frame,
    sparse_rotation,
)

SEEDS = st.integers(0, 2**32 - 1)


def rotation(latents, rng):
    return np.linalg.qr(rng.normal(size=(latents, latents)))[0]


def sparse_points(groups, latents, rng, most=3):
    order = rng.random((groups, latents)).argsort(axis=1)
    on = order < rng.integers(1, most + 1, groups)[:, None]
    return on * rng.choice([-1, 1], on.shape) * rng.normal(5, 0.5, on.shape)


def mixed(rng, *, latents=8, groups=60, cells=60):
    """Cells of sparse groups, seen through a linear map and from another place."""
    points = sparse_points(groups, latents, rng)
    label = np.repeat(np.arange(groups), cells)
    true = points[label] + rng.normal(size=(len(label), latents))
    seen = true @ (rotation(latents, rng) * rng.uniform(0.3, 3, latents)) @ rotation(latents, rng)
    return true, seen + rng.normal(0, 4, latents), label, points


def moments(seen, label):
    means = np.stack([seen[label == group].mean(axis=0) for group in range(label.max() + 1)])
    return means, np.cov((seen - means[label]).T)


@pytest.mark.parametrize("with_control", [True, False])
def test_undoes_a_planted_mixture(with_control):
    rng = np.random.default_rng(0)
    true, seen, label, points = mixed(rng)
    means, within = moments(seen, label)
    mixing = np.linalg.lstsq(np.c_[true, np.ones(len(true))], seen, rcond=None)[0]
    frame = sparse_frame(means, within, seed=0, control=mixing[-1] if with_control else None)
    found = frame.applied(seen)
    assert mcc(true, seen) < 0.7
    assert mcc(true, found) > 0.98
    # Every group is where it was planted: few latents, at its size, all others at 0.
    placed = frame.applied(means)
    assert np.sort(np.abs(placed).ravel()) == pytest.approx(np.sort(np.abs(points).ravel()), abs=1)
    assert (np.abs(placed) > 2).sum() == (points != 0).sum()


def test_cells_of_a_group_have_unit_spread_in_the_frame():
    rng = np.random.default_rng(1)
    _, seen, label, _ = mixed(rng, latents=5, groups=20)
    means, within = moments(seen, label)
    frame = sparse_frame(means, within, seed=0)
    apart = frame.applied(seen) - frame.applied(means)[label]
    np.testing.assert_allclose(np.cov(apart.T), np.eye(5), atol=1e-8)
    np.testing.assert_allclose(frame.matrix @ frame.inverse, np.eye(5), atol=1e-8)


def test_the_control_is_the_origin_of_the_frame():
    rng = np.random.default_rng(2)
    means, control = rng.normal(size=(9, 4)), rng.normal(size=4)
    frame = sparse_frame(means, np.eye(4), seed=0, control=control)
    np.testing.assert_allclose(frame.applied(control[None]), 0.0, atol=1e-10)
    without = sparse_frame(means, np.eye(4), seed=0)
    np.testing.assert_allclose(np.median(without.applied(means), axis=0), 0.0, atol=1e-10)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(2, 7), st.integers(1, 12), st.booleans())
def test_is_a_rotation_that_never_raises_the_sum(seed, latents, groups, free):
    rng = np.random.default_rng(seed)
    points, start = rng.normal(size=(groups, latents)), rotation(latents, rng)

    def cost(turned):
        return np.abs(turned - (np.median(turned, axis=0) if free else 0.0)).sum()

    found = sparse_rotation(points, start, free_offset=free)
    np.testing.assert_allclose(found @ found.T, np.eye(latents), atol=1e-9)
    assert np.linalg.det(found) == pytest.approx(np.linalg.det(start))
    assert cost(points @ found) <= cost(points @ start) + 1e-9
    # In a plane nothing is better; in a space it is the best that pairs of axes lead to.
    others = [cost(points @ rotation(latents, rng)) for _ in range(20)]
    assert cost(points @ found) <= (1.01 * min(others) if latents == 2 else np.mean(others))


def test_a_frame_is_found_from_few_points_and_flat_directions():
    points = np.array([[3.0, 3.0, 0.0]])
    within = np.diag([1.0, 1.0, 0.0])
    frame = sparse_frame(points, within, seed=0, control=np.zeros(3))
    assert np.isfinite(frame.matrix).all()
    assert np.abs(frame.applied(points)).sum() == pytest.approx(np.sqrt(18.0), rel=1e-3)


@pytest.mark.parametrize("axes", [2, 3, 6, 7])
def test_every_pair_of_axes_meets_once(axes):
    pairs = []
    for first, second in _rounds(axes):
        assert len({*first, *second}) == 2 * len(first)
        pairs += [frozenset(pair) for pair in zip(first.tolist(), second.tolist(), strict=True)]
    assert len(pairs) == len(set(pairs)) == axes * (axes - 1) // 2


def test_groups_that_are_not_surely_anywhere_do_not_decide():
    """Many groups of noise and a few with small shifts along two planted axes."""
    rng = np.random.default_rng(3)
    axes = rotation(4, rng)
    shifted = np.repeat(np.eye(4)[:2], 2, axis=0) * 0.6
    cells = np.concatenate([np.full(4, 4000.0), np.full(200, 12.0)])
    points = np.vstack([shifted, np.zeros((200, 4))])
    means = (points + rng.normal(size=points.shape) / np.sqrt(cells)[:, None]) @ axes

    def off_axis(**more):
        frame = sparse_frame(means, np.eye(4), seed=0, control=np.zeros(4), **more)
        placed = np.abs(frame.applied(shifted @ axes))
        return (placed.sum(axis=1) - placed.max(axis=1)).max()

    assert off_axis(error=1.0 / cells) < 0.1
    assert off_axis() > 0.2
