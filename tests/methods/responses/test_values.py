"""What is averaged over cells: counts at one depth, or log values taken back."""

import numpy as np
import pytest
from anndata import AnnData
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.methods.responses.config import FEWEST_FOR_COMMON, ResponseConfig
from scdyn_core.methods.responses.input import gene_input
from scdyn_core.methods.responses.values import cell_values
from tests.methods.responses.small import logged, planted


def dataset(matrix, counts=None):
    return Dataset(AnnData(sparse.csr_matrix(matrix)), Roles(counts=counts), "d", "0")


def dense(found):
    return found.values.toarray()


@pytest.fixture
def counts():
    return np.random.default_rng(0).poisson(2.0, (30, FEWEST_FOR_COMMON)).astype(float)


def test_counts_are_scaled_to_the_median_depth(counts):
    found = cell_values(dataset(counts, "X"), ResponseConfig())
    totals = counts.sum(axis=1)
    assert dense(found) == pytest.approx(counts / totals[:, None] * np.median(totals))
    assert (found.logs, found.one) == (False, 1.0)


def test_a_panel_of_few_genes_is_not_scaled_by_its_total(counts):
    panel = counts[:, : FEWEST_FOR_COMMON - 1]
    assert dense(cell_values(dataset(panel, "X"), ResponseConfig())) == pytest.approx(panel)
    scaled = cell_values(dataset(panel, "X"), ResponseConfig(depth="total"))
    assert np.ptp(scaled.values.sum(axis=1)) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("base", "log"), [("e", np.log), ("2", np.log2), ("10", np.log10)])
def test_logarithms_of_every_base_are_taken_back(counts, base, log):
    found = cell_values(dataset(log(1 + counts)), ResponseConfig(log_base=base))
    assert dense(found) == pytest.approx(counts)
    assert found.one == pytest.approx(1.0)


def test_a_mean_of_logs_is_to_the_base_two(counts):
    config = ResponseConfig(summary="mean")
    found = cell_values(dataset(np.log1p(counts)), config)
    assert dense(found) == pytest.approx(np.log2(1 + counts))
    assert found.logs


def test_counts_and_their_logarithms_give_the_same_curves():
    from_counts = planted(n_cells=300, n_genes=250)
    adata = from_counts.adata.copy()
    scaled = cell_values(from_counts, ResponseConfig()).values
    adata.X = scaled.log1p()
    one, other = (gene_input(each, ResponseConfig()) for each in (from_counts, logged(adata)))
    assert one.names == other.names
    # The smallest value that was measured stands for one molecule: only rare genes see that.
    often = one.curves.mean.min(axis=1) > -1
    assert other.curves.mean[often] == pytest.approx(one.curves.mean[often], abs=0.02)
    assert other.curves.se[often] == pytest.approx(one.curves.se[often], rel=0.02)


@pytest.mark.parametrize("wrong", [-1.0, 500.0])
def test_values_that_are_no_logarithms_are_refused(counts, wrong):
    counts[3, 3] = wrong
    with pytest.raises(ConfigError) as caught:
        cell_values(dataset(counts), ResponseConfig())
    assert caught.value.place == "X"
    assert f"{wrong:g}" in caught.value.found
    assert "log" in caught.value.needed
    assert "counts" in caught.value.fix


def test_counts_that_are_asked_for_must_be_known(counts):
    with pytest.raises(ConfigError) as caught:
        cell_values(dataset(counts), ResponseConfig(values="counts"))
    assert caught.value.place == "values"
    assert "counts" in caught.value.needed


def test_the_data_stay_as_they_are(counts):
    data = dataset(np.log1p(counts))
    before = data.adata.X.toarray()
    cell_values(data, ResponseConfig(log_base="2", summary="mean"))
    assert np.array_equal(data.adata.X.toarray(), before)
