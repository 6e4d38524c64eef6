"""What scGen reads, and that treated cells of a held-out type never come into it."""

import numpy as np
import pytest

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.method import Tensors
from tests.methods.scgen.small import METHOD, QUIET, ROLES, arrays, cells, config, run

HELD = config(held_out="mono", genes=40)


def with_garbage(dataset: Dataset) -> Dataset:
    """Return the dataset with nonsense for the treated cells of the held-out type."""
    adata = dataset.adata.copy()
    rows = ((adata.obs["type"] == "mono") & (adata.obs["state"] == "stim")).to_numpy()
    adata.X[rows] = np.random.default_rng(9).poisson(80.0, (rows.sum(), adata.n_vars))
    return Dataset(adata, dataset.roles, "garbage", "2" * 16)


def learned(tensors: Tensors) -> list[np.ndarray]:
    parts = [tensors.parts[part]["x"] for part in ("train", "validation")]
    return [*parts, *tensors.constants.values(), np.array(tensors.info["genes"])]


def test_treated_cells_of_the_held_out_type_change_nothing_by_a_bit() -> None:
    first, second = arrays(cells(), HELD), arrays(with_garbage(cells()), HELD)
    for a, b in zip(learned(first), learned(second), strict=True):
        assert np.array_equal(a, b)
    assert not np.array_equal(first.parts["test"]["x"], second.parts["test"]["x"])


def test_nor_do_they_change_a_prediction() -> None:
    tables = [run(dataset, HELD).tables for dataset in (cells(), with_garbage(cells()))]
    first, second = (each["unseen_genes"].frame for each in tables)
    assert first["predicted"].equals(second["predicted"])
    assert not first["observed"].equals(second["observed"])


def test_counts_are_normalised_to_the_depth_of_training_cells() -> None:
    dataset = cells()
    tensors = arrays(dataset, config())
    train = tensors.samples["train"]
    counts = np.asarray(dataset.adata.X)[train]
    depth = np.median(counts.sum(axis=1))
    expected = np.log1p(counts / counts.sum(axis=1, keepdims=True) * depth)
    np.testing.assert_allclose(tensors.parts["train"]["x"], expected, rtol=1e-6)


def without_counts() -> Dataset:
    """Return the dataset with nothing said of its matrix."""
    return cells(roles={name: value for name, value in ROLES.items() if name != "counts"})


def test_counts_that_nobody_called_counts_are_no_log_expression() -> None:
    dataset = without_counts()
    assert dataset.adata.X.max() > 50
    with pytest.raises(ConfigError, match="no matrix of raw counts"):
        arrays(dataset, config())


def test_nothing_is_trained_when_no_type_was_seen_in_both_conditions() -> None:
    dataset = cells()
    kept = dataset.adata.obs["type"].isin(["B"]).to_numpy()
    alone = Dataset(dataset.adata[kept].copy(), dataset.roles, "alone", "3" * 16)
    with pytest.raises(ConfigError, match="no type with 5 control and 5 treated"):
        arrays(alone, config(held_out="B"))
    assert arrays(alone, config()).parts["train"]["x"].shape[1] == 60


def test_without_counts_the_matrix_is_taken_as_it_is() -> None:
    dataset = without_counts()
    dataset.adata.X = np.log1p(dataset.adata.X)
    tensors = arrays(dataset, config())
    expected = np.asarray(dataset.adata.X)[tensors.samples["test"]]
    np.testing.assert_array_equal(tensors.parts["test"]["x"], expected.astype(np.float32))


def test_the_most_variable_genes_are_kept() -> None:
    assert arrays(cells(), config(genes=20)).parts["train"]["x"].shape[1] == 20


def test_genes_that_never_vary_are_refused() -> None:
    dataset = cells()
    dataset.adata.X[:] = 0.0
    settings = config()
    split = METHOD.split(dataset, settings, 0)
    with pytest.raises(ConfigError, match="genes that vary"):
        METHOD.tensors(dataset, settings, split, 0, QUIET)
