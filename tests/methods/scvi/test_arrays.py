"""What the network reads: counts as they are, and nothing learned from test cells."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.special import gammaln

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.scvi.dispersion import log_dispersion
from tests.methods.scvi.small import TINY, counted, tensors_of, train


def with_other_counts(dataset, cells):
    """Return the dataset with quite other counts, and other depths, of some cells."""
    adata = dataset.adata.copy()
    dense = np.asarray(adata.X.toarray())
    rng = np.random.default_rng(5)
    dense[cells] = rng.poisson(rng.gamma(0.5, 40, dense[cells].shape))
    adata.X = csr_matrix(dense)
    return Dataset(adata, dataset.roles, "other", "1" * 16)


def test_counts_totals_and_batches_are_those_of_the_cells():
    dataset = counted(batches=3)
    tensors = tensors_of(dataset)
    for part, cells in tensors.parts.items():
        rows = tensors.samples[part]
        own = dataset.adata.X[rows].toarray().astype(float)
        np.testing.assert_array_equal(cells["counts"], own)
        np.testing.assert_allclose(cells["library"], np.log(own.sum(1)))
        np.testing.assert_allclose(cells["log_factorials"], gammaln(own + 1.0).sum(1))
        plates = np.asarray(tensors.info["batches"])[cells["batch"].argmax(1)]
        np.testing.assert_array_equal(plates, dataset.adata.obs["plate"].astype(str).iloc[rows])


def test_no_test_cell_changes_what_is_trained_on():
    config = TINY.model_copy(update={"genes": 20})
    dataset = counted(batches=2)
    tensors = tensors_of(dataset, config)
    other = tensors_of(with_other_counts(dataset, tensors.samples["test"]), config)
    assert len(tensors.info["genes"]) == 20
    assert other.info["genes"] == tensors.info["genes"]
    assert not np.array_equal(other.parts["test"]["counts"], tensors.parts["test"]["counts"])
    for part in ("train", "validation"):
        for name, value in tensors.parts[part].items():
            np.testing.assert_array_equal(other.parts[part][name], value)
    for name, value in tensors.constants.items():
        np.testing.assert_array_equal(other.constants[name], value)
    (one,), (two,) = train(tensors, config), train(other, config)
    for name, value in one.state_dict().items():
        assert value.equal(two.state_dict()[name]), name


def test_data_without_counts_and_too_many_batches_are_refused():
    dataset = counted()
    with pytest.raises(ConfigError, match="counts"):
        tensors_of(dataset.with_roles(dataset.roles.replace({"counts": None})))
    many = counted(600).adata
    many.obs["each"] = many.obs_names
    roles = dataset.roles.replace({"batch": "each"})
    with pytest.raises(ConfigError, match="600 levels"):
        tensors_of(Dataset(many, roles, "many", "2" * 16))


@pytest.mark.parametrize("dispersion", [0.3, 2.0, 20.0])
def test_the_dispersion_of_generated_counts_is_found(dispersion):
    rng = np.random.default_rng(0)
    means = rng.gamma(3.0, 4.0, (1500, 8))
    counts = rng.poisson(rng.gamma(dispersion, means / dispersion)).astype(float)
    found = np.exp(log_dispersion(csr_matrix(counts), means))
    np.testing.assert_allclose(found, dispersion, rtol=0.35)
    assert np.median(found) == pytest.approx(dispersion, rel=0.12)
