"""Results find the slots that scanpy reads."""

import anndata as ad
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from scdyn_core.export.annotated.assemble import _check_embeddings
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


def written(adata, tmp_path):
    adata.write_h5ad(tmp_path / "x.h5ad")
    return ad.read_h5ad(tmp_path / "x.h5ad")


def test_columns_of_one_name_in_two_tables_of_cells_both_stay(slots):
    one = pd.DataFrame({"cell": CELLS, "score": 1.0, "z1": 0.0, "z2": 1.0})
    assert put_cells(slots, "fit", one, frozenset())
    assert put_cells(slots, "again", one.assign(score=2.0, z1=5.0), frozenset())
    assert slots.adata.obs["m_score"].tolist() == [1.0] * 6
    assert slots.adata.obs["m_again_score"].tolist() == [2.0] * 6
    assert slots.adata.obsm["X_m"][0].tolist() == [0, 1]
    assert slots.adata.obsm["X_m_again"][0].tolist() == [5, 1]


def test_numbers_of_types_that_know_gaps_are_plain_numbers_in_the_file(slots, tmp_path):
    table = pd.DataFrame(
        {
            "cell": CELLS,
            "count": pd.array([1, None, 3, 4, 5, 6], dtype="Int64"),
            "on": pd.array([True, None, False, True, True, True], dtype="boolean"),
            "maybe": [True, None, False, True, True, True],
            "nothing": None,
        }
    )
    assert put_cells(slots, "fit", table, frozenset())
    obs = written(slots.adata, tmp_path).obs
    assert obs["m_count"].dtype == float
    assert obs["m_count"].tolist()[2:] == [3, 4, 5, 6]
    assert obs["m_on"].isna().sum() == 1
    assert obs["m_maybe"].tolist()[2:] == ["False", "True", "True", "True"]
    assert obs["m_nothing"].isna().all()


def test_what_the_data_had_under_a_name_is_told(slots):
    slots.adata.obs["m_score"] = 0.0
    put_cells(slots, "fit", pd.DataFrame({"cell": CELLS, "score": 1.0}), frozenset())
    assert slots.adata.obs["m_score"].tolist() == [1.0] * 6
    assert "the data had something else" in slots.meanings["obs[m_score]"]


def test_what_is_no_embedding_is_not_called_one(slots, tmp_path):
    obsm = slots.adata.obsm
    obsm["X_one"], obsm["one"] = np.ones((6, 1)), np.zeros((6, 3))
    obsm["X_gap"] = np.full((6, 2), np.nan)
    obsm["X_frame"] = pd.DataFrame({"a": ["x"] * 6, "b": "y"}, index=CELLS)
    obsm["X_sparse"] = csr_matrix(np.eye(6))
    obsm["X_pca"] = np.ones((6, 2))
    slots.labels["X_one"] = ["z1"]
    _check_embeddings(slots)
    assert [name for name in obsm if name.startswith("X_")] == ["X_pca"]
    assert obsm["one"].shape == (6, 3)
    assert obsm["one_"].shape == (6, 1)
    assert slots.labels == {"one_": ["z1"]}
    assert "pca" not in slots.meanings
    written(slots.adata, tmp_path)


def test_names_that_mean_something_to_the_file_are_others(tmp_path):
    names = [".", "..", "_index", " ", "a/b", "a_b"]
    frame = pd.DataFrame([list(range(6))], columns=names)
    adata = ad.AnnData(np.ones((1, 1), dtype=np.float32), uns={"t": storable_frame(frame)})
    back = written(adata, tmp_path).uns["t"]
    assert sorted(back.iloc[0]) == list(range(6))
