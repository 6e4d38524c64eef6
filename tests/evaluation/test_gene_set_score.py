"""Scores of gene sets: those of scanpy with the same controls, from the genes needed alone."""

import anndata
import numpy as np
import pandas as pd
import pytest
import scanpy as sc
from scipy.sparse import csc_matrix

from scdyn_core.errors import InputError
from scdyn_core.evaluation.gene_set_score import (
    control_genes,
    gene_set_score,
    genes_of_set,
    mean_expression,
)
from scdyn_core.reporter import Cancelled, SilentReporter

QUIET = SilentReporter()
GENES = [f"Gene{number}" for number in range(300)]
SET = [GENES[number] for number in (3, 40, 41, 150, 299)]


class Columns:
    """A matrix read gene by gene; remembers which."""

    def __init__(self, matrix):
        self.matrix, self.read = csc_matrix(matrix), []
        self.n_cells = matrix.shape[0]

    def nonzero(self, gene):
        self.read.append(gene)
        column = self.matrix[:, [GENES.index(gene)]].tocsc()
        column.sort_indices()
        return column.indices, column.data


@pytest.fixture(scope="module")
def matrix():
    rng = np.random.default_rng(0)
    counts = rng.poisson(np.exp(rng.normal(-0.5, 1.0, 300)) * rng.gamma(4, 0.25, (80, 1)))
    return np.log1p(counts).astype(np.float32)


def test_scores_are_those_of_scanpy_where_every_gene_of_a_level_is_a_control(matrix):
    adata = anndata.AnnData(csc_matrix(matrix), var=pd.DataFrame(index=GENES))
    sc.tl.score_genes(adata, SET, ctrl_size=1000, use_raw=False)
    reader = Columns(matrix)
    means = mean_expression(reader, GENES, QUIET)
    np.testing.assert_allclose(means, matrix.mean(axis=0), rtol=1e-5)
    controls = control_genes(means, SET, seed=0, per_bin=1000)
    found = gene_set_score(reader, SET, controls, QUIET)
    np.testing.assert_allclose(found, adata.obs["score"], atol=1e-6)


def test_a_score_is_the_difference_of_two_means_and_reads_nothing_else(matrix):
    reader = Columns(matrix)
    controls = GENES[200:230]
    found = gene_set_score(reader, SET, controls, QUIET)
    own, other = ([GENES.index(gene) for gene in genes] for genes in (SET, controls))
    expected = matrix[:, own].mean(axis=1) - matrix[:, other].mean(axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert reader.read == [*SET, *controls]


def test_controls_are_of_the_levels_of_the_set_outside_it_and_the_same_for_one_seed(matrix):
    means = mean_expression(Columns(matrix), GENES, QUIET)
    found = control_genes(means, SET, seed=1, per_bin=4)
    assert len(found) == len(set(found)) <= 4 * len(SET)
    assert not set(found) & set(SET)
    assert found == control_genes(means, SET, seed=1, per_bin=4)
    assert found != control_genes(means, SET, seed=2, per_bin=4)
    # A bin holds a twenty-fourth of the genes.
    rank = means.rank()
    for gene in found:
        assert (rank[SET] - rank[gene]).abs().min() <= 300 / 24


def test_a_cell_that_is_only_deeper_has_no_larger_score():
    rng = np.random.default_rng(3)
    depth = rng.uniform(0.5, 4.0, (400, 1))
    matrix = np.log1p(rng.poisson(np.exp(rng.normal(0, 0.5, 300)) * depth)).astype(np.float32)
    reader = Columns(matrix)
    controls = control_genes(mean_expression(reader, GENES, QUIET), SET, seed=0)
    score = gene_set_score(reader, SET, controls, QUIET)
    alone = matrix[:, [GENES.index(gene) for gene in SET]].mean(axis=1)
    assert np.corrcoef(alone, depth[:, 0])[0, 1] > 0.7
    assert abs(np.corrcoef(score, depth[:, 0])[0, 1]) < 0.2


def test_names_are_matched_whatever_their_case_and_none_is_refused():
    assert genes_of_set({"GENE7", "gene2", "other"}, GENES) == ["Gene2", "Gene7"]
    with pytest.raises(InputError, match="gene set"):
        genes_of_set({"ENSG01"}, GENES)
    means = pd.Series(1.0, index=pd.Index(GENES[:5]))
    with pytest.raises(InputError, match="none of the same level"):
        control_genes(means, GENES[:5], seed=0)


class Stopped(SilentReporter):
    def cancelled(self):
        return True


def test_both_can_be_cancelled(matrix):
    with pytest.raises(Cancelled):
        mean_expression(Columns(matrix), GENES, Stopped())
    with pytest.raises(Cancelled):
        gene_set_score(Columns(matrix), SET, GENES[:3], Stopped())
