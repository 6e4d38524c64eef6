"""Results find the slots that scanpy reads."""

import anndata as ad
import numpy as np
import pandas as pd
import pytest

from scdyn_core.export.annotated.cells import put_cells
from scdyn_core.export.annotated.genes import chosen_groups, put_genes
from scdyn_core.export.annotated.numbered import numbered
from scdyn_core.export.annotated.provenance import storable_frame
from scdyn_core.export.annotated.slots import Slots

CELLS, GENES = [f"c{i}" for i in range(6)], [f"g{i}" for i in range(4)]


@pytest.fixture
def slots():
    adata = ad.AnnData(np.ones((6, 4), dtype=np.float32))
    adata.obs_names, adata.var_names = CELLS, GENES
    return Slots(adata, "m", chosen=1)


def latents(width=2):
    return pd.DataFrame(
        {
            "replicate": np.repeat([0, 1], 6),
            "cell": CELLS[::-1] * 2,
            "part": "train",
            **{f"z{i + 1}": np.arange(12.0) + 100 * i for i in range(width)},
        }
    )


def test_the_chosen_replicate_has_the_plain_name_and_cells_keep_their_order(slots):
    assert put_cells(slots, "latent", latents(), frozenset())
    assert slots.adata.obsm["X_m"][:, 0].tolist() == [11, 10, 9, 8, 7, 6]
    assert slots.adata.obsm["X_m_replicate1"][0].tolist() == [5, 105]
    assert slots.labels["X_m"] == ["z1", "z2"]


def test_a_single_latent_is_a_column_and_no_embedding(slots):
    assert put_cells(slots, "latent", latents(width=1), frozenset())
    assert not slots.adata.obsm
    assert slots.adata.obs["m_z1"].tolist() == [11, 10, 9, 8, 7, 6]


def test_numbers_truths_and_texts_of_cells_become_columns(slots):
    table = pd.DataFrame(
        {
            "cell": CELLS[:4],
            "weight": [1.0, 2.0, 3.0, 4.0],
            "predicted": ["a", "b", None, "a"],
            "cell_type": "known",
        }
    )
    assert put_cells(slots, "fit", table, frozenset({"cell_type"}))
    assert slots.adata.obs["m_predicted"].cat.categories.tolist() == ["a", "b"]
    assert slots.adata.obs["m_weight"].isna().tolist() == [False] * 4 + [True] * 2
    assert "m_cell_type" not in slots.adata.obs


def test_a_map_the_data_have_is_not_put_twice(slots):
    places = np.arange(12.0).reshape(6, 2)
    slots.adata.obsm["X_umap"] = places
    table = pd.DataFrame({"cell": CELLS, "umap_1": places[:, 0], "umap_2": places[:, 1]})
    assert put_cells(slots, "cells", table, frozenset())
    assert list(slots.adata.obsm) == ["X_umap"]
    assert put_cells(slots, "cells", table.assign(umap_1=-places[:, 0]), frozenset())
    assert "X_m_umap" in slots.adata.obsm


def test_several_rows_a_cell_are_no_table_of_cells(slots):
    assert not put_cells(slots, "x", pd.DataFrame({"cell": ["c0", "c0"], "v": 1.0}), frozenset())
    assert not put_cells(slots, "x", pd.DataFrame({"gene": ["g0"], "v": 1.0}), frozenset())


def test_programs_are_a_matrix_of_genes_and_latents(slots):
    table = pd.DataFrame(
        {
            "replicate": np.repeat([0, 1], 4),
            "latent": [1, 2] * 4,
            "gene": ["g1", "g1", "g0", "g0"] * 2,
            "effect": np.arange(8.0),
        }
    )
    assert put_genes(slots, "programs", table)
    found = slots.adata.varm["m_programs"]
    assert found[:2].tolist() == [[6, 7], [4, 5]]
    assert np.isnan(found[2:]).all()
    assert slots.labels["m_programs"] == ["latent 1", "latent 2"]
    assert "m_programs_replicate1" in slots.adata.varm


def test_one_value_a_gene_is_a_column_and_names_do_not_collide(slots):
    one = pd.DataFrame({"gene": GENES, "change": [1.0, 2, 3, 4], "z1": 0.0, "z2": 1.0})
    assert put_genes(slots, "genes", one)
    assert put_genes(slots, "other", one[["gene", "change"]])
    assert slots.adata.varm["m_latent"].shape == (4, 2)
    assert {"m_change", "m_other_change"} <= set(slots.adata.var)


def test_genes_the_data_lack_keep_the_table_whole_elsewhere(slots):
    assert not put_genes(slots, "genes", pd.DataFrame({"gene": ["g0", "node"], "v": [1.0, 2.0]}))
    assert slots.adata.var["m_v"].isna().tolist() == [False, True, True, True]


def test_of_many_divisions_the_chosen_one_is_taken(slots):
    choice = pd.DataFrame({"algorithm": ["a", "a"], "k": [2, 3], "chosen": [False, True]})
    clusters = pd.DataFrame(
        {
            "algorithm": "a",
            "k": np.repeat([2, 3], 4),
            "gene": GENES * 2,
            "cluster": [1, 1, 2, 2, 1, 2, 3, 3],
        }
    )
    chosen = chosen_groups({"choice_of_k": choice, "clusters": clusters})
    assert put_genes(slots, "clusters", chosen["clusters"])
    assert slots.adata.var["m_cluster"].tolist() == ["1", "2", "3", "3"]


def test_edges_stay_a_table(slots):
    edges = pd.DataFrame({"source": ["g0"], "target": ["g1"], "value": [1.0]})
    assert not put_cells(slots, "network", edges, frozenset())
    assert not put_genes(slots, "network", edges)


def test_only_numbers_from_one_on_belong_together():
    frame = pd.DataFrame({"z1": [0.0], "z2": [0.0], "r2": [0.0], "x1": [0.0], "x3": [0.0]})
    assert numbered(frame) == {"z": ["z1", "z2"]}


def test_a_table_with_gaps_and_slashes_is_one_that_hdf5_holds(tmp_path):
    frame = pd.DataFrame({"a/b": ["x", None], "flag": [True, None], "n": [1.0, np.nan]})
    adata = ad.AnnData(np.ones((1, 1), dtype=np.float32), uns={"t": storable_frame(frame)})
    adata.write_h5ad(tmp_path / "x.h5ad")
    back = ad.read_h5ad(tmp_path / "x.h5ad").uns["t"]
    assert back["a_b"].tolist() == ["x", ""]
    assert back["flag"].tolist() == ["True", ""]
