"""Genes that a treatment changes: Wilcoxon's test, both directions."""

import anndata
import numpy as np
import pandas as pd
import scanpy as sc
from scipy.stats import mannwhitneyu, norm

from scdyn_core.evaluation.response.changed_genes import changed_genes, rank_scores

RNG = np.random.default_rng(3)
CONTROL = np.log1p(RNG.poisson(1.0, size=(40, 12))).astype(float)
TREATED = np.log1p(RNG.poisson(np.linspace(0.2, 3.0, 12), size=(50, 12))).astype(float)


def test_scores_are_those_of_the_rank_sum_test() -> None:
    score = rank_scores(CONTROL, TREATED)
    found = mannwhitneyu(TREATED, CONTROL, method="asymptotic", use_continuity=False)
    np.testing.assert_allclose(2 * norm.sf(np.abs(score)), found.pvalue)
    assert (np.sign(score) == np.sign(found.statistic - 40 * 50 / 2)).all()


def test_scores_are_those_of_scanpy() -> None:
    obs = pd.DataFrame({"state": ["c"] * 40 + ["t"] * 50}, index=[f"cell{i}" for i in range(90)])
    adata = anndata.AnnData(np.concatenate([CONTROL, TREATED]), obs=obs)
    adata.obs["state"] = adata.obs["state"].astype("category")
    sc.tl.rank_genes_groups(
        adata, "state", groups=["t"], reference="c", method="wilcoxon", tie_correct=True
    )
    table = sc.get.rank_genes_groups_df(adata, "t").set_index("names").loc[adata.var_names]
    np.testing.assert_allclose(rank_scores(CONTROL, TREATED), table["scores"], rtol=1e-5)


def test_both_directions_count() -> None:
    changed = changed_genes(CONTROL, TREATED, most=4)
    score = rank_scores(CONTROL, TREATED)
    assert changed.sum() == 4
    assert score[changed].min() < 0 < score[changed].max()
    assert np.abs(score[changed]).min() >= np.abs(score[~changed]).max()


def test_a_gene_that_is_the_same_in_all_cells_has_not_changed() -> None:
    control, treated = CONTROL.copy(), TREATED.copy()
    control[:, 0] = treated[:, 0] = 0.7
    assert rank_scores(control, treated)[0] == 0.0
    assert not changed_genes(control, treated)[0]
