"""What is known of the training cells: their types, and a map no other cell has a part in."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.components import training_components
from scdyn_core.methods.population import population_of
from scdyn_core.methods.vrnn.method import Vrnn
from scdyn_core.training.resampling.options import SAMPLING, SamplingOptions
from tests.methods.svae import small

UNIFORM = SAMPLING["uniform"]


@pytest.fixture(scope="module")
def typed():
    return small.with_groups(small.screen(), "cell_type")


@pytest.fixture(scope="module")
def tensors(typed):
    return small.tensors_of(typed)


def known(dataset, tensors, options=UNIFORM, method=small.METHOD):
    return population_of(method, dataset, tensors, options)


def test_types_are_those_of_the_training_cells(typed, tensors):
    found = known(typed, tensors)
    names = np.asarray(found.names)[found.classes]
    rows = tensors.samples["train"]
    assert (names == typed.adata.obs["group"].astype(str).to_numpy()[rows]).all()


def test_cells_without_a_type_are_not_balanced_with_the_types(typed, tensors):
    adata = typed.adata.copy()
    adata.obs["group"] = adata.obs["group"].where(np.arange(adata.n_obs) % 3 > 0)
    found = known(Dataset(adata, typed.roles, "x", "0"), tensors)
    lost = adata.obs["group"].isna().to_numpy()[tensors.samples["train"]]
    assert ((found.balanced == -1) == lost).all()
    assert sum(found.masses(np.ones(len(lost))).values()) == pytest.approx(1.0)
    assert found.masses(np.ones(len(lost)))["unknown"] == pytest.approx(lost.mean())


def test_types_may_be_numbers(typed, tensors):
    adata = typed.adata.copy()
    adata.obs["group"] = pd.Categorical(adata.obs["group"].cat.codes.astype(int))
    found = known(Dataset(adata, typed.roles, "x", "0"), tensors)
    assert found.names == ("0", "1", "2")


def test_components_are_of_the_training_cells_alone(typed, tensors):
    rows = tensors.samples["train"]
    adata = typed.adata.copy()
    others = np.setdiff1d(np.arange(adata.n_obs), rows)
    x = np.asarray(adata.X.todense() if hasattr(adata.X, "todense") else adata.X)
    x[others] = np.random.default_rng(0).poisson(50.0, (len(others), adata.n_vars))
    adata.X = x
    changed = Dataset(adata, typed.roles, "x", "0")
    options = SAMPLING["components"]
    before = known(typed, tensors, options).embedding
    np.testing.assert_array_equal(before, known(changed, tensors, options).embedding)
    assert before.shape == (len(rows), 20)


def test_components_are_those_of_log_normalised_counts(typed):
    rows = np.arange(0, 200, 2)
    counts = pd.DataFrame(typed.adata.to_df()).to_numpy()[rows]
    depth = counts.sum(1)
    logs = np.log1p(counts / depth[:, None] * np.median(depth))
    centred = logs - logs.mean(0)
    variance = np.linalg.svd(centred, compute_uv=False)[:20] ** 2
    found = training_components(typed, rows)
    np.testing.assert_allclose((found**2).sum(0), variance, rtol=1e-6)


def test_without_counts_components_are_of_the_values_as_they_are(typed):
    rows = np.arange(0, 200, 2)
    bare = Dataset(typed.adata, typed.roles.model_copy(update={"counts": None}), "x", "0")
    values = pd.DataFrame(typed.adata.to_df()).to_numpy()[rows]
    variance = np.linalg.svd(values - values.mean(0), compute_uv=False)[:20] ** 2
    found = training_components(bare, rows)
    assert found.shape == (100, 20)
    np.testing.assert_allclose((found**2).sum(0), variance, rtol=1e-6)


def test_an_embedding_of_the_data_is_read_where_it_is_asked_for(typed, tensors):
    adata = typed.adata.copy()
    adata.obsm["X_own"] = np.arange(2.0 * adata.n_obs).reshape(-1, 2)
    options = SamplingOptions(scheme="marginal", embedding="X_own")
    found = known(Dataset(adata, typed.roles, "x", "0"), tensors, options)
    np.testing.assert_array_equal(found.embedding, adata.obsm["X_own"][tensors.samples["train"]])


def test_a_sparse_embedding_of_whole_numbers_is_read_as_numbers(typed, tensors):
    adata = typed.adata.copy()
    own = np.arange(2 * adata.n_obs).reshape(-1, 2)
    adata.obsm["X_own"] = csr_matrix(own)
    options = SamplingOptions(scheme="marginal", embedding="X_own")
    found = known(Dataset(adata, typed.roles, "x", "0"), tensors, options).embedding
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, own[tensors.samples["train"]])


@pytest.mark.parametrize("scheme", ["uniform", "balanced"])
def test_a_way_that_reads_no_embedding_asks_for_none(typed, tensors, scheme):
    options = SamplingOptions(scheme=scheme, embedding="X_nowhere")
    assert known(typed, tensors, options).embedding is None


def test_an_embedding_that_is_not_there_is_refused(typed, tensors):
    options = SamplingOptions(scheme="marginal", embedding="X_nowhere")
    with pytest.raises(ConfigError, match="X_nowhere"):
        known(typed, tensors, options)
    with pytest.raises(ConfigError, match="genes"):
        known(typed, tensors, options, Vrnn())
