"""Weights from an embedding of the dataset, and what they come to for every type."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from scipy.sparse import csr_matrix

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.experiments.one_shot import one_shot
from scdyn_core.training.resampling.options import SAMPLING
from tests.training.resampling.cells import several_types

LATENT, LABEL = several_types(1, sizes=(500, 250, 40))


def dataset(cell_type="type", **maps):
    n = len(LABEL)
    types = np.array(["common", "less", "rare"], dtype=object)[LABEL]
    types[0] = np.nan
    obs = pd.DataFrame({"type": types, "depth": np.arange(n, dtype=float)})
    adata = AnnData(csr_matrix((n, 3)), obs.set_index(np.array([f"c{i}" for i in range(n)])))
    adata.obsm.update({"X_pca": LATENT.astype(np.float32), **maps})
    return Dataset(adata, Roles(cell_type=cell_type), "made", "0")


def test_weights_are_in_times_the_uniform_one_and_types_in_order_of_rarity():
    found = one_shot(dataset(), "X_pca", SAMPLING["clusters"])
    assert list(found.cells) == ["cell", "cell_type", "weight"]
    assert found.cells["weight"].mean() == pytest.approx(1)
    assert found.cells["weight"].max() == found.most
    assert list(found.mass["cell_type"]) == ["unknown", "rare", "less", "common"]
    assert found.mass["mass"].sum() == pytest.approx(1)
    rare = found.cells["weight"][found.cells["cell_type"] == "rare"]
    row = found.mass.set_index("cell_type").loc["rare"]
    assert row["times"] == pytest.approx(rare.mean())
    assert row["times"] > 3
    assert found.effective_share == pytest.approx(1 / (found.cells["weight"] ** 2).mean())


def test_balanced_needs_no_embedding_and_leaves_unknown_cells_their_share():
    found = one_shot(dataset(), "nothing", SAMPLING["balanced"]).mass.set_index("cell_type")
    assert found.loc["unknown", "times"] == pytest.approx(1)
    np.testing.assert_allclose(found.loc[["rare", "less", "common"], "mass"], 263 / 790, rtol=0.01)


def test_without_types_weights_stand_alone():
    for scheme in ("marginal", "uniform"):
        found = one_shot(dataset(cell_type=None), "X_pca", SAMPLING[scheme])
        assert list(found.cells) == ["cell", "weight"]
        assert found.mass.empty


def test_another_column_and_a_sparse_embedding_can_be_read():
    sparse = dataset(cell_type=None, X_other=csr_matrix(np.abs(LATENT)))
    found = one_shot(sparse, "X_other", SAMPLING["marginal"], "type")
    assert set(found.mass["cell_type"]) == {"unknown", "rare", "less", "common"}


@pytest.mark.parametrize(
    ("given", "key", "column", "message"),
    [
        (dataset(), "X_umap", None, "'X_pca'.*'components'"),
        (dataset(), "X_pca", "nothing", "no such column.*'type', 'depth'"),
        (dataset(), "X_pca", "depth", "790 different values in 790 cells"),
        (dataset(X_bad=np.full((790, 2), np.nan)), "X_bad", None, "790 of 790 cells"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_can(given, key, column, message):
    with pytest.raises(ConfigError, match=message):
        one_shot(given, key, SAMPLING["clusters"], column)
