"""Steps from counts to a map, each against scanpy called directly."""

from types import SimpleNamespace

import numpy as np
import pytest
import scanpy as sc

from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.quiet import quiet_scanpy
from scdyn_core.preprocess.steps import (
    Log1p,
    Neighbours,
    Normalise,
    Pca,
    Umap,
    VariableGenes,
)


def run(adata, roles, *steps, seed=0):
    for step in steps:
        adata, outcome = step.apply(adata, roles, seed)
        roles = roles.replace(dict(outcome.roles))
    return adata, roles


def test_log_values_are_those_of_scanpy_and_counts_stay_raw(adata, roles):
    reference = adata.copy()
    reference.X = reference.layers["spliced"].astype(np.float32)
    sc.pp.normalize_total(reference)
    sc.pp.log1p(reference)
    raw = adata.layers["spliced"].copy()
    result, _ = run(adata, roles, Normalise(), Log1p())
    np.testing.assert_allclose(result.X.toarray(), reference.X.toarray(), rtol=1e-6)
    assert (result.layers["spliced"] != raw).nnz == 0


def test_raw_counts_in_x_move_to_a_layer_that_takes_their_role(adata):
    raw = adata.X.copy()
    result, roles = run(adata, Roles(counts="X"), Normalise(target_sum=100), Log1p())
    assert roles.counts == "counts"
    assert (result.layers["counts"] != raw).nnz == 0
    np.testing.assert_allclose(np.expm1(result.X.toarray()).sum(axis=1), 100, rtol=1e-5)


def test_a_logarithm_is_never_taken_twice_nor_of_raw_counts(adata, roles):
    with pytest.raises(ConfigError, match="logarithms in X"):
        run(adata.copy(), roles, Normalise(), Log1p(), Log1p())
    with pytest.raises(ConfigError, match="raw counts in X"):
        run(adata, Roles(counts="X"), Log1p())


def test_counts_are_needed_to_normalise(adata):
    with pytest.raises(ConfigError, match="role counts"):
        run(adata, Roles(cell_type="cell_type"), Normalise())


@pytest.mark.parametrize("flavour", ["seurat", "seurat_v3"])
def test_variable_genes_are_those_of_scanpy(adata, roles, flavour):
    adata, roles = run(adata, roles, Normalise(), Log1p())
    reference = adata.copy()
    layer = "spliced" if flavour == "seurat_v3" else None
    with quiet_scanpy():
        sc.pp.highly_variable_genes(reference, n_top_genes=20, flavor=flavour, layer=layer)
    marked, _ = run(adata.copy(), roles, VariableGenes(flavour=flavour, n_top=20))
    assert marked.n_vars == adata.n_vars
    assert list(marked.var["highly_variable"]) == list(reference.var["highly_variable"])
    kept, _ = run(adata, roles, VariableGenes(flavour=flavour, n_top=20, subset=True))
    assert list(kept.var_names) == list(reference.var_names[reference.var["highly_variable"]])


def test_components_neighbours_and_map_are_those_of_scanpy(adata, roles):
    adata, roles = run(adata, roles, Normalise(), Log1p(), VariableGenes(n_top=30))
    reference = adata.copy()
    with quiet_scanpy():
        sc.pp.pca(reference, n_comps=10, random_state=7)
        sc.pp.neighbors(reference, n_neighbors=12, random_state=7)
        sc.tl.umap(reference, random_state=7)
    steps = Pca(n_components=10), Neighbours(n_neighbours=12), Umap()
    result, _ = run(adata, roles, *steps, seed=7)
    np.testing.assert_allclose(result.obsm["X_pca"], reference.obsm["X_pca"], atol=1e-4)
    difference = result.obsp["connectivities"] - reference.obsp["connectivities"]
    assert abs(difference).max() < 1e-5
    np.testing.assert_allclose(result.obsm["X_umap"], reference.obsm["X_umap"], atol=1e-2)


def test_scanpy_can_read_the_neighbours_of_many_cells():
    """Beyond 8,192 cells scanpy asks pynndescent; its graph is put in here, to spare compiling."""
    from pynndescent import PyNNDescentTransformer
    from scanpy.neighbors._common import _get_indices_distances_from_sparse_matrix

    nearest, distances = np.array([[0, 1], [1, 0], [2, 1]]), np.array([[0.0, 1], [0, 1], [0, 2]])
    transformer = PyNNDescentTransformer(n_neighbors=1)
    transformer.n_samples_fit = 3
    transformer.index_ = SimpleNamespace(neighbor_graph=(nearest, distances))
    graph = transformer.transform(None)
    found, _ = _get_indices_distances_from_sparse_matrix(graph, 2)
    np.testing.assert_array_equal(found, nearest)


def test_sizes_beyond_the_data_are_reduced_to_it(adata, roles):
    tiny = adata[:12, :8].copy()
    result, _ = run(tiny, roles, Normalise(), Log1p(), VariableGenes(), Pca(), Neighbours())
    assert result.obsm["X_pca"].shape == (12, 7)
    assert result.uns["neighbors"]["params"]["n_neighbors"] == 11


@pytest.mark.parametrize(("step", "before"), [(Neighbours(), "pca"), (Umap(), "neighbours")])
def test_a_step_names_the_step_it_needs_before_it(adata, roles, step, before):
    with pytest.raises(ConfigError, match=f"the step {before} before it"):
        step.apply(adata, roles, 0)
