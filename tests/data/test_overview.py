"""A dataset at a glance: quality per cell, groups and their sizes."""

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from scipy.sparse import csr_matrix

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.overview import cell_quality, composition, quality_source
from scdyn_core.data.roles import Roles

COUNTS = np.array([[4, 0, 6], [0, 0, 0], [1, 2, 0]], dtype=np.float32)


def dataset(matrix: object, roles: Roles, **layers: object) -> Dataset:
    obs = pd.DataFrame(
        {"kind": pd.Categorical(["a", "b", "a"]), "arm": ["ctrl", "stim", "stim"]},
        index=["c0", "c1", "c2"],
    )
    var = pd.DataFrame(index=["g0", "g1", "mt-Co1"])
    return Dataset(AnnData(X=matrix, obs=obs, var=var, layers=layers), roles, "x", "f")


@pytest.mark.parametrize("stored", [np.asarray, csr_matrix])
def test_quality_of_every_cell(stored: type) -> None:
    quality = cell_quality(dataset(stored(COUNTS), Roles(counts="X")))
    assert quality["counts"].tolist() == [10, 0, 3]
    assert quality["genes"].tolist() == [2, 0, 2]
    assert quality["mitochondrial"].tolist() == [60, 0, 0]
    assert quality.index.tolist() == ["c0", "c1", "c2"]


def test_quality_is_measured_on_counts_where_known() -> None:
    roles = Roles(spliced="spliced")
    assert quality_source(roles) == "spliced"
    measured = cell_quality(dataset(np.log1p(COUNTS), roles, spliced=COUNTS))
    assert measured["counts"].tolist() == [10, 0, 3]


def test_without_mitochondrial_genes_there_is_no_share() -> None:
    data = dataset(COUNTS, Roles())
    data.adata.var_names = ["g0", "g1", "g2"]
    assert "mitochondrial" not in cell_quality(data)


def test_composition_counts_groups_and_their_parts() -> None:
    data = dataset(COUNTS, Roles())
    whole = composition(data, "kind").set_index("group")["cells"]
    assert whole.to_dict() == {"a": 2, "b": 1}
    split = composition(data, "kind", "arm").set_index(["group", "part"])["cells"]
    assert split.to_dict() == {("a", "ctrl"): 1, ("a", "stim"): 1, ("b", "stim"): 1}


def test_cells_without_a_group_are_counted() -> None:
    data = dataset(COUNTS, Roles())
    data.adata.obs["kind"] = pd.Categorical(["a", None, "a"])
    counted = composition(data, "kind").set_index("group")["cells"]
    assert counted.to_dict() == {"a": 2, "not known": 1}
