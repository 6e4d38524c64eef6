"""Moments, velocity and what follows from it, each against scVelo called directly."""

import warnings

import anndata
import numpy as np
import pandas as pd
import pytest

from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators import simulate
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.apply import apply_recipe
from scdyn_core.preprocess.quiet import quiet_scvelo
from scdyn_core.preprocess.recipe import RECIPES, Recipe
from scdyn_core.preprocess.steps import (
    DiffusionPseudotime,
    Moments,
    Velocity,
    VelocityGraph,
    VelocityPseudotime,
)
from scdyn_core.reporter import SilentReporter


@pytest.fixture(scope="module")
def neighboured(small_dataset):
    """The small sample after every step before the moments."""
    steps = RECIPES["velocity"].steps[:-3]
    adata, _, _ = apply_recipe(
        small_dataset.adata, small_dataset.roles, Recipe(steps=steps), SilentReporter()
    )
    return adata


@pytest.fixture(scope="module")
def graphed(neighboured, small_dataset):
    """The small sample after the velocity graph."""
    adata = neighboured.copy()
    for step in (Moments(), Velocity(), VelocityGraph()):
        adata, _ = step.apply(adata, small_dataset.roles, 0)
    return adata


def by_scvelo(adata, mode):
    """Moments and velocity by scVelo alone, on the same neighbours."""
    reference = anndata.AnnData(
        X=adata.layers["spliced"].astype(np.float32),
        var=adata.var[[]],
        layers={name: adata.layers[name].astype(np.float32) for name in ("spliced", "unspliced")},
        obsp=dict(adata.obsp),
        uns={"neighbors": adata.uns["neighbors"]},
    )
    for call in ("normalise", "moments", "recover", "velocity"):
        with quiet_scvelo() as scv:
            if call == "normalise":
                scv.pp.normalize_per_cell(reference)
            elif call == "moments":
                scv.pp.moments(reference, n_pcs=None, n_neighbors=None)
            elif call == "recover" and mode == "dynamical":
                scv.tl.recover_dynamics(reference, n_jobs=1, show_progress_bar=False)
            elif call == "velocity":
                scv.tl.velocity(reference, mode=mode)
    return reference


@pytest.mark.parametrize("mode", ["deterministic", "stochastic", "dynamical"])
def test_moments_and_velocity_are_those_of_scvelo_and_counts_stay_raw(neighboured, roles, mode):
    adata = neighboured[:, :12].copy()
    raw = {name: adata.layers[name].copy() for name in ("spliced", "unspliced")}
    reference = by_scvelo(adata, mode)
    adata, _ = Moments().apply(adata, roles, 0)
    adata, outcome = Velocity(mode=mode).apply(adata, roles, 0)
    for layer in ("Ms", "Mu", "velocity"):
        np.testing.assert_allclose(
            adata.layers[layer], reference.layers[layer], rtol=1e-4, atol=1e-5
        )
    fits = reference.var.get("velocity_genes", pd.Series(True, index=reference.var_names))
    assert list(adata.var["velocity_genes"]) == list(fits)
    assert outcome.roles == {"velocity": "velocity"}
    for name, matrix in raw.items():
        assert (adata.layers[name] != matrix).nnz == 0


def test_stochastic_velocity_lets_no_warning_out_with_the_installed_numpy(neighboured, roles):
    # With numpy 2.4 scVelo 0.3.4 fails here: it stores a one-element array as a scalar.
    adata, _ = Moments().apply(neighboured.copy(), roles, 0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        adata, _ = Velocity(mode="stochastic").apply(adata, roles, 0)
    assert [str(warning.message) for warning in caught] == []
    assert np.isfinite(adata.layers["velocity"]).all()


def test_layers_may_have_any_name(neighboured, roles):
    named, _ = Moments().apply(neighboured.copy(), roles, 0)
    renamed = neighboured.copy()
    renamed.layers["mature"] = renamed.layers.pop("spliced")
    renamed.layers["nascent"] = renamed.layers.pop("unspliced")
    renamed, _ = Moments().apply(renamed, Roles(spliced="mature", unspliced="nascent"), 0)
    np.testing.assert_array_equal(renamed.layers["Ms"], named.layers["Ms"])
    np.testing.assert_array_equal(renamed.layers["Mu"], named.layers["Mu"])


def test_the_graph_draws_velocity_on_every_map(graphed):
    assert graphed.obsm["velocity_umap"].shape == (200, 2)
    assert np.isfinite(graphed.obsm["velocity_umap"]).all()
    assert graphed.obsm["velocity_pca"].shape == graphed.obsm["X_pca"].shape
    assert graphed.obs["velocity_confidence"].between(-1, 1).all()


def test_velocity_pseudotime_is_that_of_scvelo_and_repeats(graphed, roles):
    reference = graphed.copy()
    with quiet_scvelo() as scv:
        scv.tl.velocity_pseudotime(reference)
    state = np.random.get_state()[1].copy()
    first, outcome = VelocityPseudotime().apply(graphed.copy(), roles, 0)
    again, _ = VelocityPseudotime().apply(graphed.copy(), roles, 0)
    np.testing.assert_array_equal(np.random.get_state()[1], state)
    time = first.obs["velocity_pseudotime"]
    np.testing.assert_allclose(time, reference.obs["velocity_pseudotime"], atol=1e-4)
    np.testing.assert_allclose(time, again.obs["velocity_pseudotime"], atol=1e-4)
    assert outcome.roles == {"pseudotime": "velocity_pseudotime"}
    assert time[outcome.facts["root cell"]] == time.min()


def test_diffusion_pseudotime_starts_in_the_chosen_type(graphed, roles):
    result, outcome = DiffusionPseudotime(root_type="early").apply(graphed.copy(), roles, 0)
    assert result.obs.loc[outcome.facts["root cell"], "cell_type"] == "early"
    time = result.obs["dpt_pseudotime"]
    assert time.min() == 0
    assert time[outcome.facts["root cell"]] == 0
    assert time.corr(result.obs["true_time"], method="spearman") > 0.5


def test_diffusion_pseudotime_finds_a_root_from_velocity_or_from_genes(graphed, roles):
    _, outcome = DiffusionPseudotime().apply(graphed.copy(), roles, 0)
    assert outcome.facts["root chosen by"] == "where velocity leaves"
    plain = graphed.copy()
    del plain.uns["velocity_graph"]
    _, outcome = DiffusionPseudotime().apply(plain, roles, 0)
    assert "more genes" in outcome.facts["root chosen by"]


def test_cells_that_the_root_does_not_reach_have_no_time(roles):
    sample = simulate("bistable", n_cells=60, n_genes=20)
    counts = np.zeros((60, 20), dtype=np.int32)
    counts[:30, :10] = np.random.default_rng(0).poisson(20, (30, 10))
    counts[30:, 10:] = np.random.default_rng(1).poisson(20, (30, 10))
    sample.layers["spliced"] = sample.X = counts
    recipe = RECIPES["pseudotime"]
    steps = [step for step in recipe.steps if step.kind not in ("umap", "diffusion_pseudotime")]
    steps[-1] = steps[-1].model_copy(update={"n_neighbours": 5})
    adata, _, _ = apply_recipe(sample, roles, Recipe(steps=tuple(steps)), SilentReporter())
    result, outcome = DiffusionPseudotime().apply(adata, roles, 0)
    assert outcome.facts["cells without time"] == 30
    assert result.obs["dpt_pseudotime"].isna().sum() == 30


def test_an_unknown_root_type_is_answered_with_the_known_ones(graphed, roles):
    with pytest.raises(ConfigError, match="branch A, branch B, early"):
        DiffusionPseudotime(root_type="late").apply(graphed.copy(), roles, 0)


@pytest.mark.parametrize(
    ("step", "before"),
    [
        (Moments(), "neighbours"),
        (Velocity(), "moments"),
        (VelocityGraph(), "velocity"),
        (VelocityPseudotime(), "velocity_graph"),
        (DiffusionPseudotime(), "neighbours"),
    ],
)
def test_a_step_names_the_step_it_needs_before_it(adata, roles, step, before):
    with pytest.raises(ConfigError, match=f"the step {before} before it"):
        step.apply(adata, roles, 0)


def test_too_few_velocity_genes_are_an_error_that_says_what_to_do(neighboured, roles):
    adata, _ = Moments().apply(neighboured[:, :5].copy(), roles, 0)
    with pytest.raises(ConfigError, match="Lower min_r2"):
        Velocity(min_r2=1.0).apply(adata, roles, 0)
