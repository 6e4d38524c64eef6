"""The Wilcoxon test gives the numbers of scanpy on the same cells."""

import warnings

import anndata
import numpy as np
import pandas as pd
import pytest
import scanpy as sc
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse
from scipy.stats import mannwhitneyu

from scdyn_core.data.atlas.atlas import Atlas
from scdyn_core.data.atlas.write import write_atlas
from scdyn_core.data.load import load
from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.expression.cell_pair import cell_pair
from scdyn_core.evaluation.expression.wilcoxon import COLUMNS, wilcoxon
from scdyn_core.reporter import Cancelled, SilentReporter
from tests.evaluation.expression.cells import Cells

SAME = {
    "z": "scores",
    "p": "pvals",
    "p_adjusted": "pvals_adj",
    "log2_fold_change": "logfoldchanges",
    "fraction_first": "pct_nz_group",
    "fraction_second": "pct_nz_reference",
}


def scanpys(matrix, genes, first, second, reference="b"):
    """Scanpy's answer for the same cells."""
    group = np.full(matrix.shape[0], "c", dtype=object)
    group[first], group[second] = "a", "b"
    adata = anndata.AnnData(
        matrix,
        obs=pd.DataFrame(
            {"set": pd.Categorical(group)}, index=[f"c{n}" for n in range(len(group))]
        ),
        var=pd.DataFrame(index=list(genes)),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sc.tl.rank_genes_groups(adata, "set", groups=["a"], reference=reference,
                                method="wilcoxon", tie_correct=True, pts=True)  # fmt: skip
        return sc.get.rank_genes_groups_df(adata, "a").set_index("names")


def assert_same(found, theirs, columns=SAME):
    theirs = theirs.loc[found["gene"]]
    for own, name in columns.items():
        if name in theirs:
            # Scanpy stores scores and fold changes in single precision.
            np.testing.assert_allclose(found[own], theirs[name], rtol=1e-6, atol=1e-12, err_msg=own)


def log_counts(rng, n, genes=25, zeros=0.7):
    counts = rng.poisson(3.0, (n, genes)) * (rng.random((n, genes)) > zeros)
    return np.log1p(counts * rng.choice([0.5, 1.0, 1.7], (n, 1))).astype(np.float32)


@pytest.mark.parametrize("made", [np.asarray, sparse.csr_matrix])
@pytest.mark.parametrize("sizes", [(2, 2), (3, 80), (60, 90)])
def test_two_sets_of_many(made, sizes):
    matrix = log_counts(np.random.default_rng(sum(sizes)), 200)
    matrix[:, 0] = 0  # a gene nobody expresses
    first, second = np.arange(sizes[0]), np.arange(100, 100 + sizes[1])
    cells = Cells(matrix, dense=made is np.asarray)
    found = wilcoxon(cells, cell_pair(first, second, 200))
    assert_same(found, scanpys(made(matrix), cells.genes, first, second))
    assert list(found["z"].abs()) == sorted(found["z"].abs(), reverse=True)
    assert set(found) <= set(COLUMNS)
    unseen = found.set_index("gene").loc["gene0"]
    assert (unseen["z"], unseen["p"], unseen["log2_fold_change"]) == (0, 1, 0)


def test_a_set_against_the_rest():
    matrix = log_counts(np.random.default_rng(5), 150)
    first = np.arange(40, 70)
    found = wilcoxon(Cells(matrix), cell_pair(first, None, 150))
    assert_same(found, scanpys(matrix, Cells(matrix).genes, first, [], reference="rest"))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_values_with_any_ties(data):
    n = data.draw(st.integers(5, 40))
    few = st.sampled_from([-2.5, -1.0, -0.0, 0.0, 0.25, 1.0, 7.0])
    some = st.floats(-50, 50, width=32)
    matrix = data.draw(hnp.arrays(np.float32, (n, 3), elements=st.one_of(few, some)))
    cut = data.draw(st.integers(2, n - 2))
    cells = Cells(matrix, dense=data.draw(st.booleans()))
    found = wilcoxon(cells, cell_pair(np.arange(cut), None, n), scale="other")
    theirs = scanpys(matrix, cells.genes, np.arange(cut), np.arange(cut, n))
    assert_same(found, theirs, {"z": "scores", "p": "pvals", "p_adjusted": "pvals_adj"})
    for row in found.itertuples():
        values = cells.values(row.gene)
        if np.ptp(values):
            exact = mannwhitneyu(values[:cut], values[cut:], use_continuity=False,
                                 method="asymptotic").pvalue  # fmt: skip
            assert row.p == pytest.approx(exact)


def test_values_that_are_no_logarithms_have_differences_of_means():
    matrix = np.random.default_rng(1).normal(size=(60, 4)).astype(np.float32)
    found = wilcoxon(Cells(matrix, dense=True), cell_pair(np.arange(20), None, 60), scale="other")
    assert "log2_fold_change" not in found
    assert "fraction_first" not in found
    means = matrix[:20].mean(axis=0) - matrix[20:].mean(axis=0)
    expected = dict(zip(Cells(matrix).genes, means, strict=True))
    for row in found.itertuples():
        assert row.difference == pytest.approx(expected[row.gene], abs=1e-6)


def test_nothing_is_found_where_nothing_differs():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(20):
        matrix = log_counts(rng, 200, genes=100)
        found.append(wilcoxon(Cells(matrix), cell_pair(np.arange(80), None, 200)))
    p = pd.concat(found)["p"].to_numpy()
    # 2,000 true nulls: three standard errors around the level.
    assert abs((p < 0.05).mean() - 0.05) < 0.015
    assert sum((one["p_adjusted"] < 0.05).any() for one in found) <= 4


def test_real_cells(shared_data, tmp_path):
    path = shared_data / "ctrl_stim" / "kang_1556x1267.h5ad"
    if not path.exists():
        pytest.skip(f"no real data: {path} does not exist")
    write_atlas(load(path), "k", tmp_path / "atlas")
    atlas = Atlas(tmp_path / "atlas")
    stimulated = (atlas.column("condition") == "stim").to_numpy()
    first, second = np.flatnonzero(stimulated), np.flatnonzero(~stimulated)
    found = wilcoxon(atlas, cell_pair(first, second, atlas.n_cells))
    matrix = np.stack([atlas.values(gene) for gene in atlas.genes], axis=1)
    assert_same(found, scanpys(matrix, atlas.genes, first, second))
    best = found.iloc[0]
    assert best["gene"] == "ISG15"
    assert best["log2_fold_change"] > 2


def test_cells_of_both_sets_are_left_out_of_both():
    pair = cell_pair(np.array([0, 1, 2, 3]), np.array([3, 4, 5]), 10)
    assert (pair.first.tolist(), pair.second.tolist(), pair.shared) == ([0, 1, 2], [4, 5], 1)


def test_what_is_too_small_is_refused():
    with pytest.raises(ConfigError, match="first set: 0 cells"):
        cell_pair(np.array([3, 4]), np.array([3, 4, 5, 6]), 10)
    with pytest.raises(ConfigError, match="second set: 1 cells"):
        cell_pair(np.arange(9), None, 10)


class Impatient(SilentReporter):
    def cancelled(self):
        return True


def test_it_can_be_stopped():
    matrix = log_counts(np.random.default_rng(1), 50)
    with pytest.raises(Cancelled):
        wilcoxon(Cells(matrix), cell_pair(np.arange(9), None, 50), reporter=Impatient())
