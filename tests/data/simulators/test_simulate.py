"""Generated dynamics: what they hold, that they repeat, and that velocity can be seen in them."""

from pathlib import Path

import anndata
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators import simulate
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.apply import apply_recipe
from scdyn_core.preprocess.quiet import quiet_scvelo
from scdyn_core.preprocess.recipe import RECIPES, Recipe
from scdyn_core.reporter import SilentReporter

SAMPLES = Path(__file__).parents[3] / "sample_data"
DYNAMICS = ("hopf", "bistable")


@pytest.mark.parametrize("name", DYNAMICS)
def test_a_sample_has_integer_counts_and_its_truth(name):
    sample = simulate(name, n_cells=100, n_genes=20)
    assert sample.shape == (100, 20)
    for matrix in (sample.X, sample.layers["spliced"], sample.layers["unspliced"]):
        assert matrix.dtype == np.int32
        assert matrix.min() >= 0
    assert (sample.layers["spliced"] != sample.X).nnz == 0
    assert sample.obsm["latent_true"].shape == (100, 2)
    truth = sample.uns["latent_equations"]
    assert len(truth["term"]) == len(truth["equation"]) == len(truth["coefficient"])


@pytest.mark.parametrize("name", DYNAMICS)
def test_the_stored_terms_give_the_stored_latent_velocity(name):
    sample = simulate(name, n_cells=100, n_genes=20)
    z = sample.obsm["latent_true"].astype(float)
    velocity = np.zeros_like(z)
    truth = sample.uns["latent_equations"]
    terms = zip(truth["equation"], truth["term"], truth["coefficient"], strict=True)
    for equation, term, coefficient in terms:
        factors = [factor.partition("^") for factor in term.split("*")]
        powers = [z[:, int(base[1:]) - 1] ** int(power or 1) for base, _, power in factors]
        velocity[:, equation - 1] += coefficient * np.prod(powers, axis=0)
    np.testing.assert_allclose(velocity, sample.obsm["latent_velocity_true"], atol=1e-5)


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(DYNAMICS), st.integers(0, 1000))
def test_the_seed_decides_everything(name, seed):
    first, again, other = (
        simulate(name, s, n_cells=50, n_genes=10) for s in (seed, seed, seed + 1)
    )
    for layer in ("spliced", "unspliced"):
        assert (first.layers[layer] != again.layers[layer]).nnz == 0
        assert (first.layers[layer] != other.layers[layer]).nnz > 0


def test_true_velocity_is_stored_on_request():
    plain = simulate("hopf", n_cells=50, n_genes=10)
    with_truth = simulate("hopf", n_cells=50, n_genes=10, keep_true_velocity=True)
    assert "velocity_true" not in plain.layers
    assert with_truth.layers["velocity_true"].dtype == np.float32


def test_types_of_the_branching_follow_the_fates():
    sample = simulate("bistable", n_cells=600, n_genes=10)
    z = sample.obsm["latent_true"]
    assert (z[sample.obs["cell_type"] == "branch A"] @ [1, -1] > 0.3).all()
    assert (z[sample.obs["cell_type"] == "branch B"] @ [1, -1] < -0.3).all()
    assert sample.obs["cell_type"].value_counts().min() > 60


@pytest.mark.parametrize(
    ("name", "params", "place"),
    [
        ("lorenz", {}, "simulator"),
        ("hopf", {"n_cells": 3}, "n_cells"),
        ("hopf", {"attraktion": 1.0}, "attraktion"),
    ],
)
def test_a_wrong_name_or_parameter_is_named(name, params, place):
    with pytest.raises(ConfigError) as caught:
        simulate(name, **params)
    assert place in caught.value.place


@pytest.mark.parametrize("name", DYNAMICS)
def test_the_shipped_file_is_what_its_command_makes(name):
    path = SAMPLES / f"{name}.h5ad"
    assert path.stat().st_size < 2_000_000
    shipped, made = anndata.read_h5ad(path), simulate(name)
    for layer in ("spliced", "unspliced"):
        np.testing.assert_array_equal(shipped.layers[layer].toarray(), made.layers[layer].toarray())
    assert list(shipped.obs["cell_type"]) == list(made.obs["cell_type"])
    for key in ("latent_true", "latent_velocity_true"):
        # Latents are the only results of a solver: the last bit may differ between processors.
        np.testing.assert_allclose(shipped.obsm[key], made.obsm[key], rtol=1e-5, atol=1e-6)
    assert list(shipped.uns["latent_equations"]["term"]) == list(
        made.uns["latent_equations"]["term"]
    )


def expected_displacement_cosine(sample, moving):
    """Mean cosine of scVelo's expected displacement in PCA-2, mapped affinely, to the truth."""
    steps = tuple(step for step in RECIPES["velocity"].steps if step.kind != "umap")
    roles = Roles(spliced="spliced", unspliced="unspliced")
    sample, _, _ = apply_recipe(sample, roles, Recipe(steps=steps), SilentReporter())
    with quiet_scvelo() as scv:
        transitions = scv.utils.get_transition_matrix(sample)
    position = sample.obsm["X_pca"][:, :2].astype(float)
    truth = sample.obsm["latent_velocity_true"].astype(float)
    design = np.column_stack([position, np.ones(len(position))])
    affine = np.linalg.lstsq(design, sample.obsm["latent_true"].astype(float), rcond=None)[0]
    displacement = (transitions @ position - position) @ affine[:2]
    speed = np.linalg.norm(truth, axis=1)
    cosine = (displacement * truth).sum(axis=1) / np.linalg.norm(displacement, axis=1) / speed
    return cosine[speed >= np.quantile(speed, 1 - moving)].mean()


@pytest.mark.parametrize(("name", "moving", "least"), [("hopf", 1.0, 0.9), ("bistable", 0.7, 0.88)])
def test_velocity_can_be_estimated_from_the_counts(name, moving, least):
    assert expected_displacement_cosine(simulate(name), moving) > least
