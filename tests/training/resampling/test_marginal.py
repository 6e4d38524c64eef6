"""Marginal weights are those of the published routine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scdyn_core.errors import ConfigError
from scdyn_core.training.resampling.marginal import marginal_weights

GOLDEN = Path(__file__).parents[4] / "shared" / "golden" / "adaptive_resampling"


def published(latent, bins, smoothing):
    """The routine, one axis after another, from numpy's own histogram."""
    largest = np.zeros(len(latent))
    for column in latent.T:
        density, edges = np.histogram(column, bins=bins, density=True)
        edges[0], edges[-1] = -np.inf, np.inf
        smooth = density + smoothing
        share = 1 / (smooth / smooth.sum())[np.digitize(column, edges) - 1]
        largest = np.maximum(largest, share / share.sum())
    return largest / largest.sum()


def assert_same(found, expected):
    np.testing.assert_allclose(found * len(found), expected * len(found), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["tiny", "toy_10d_shift_all", "pbmc68k_reduced_pca50"])
def test_the_published_weights_are_repeated(name):
    path = GOLDEN / f"{name}.npz"
    if not path.is_file():
        pytest.skip("the reference weights (shared/golden) are not here")
    with np.load(path, allow_pickle=False) as golden:
        cases = [key for key in golden.files if key.startswith("w_b")]
        assert len(cases) == (3 if name == "tiny" else 4)
        for key in cases:
            bins, smoothing = key.removeprefix("w_b").split("_a")
            found = marginal_weights(golden["z"], int(bins), float(smoothing))
            assert_same(found, golden[key])


def test_four_cells_by_hand():
    # First axis: bins [0, 1) with three cells and [1, 2] with one; its two bins share the mass.
    # Second axis: two and two. The largest share of each cell: 1/4, 1/4, 1/4, 1/2.
    latent = np.array([[0.0, 0.0], [0.1, 2.0], [0.2, 0.0], [2.0, 2.0]])
    np.testing.assert_allclose(marginal_weights(latent, 2, 0.0), np.array([1, 1, 1, 2]) / 5)


def test_smoothing_is_a_density():
    # Densities 3/4 and 1/4 with bins of width 1; smoothed by 1/4: shares 1 to 2.
    latent = np.array([[0.0], [0.1], [0.2], [2.0]])
    np.testing.assert_allclose(marginal_weights(latent, 2, 0.25), np.array([1, 1, 1, 2]) / 5)


on_a_grid = arrays(
    np.float64,
    st.tuples(st.integers(1, 30), st.integers(1, 10)),
    elements=st.integers(-20, 20).map(lambda number: number / 10),
)
anywhere = arrays(
    np.float64,
    st.tuples(st.integers(2, 30), st.integers(1, 4)),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False),
)


@given(on_a_grid, st.integers(2, 40), st.sampled_from([1e-3, 0.1]), st.sampled_from(["f4", "f8"]))
def test_values_on_edges_fall_where_the_published_routine_puts_them(latent, bins, alpha, dtype):
    latent = latent.astype(dtype)
    assert_same(marginal_weights(latent, bins, alpha), published(latent, bins, alpha))


@given(anywhere, st.integers(2, 200), st.sampled_from(["f4", "f8"]))
def test_any_values_give_the_published_weights_or_favour_no_cell(latent, bins, dtype):
    latent = latent.astype(dtype)
    found = marginal_weights(latent, bins, 1e-3)
    assert found.sum() == pytest.approx(1)
    try:
        expected = published(latent, bins, 1e-3)
    except ValueError:
        return  # More bins than numbers between the smallest and the largest value.
    assert_same(found, expected)


def test_neither_empty_bins_nor_constant_axes_give_nan():
    # First axis 1/4, 1/4, 1/2; second 1/3 each: the largest are 1/3, 1/3, 1/2.
    latent = np.array([[0.0, 7.0], [0.0, 7.0], [100.0, 7.0]])
    np.testing.assert_allclose(marginal_weights(latent, 100, 0.0), np.array([2, 2, 3]) / 7)


def test_an_axis_that_only_rounding_tells_from_constant_favours_no_cell():
    latent = np.full((5, 1), 1e8, dtype=np.float32)
    latent[0] += 8
    np.testing.assert_array_equal(marginal_weights(latent, 100, 1e-3), 0.2)


def test_one_cell_has_all_weight():
    np.testing.assert_array_equal(marginal_weights(np.array([[3.0, -1.0]]), 10, 1e-3), [1.0])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused(value):
    latent = np.zeros((6, 3))
    latent[2, 1] = value
    with pytest.raises(ConfigError, match="1 of 6 cells"):
        marginal_weights(latent, 10, 1e-3)


def test_an_embedding_without_axes_is_refused():
    with pytest.raises(ConfigError, match="0 dimensions"):
        marginal_weights(np.zeros((6, 0)), 10, 1e-3)
