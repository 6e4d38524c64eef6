"""Means and variances of groups of cells, whatever the matrix is kept as."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from scdyn_core.evaluation.perturbation import cells as module
from scdyn_core.evaluation.perturbation.cells import Cells, group_means


@given(st.integers(0, 2**32 - 1), st.integers(0, 30), st.integers(1, 5), st.booleans())
def test_it_is_what_numpy_says_of_each_group(seed, number, groups, sparse):
    rng = np.random.default_rng(seed)
    values = rng.poisson(1.0, (number, 4)).astype(float)
    group = rng.integers(-1, groups, number)
    found = group_means(csr_matrix(values) if sparse else values, group, groups)
    for name in range(groups):
        own = values[group == name]
        assert found.cells[name] == len(own)
        if len(own):
            np.testing.assert_allclose(found.mean[name], own.mean(axis=0))
        else:
            assert np.isnan(found.mean[name]).all()
        variance = own.var(axis=0, ddof=1) if len(own) > 1 else 0.0
        np.testing.assert_allclose(found.variance[name], variance, atol=1e-12)


@pytest.mark.parametrize("block", [1, 7, 40])
def test_blocks_change_nothing(monkeypatch, block):
    rng = np.random.default_rng(0)
    values, group = rng.normal(size=(33, 3)), rng.integers(0, 4, 33)
    whole = group_means(values, group, 4)
    monkeypatch.setattr(module, "_BLOCK", block)
    parts = group_means(values, group, 4)
    np.testing.assert_allclose(parts.mean, whole.mean)
    np.testing.assert_allclose(parts.variance, whole.variance)


def test_cells_are_found_by_their_label():
    cells = Cells(np.arange(8.0).reshape(4, 2), np.array(["b", "a", "b", "c"], dtype=object))
    assert cells.names == ("a", "b", "c")
    assert cells.rows("b").tolist() == [0, 2]
    assert cells.mean("b").tolist() == [2.0, 3.0]
    assert (cells.count("c"), cells.count("nobody")) == (1, 0)


def test_a_label_is_needed_for_every_cell():
    with pytest.raises(ValueError, match="one label a cell"):
        Cells(np.zeros((3, 2)), np.array(["a"], dtype=object))
