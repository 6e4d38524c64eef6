"""Steps that measure quality and remove cells or genes."""

import numpy as np
import pytest
import scanpy as sc
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import median_abs_deviation

from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.quiet import quiet_scanpy, quiet_scvelo
from scdyn_core.preprocess.steps import (
    Doublets,
    FilterCells,
    FilterGenes,
    QcMetrics,
    SharedCounts,
)
from scdyn_core.preprocess.thresholds import lower_mad, upper_mad


@pytest.fixture
def measured(adata, roles):
    """The small sample with quality metrics, five poor cells and one rich in mitochondria."""
    counts = adata.layers["spliced"].tolil()
    counts[:5, 10:] = 0
    counts[6, list(adata.var_names).index("mt-Nd1")] = 5000
    adata.layers["spliced"] = counts.tocsr()
    return QcMetrics().apply(adata, roles, 0)[0]


def test_metrics_are_those_of_scanpy_on_the_spliced_counts(adata, roles):
    reference = adata.copy()
    reference.var["mt"] = reference.var_names == "mt-Nd1"
    sc.pp.calculate_qc_metrics(
        reference, layer="spliced", qc_vars=["mt"], percent_top=None, inplace=True
    )
    result, outcome = QcMetrics().apply(adata, roles, 0)
    for column in ("total_counts", "n_genes_by_counts", "pct_counts_mt"):
        np.testing.assert_allclose(result.obs[column], reference.obs[column])
    assert outcome.facts["mitochondrial genes"] == 1
    assert outcome.facts["ribosomal genes"] == 2


def test_suggested_thresholds_remove_the_poor_cells_and_are_recorded(measured, roles):
    kept, outcome = FilterCells().apply(measured.copy(), roles, 0)
    removed = set(measured.obs_names) - set(kept.obs_names)
    assert set(measured.obs_names[:5]) | {measured.obs_names[6]} <= removed
    assert outcome.facts["min counts used"] == pytest.approx(
        lower_mad(measured.obs["total_counts"].to_numpy(float), 5.0)
    )
    assert kept.layers["spliced"].dtype == np.int32


@given(st.floats(0, 3000), st.floats(0, 60), st.floats(0, 100))
def test_given_thresholds_are_kept_to(measured_once, min_counts, min_genes, max_mito):
    measured, roles = measured_once
    step = FilterCells(min_counts=min_counts, min_genes=min_genes, max_mitochondrial=max_mito)
    keep = (
        (measured.obs["total_counts"] >= min_counts)
        & (measured.obs["n_genes_by_counts"] >= min_genes)
        & (measured.obs["pct_counts_mt"] <= max_mito)
    )
    if keep.any():
        kept, _ = step.apply(measured, roles, 0)
        assert list(kept.obs_names) == list(measured.obs_names[keep])
    else:
        with pytest.raises(ConfigError, match="no cell within"):
            step.apply(measured, roles, 0)


@pytest.fixture(scope="module")
def measured_once(small_dataset):
    return QcMetrics().apply(small_dataset.adata.copy(), small_dataset.roles, 0)[
        0
    ], small_dataset.roles


def test_cells_are_filtered_only_after_their_metrics(adata, roles):
    with pytest.raises(ConfigError, match="qc_metrics"):
        FilterCells().apply(adata, roles, 0)


@given(arrays(float, st.integers(3, 40), elements=st.integers(0, 1000)), st.floats(1, 10))
def test_a_suggestion_never_removes_the_median_cell(values, n_mads):
    median = np.median(values)
    assert lower_mad(values, n_mads) <= median + 1e-6
    assert upper_mad(values, n_mads) >= median
    spread = median_abs_deviation(values)
    if spread > 0:
        assert upper_mad(values, n_mads) == pytest.approx(median + n_mads * spread)


def test_genes_are_filtered_as_scanpy_does(adata, roles):
    sparse = adata.layers["spliced"].tolil()
    sparse[2:, 0] = 0
    sparse[:, 1] = 0
    adata.layers["spliced"] = sparse.tocsr()
    kept, outcome = FilterGenes().apply(adata.copy(), roles, 0)
    assert set(adata.var_names) - set(kept.var_names) == set(adata.var_names[:2])
    assert outcome.facts["min cells used"] == 3
    reference = adata.copy()
    reference.X = reference.layers["spliced"]
    sc.pp.filter_genes(reference, min_counts=500)
    kept, _ = FilterGenes(min_cells=0, min_counts=500).apply(adata, roles, 0)
    assert list(kept.var_names) == list(reference.var_names)


def test_filters_that_leave_nothing_say_so(adata, roles):
    with pytest.raises(ConfigError, match="no gene within"):
        FilterGenes(min_cells=10_000).apply(adata.copy(), roles, 0)
    with pytest.raises(ConfigError, match="shared counts"):
        SharedCounts(min_shared_counts=10**9).apply(adata, roles, 0)


def test_shared_counts_are_those_of_scvelo(adata, roles):
    reference = adata.copy()
    with quiet_scvelo() as scv:
        scv.pp.filter_genes(reference, min_shared_counts=1500)
    kept, _ = SharedCounts(min_shared_counts=1500).apply(adata, roles, 0)
    assert 0 < kept.n_vars < adata.n_vars
    assert list(kept.var_names) == list(reference.var_names)


def test_doublets_are_scored_as_scanpy_does_and_the_made_ones_stand_out(adata, roles):
    counts = adata.layers["spliced"].tolil()
    late = np.flatnonzero(adata.obs["cell_type"] == "branch A")[:8]
    other = np.flatnonzero(adata.obs["cell_type"] == "branch B")[:8]
    counts[late] = counts[late] + counts[other]
    adata.layers["spliced"] = counts.tocsr()
    result, outcome = Doublets(threshold=0.2).apply(adata.copy(), roles, 3)
    score = result.obs["doublet_score"].to_numpy()
    assert np.median(score[late]) > 1.3 * np.median(np.delete(score, late))
    assert outcome.facts["threshold used"] == 0.2
    assert outcome.facts["doublets"] == int((score > 0.2).sum())

    kept, _ = Doublets(threshold=0.2, remove=True).apply(adata.copy(), roles, 3)
    assert list(kept.obs_names) == list(result.obs_names[score <= 0.2])

    reference = adata.copy()
    reference.X = reference.layers["spliced"].astype(np.float32)
    reference.layers.clear()
    with quiet_scanpy():
        n_variable = _n_scrublet_genes(reference)
        sc.pp.scrublet(
            reference,
            threshold=0.2,
            random_state=3,
            n_prin_comps=min(30, n_variable - 1),
            verbose=False,
        )
    np.testing.assert_allclose(score, reference.obs["doublet_score"])


def _n_scrublet_genes(adata):
    values = adata.copy()
    sc.pp.normalize_total(values)
    sc.pp.log1p(values)
    sc.pp.highly_variable_genes(values)
    return int(values.var["highly_variable"].sum())


def test_doublets_need_variable_genes(adata, roles):
    with pytest.raises(ConfigError, match="variable genes"):
        Doublets().apply(adata[:, :3].copy(), roles, 0)
