"""Sliding windows along pseudotime."""

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.steps import Windows

ROLES = Roles(cell_type="type", pseudotime="order", spliced="spliced", counts="X")


def ordered(types, times=None):
    n = len(types)
    times = np.arange(n, dtype=float) if times is None else times
    return AnnData(
        X=np.asarray(times, dtype=np.float32)[:, None] * [1, 10],
        obs=pd.DataFrame(
            {"type": pd.Categorical(types), "order": times}, index=[f"c{i}" for i in range(n)]
        ),
        layers={"spliced": np.ones((n, 2)), "Ms": np.full((n, 2), 2.0)},
        obsm={"X_pca": np.column_stack([times, times])},
    )


def test_a_window_is_the_mean_of_cells_that_follow_each_other():
    result, outcome = Windows(size=4, stride=2).apply(ordered(["a"] * 10), ROLES, 0)
    np.testing.assert_allclose(result.X[:, 0], [1.5, 3.5, 5.5, 7.5])
    np.testing.assert_allclose(result.X[:, 1], [15, 35, 55, 75])
    np.testing.assert_allclose(result.obsm["X_pca"][:, 0], [1.5, 3.5, 5.5, 7.5])
    np.testing.assert_allclose(result.obs["order"], [1.5, 3.5, 5.5, 7.5])
    assert outcome.facts["windows"] == 4


def test_means_of_counts_are_not_counts_and_lose_their_roles():
    result, outcome = Windows().apply(ordered(["a"] * 10), ROLES, 0)
    assert list(result.layers) == ["Ms"]
    assert outcome.roles == {"counts": None, "spliced": None}


def test_windows_that_mix_types_are_left_out_unless_the_mixture_is_a_transition():
    types = list("aaaabbbbcccc")
    pure, outcome = Windows(size=4, stride=2).apply(ordered(types), ROLES, 0)
    assert list(pure.obs["type"]) == ["a", "b", "c"]
    assert outcome.facts["windows left out"] == 2
    step = Windows(size=4, stride=2, transitions=(("b", "a"),))
    mixed, _ = step.apply(ordered(types), ROLES, 0)
    assert list(mixed.obs["window_start"]) == [0, 2, 4, 8]


def test_the_type_of_a_window_is_its_commonest():
    step = Windows(size=4, stride=4, transitions=(("a", "b"),))
    result, _ = step.apply(ordered(list("abbbaaba")), ROLES, 0)
    assert list(result.obs["type"]) == ["b", "a"]


def test_cells_without_pseudotime_are_left_out():
    times = np.array([3.0, np.nan, 1.0, 2.0, np.inf, 0.0])
    adata = ordered(["a"] * 6, np.where(np.isfinite(times), times, 9.0))
    adata.obs["order"] = times
    result, outcome = Windows(size=2, stride=2).apply(adata, ROLES, 0)
    np.testing.assert_allclose(result.obs["order"], [0.5, 2.5])
    assert outcome.facts["cells without pseudotime"] == 2


@given(
    st.integers(1, 60), st.integers(1, 12), st.integers(1, 12), st.randoms(use_true_random=False)
)
def test_every_window_covers_its_stretch_of_the_order(n, size, stride, random):
    times = list(map(float, range(n)))
    random.shuffle(times)
    adata, roles = ordered(["a"] * n, times), Roles(pseudotime="order")
    starts = range(0, n - size + 1, stride)
    if not starts:
        with pytest.raises(ConfigError, match="no window"):
            Windows(size=size, stride=stride).apply(adata, roles, 0)
        return
    result, _ = Windows(size=size, stride=stride).apply(adata, roles, 0)
    expected = [start + (size - 1) / 2 for start in starts]
    np.testing.assert_allclose(result.X[:, 0], expected, rtol=1e-4, atol=1e-4)
