"""Two embeddings of the same cells: what turning cannot change, and what chance gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import procrustes
from scipy.stats import ortho_group

from scdyn_core.errors import InputError
from scdyn_core.evaluation.embedding_agreement import (
    CKA,
    DISPARITY,
    KEPT,
    embedding_agreement,
    linear_cka,
    nearest_cells,
    neighbours_kept,
)
from scdyn_core.evaluation.embedding_alignment import aligned


def cloud(cells: int = 200, latents: int = 4, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(cells, latents)) * [4.0, 2.0, 1.0, 0.5][:latents]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100.0))
def test_a_turned_mirrored_scaled_and_moved_copy_comes_back_onto_the_original(
    seed: int, scale: float
) -> None:
    original = cloud()
    turn = ortho_group.rvs(4, random_state=seed)
    found = aligned(original, scale * original @ turn + 7.0)
    assert found.disparity == pytest.approx(0.0, abs=1e-10)
    assert found.scale == pytest.approx(1 / scale)
    np.testing.assert_allclose(found.coordinates, original, atol=1e-8)


def test_the_disparity_is_that_of_scipy_and_the_same_both_ways() -> None:
    first, second = cloud(seed=1), cloud(seed=2) + 0.5 * cloud(seed=1)
    expected = procrustes(first, second)[2]
    assert aligned(first, second).disparity == pytest.approx(expected)
    assert aligned(second, first).disparity == pytest.approx(expected)


def test_a_space_of_fewer_dimensions_is_padded_with_zeros() -> None:
    whole = cloud()
    part = whole[:, :2]
    padded = np.column_stack([part, np.zeros((len(part), 2))])
    expected = procrustes(whole, padded)[2]
    assert aligned(whole, part).disparity == pytest.approx(expected)
    assert aligned(part, whole).disparity == pytest.approx(expected)
    assert aligned(whole, part).coordinates.shape == (200, 4)
    assert aligned(part, whole).coordinates.shape == (200, 2)


def test_a_single_point_has_no_shape_to_compare() -> None:
    found = aligned(cloud(), np.ones((200, 4)))
    assert np.isnan(found.disparity)
    assert np.isfinite(found.coordinates).all()


@pytest.mark.parametrize("at", [0.1, -1e6 / 3, 0.0])
def test_cells_that_differ_by_rounding_alone_are_a_single_point(at: float) -> None:
    point = np.full((200, 3), at)
    for found in (aligned(cloud(), point), aligned(point, cloud())):
        assert np.isnan(found.disparity)
    assert np.isnan(linear_cka(cloud(), point))


@pytest.mark.parametrize("other", [cloud(199), np.full((200, 4), np.nan)])
def test_other_cells_and_broken_coordinates_are_refused(other: np.ndarray) -> None:
    with pytest.raises(InputError):
        aligned(cloud(), other)


def test_linear_cka_equals_its_definition_by_kernels() -> None:
    x, y = cloud(seed=3), cloud(latents=2, seed=4)
    centre = np.eye(200) - 1 / 200
    first, second = (centre @ (z @ z.T) @ centre for z in (x, y))
    expected = (first * second).sum() / (np.linalg.norm(first) * np.linalg.norm(second))
    assert linear_cka(x, y) == pytest.approx(expected)
    assert linear_cka(x, -3 * x) == pytest.approx(1.0)


def test_neighbours_kept_counts_those_of_both() -> None:
    first = np.array([[1, 2], [0, 2], [0, 1], [2, 1]])
    second = np.array([[1, 3], [2, 3], [0, 1], [0, 3]])
    # cell 0 keeps 1, cell 1 keeps 2, cell 2 keeps both, cell 3 keeps none
    assert neighbours_kept(first, second) == pytest.approx(4 / 8)


def test_the_nearest_cells_leave_out_the_cell_itself_even_among_twins() -> None:
    twins = np.repeat(cloud(10), 2, axis=0)
    found = nearest_cells(twins, 3)
    assert (found != np.arange(20)[:, None]).all()


def test_a_copy_agrees_fully_and_shuffled_cells_give_the_null() -> None:
    original = cloud()
    rows = embedding_agreement(original, 2 * original[:, ::-1]).set_index("measure")
    assert rows.loc[DISPARITY, "value"] == pytest.approx(0.0, abs=1e-10)
    assert rows.loc[CKA, "value"] == pytest.approx(1.0)
    assert rows.loc[KEPT, "value"] == 1.0
    assert rows.loc[KEPT, "shuffled"] == pytest.approx(15 / 199, rel=0.1)
    assert rows.loc[DISPARITY, "shuffled_best"] > 0.8


def test_unrelated_embeddings_are_no_more_alike_than_shuffled_ones() -> None:
    rows = embedding_agreement(cloud(400, seed=5), cloud(400, seed=6), shuffles=40)
    for row in rows.itertuples():
        assert row.value == pytest.approx(row.shuffled, abs=0.05)


def test_the_null_of_shuffled_neighbours_is_that_of_shuffled_cells() -> None:
    from scdyn_core.evaluation import embedding_agreement as module

    first, second = cloud(60, seed=7), cloud(60, seed=8)
    order = np.random.default_rng(0).permutation(60)
    renamed = module._renamed(nearest_cells(second), order)
    expected = neighbours_kept(nearest_cells(first), nearest_cells(second[order]))
    assert neighbours_kept(nearest_cells(first), renamed) == pytest.approx(expected)
