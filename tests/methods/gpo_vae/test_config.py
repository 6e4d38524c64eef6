"""Configurations: presets hold, and are what the papers say of them."""

import pytest
from pydantic import ValidationError

from scdyn_core.errors import ConfigError
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.method import GpoVae
from tests.methods.gpo_vae.small import METHOD, SHORT, tensors_of, train
from tests.methods.regulation.small import screen


@pytest.mark.parametrize("preset", GpoVae.presets)
def test_presets_are_within_their_bounds(preset):
    config = GpoVae.presets[preset]
    assert GpoVaeConfig(**config.model_dump()) == config


def test_relatives_are_configurations_of_one_model():
    presets = GpoVae.presets
    assert {name: (own.acts_on, own.masked, own.guide) for name, own in presets.items()} == {
        "scdyn": ("rates", True, "mean_field"),
        "SAMS-VAE": ("latents", True, "correlated"),
        "CPA-VAE": ("latents", False, "mean_field"),
        "published": ("nodes", True, "correlated"),
    }
    assert presets["published"].alignment > 0
    assert presets["published"].quality
    assert not presets["scdyn"].alignment


@pytest.mark.parametrize("bad", [{"latents": 0}, {"sparsity": -1}, {"mask_prior": 1.0},
                                 {"size": 0}, {"nodes": 3}, {"context": "batch"}])  # fmt: skip
def test_settings_out_of_bounds_are_refused(bad):
    with pytest.raises(ValidationError):
        GpoVaeConfig(**bad)


def test_phases_train_what_was_asked_for():
    def weights(**settings):
        (phase,) = METHOD.phases(GpoVaeConfig(**SHORT, **settings))
        return set(phase.weights)

    base = {"reconstruction", "kl"}
    assert weights() == base | {"edges"}
    assert weights(quality=True) == base | {"edges", "effects", "counterfactual"}
    assert weights(acts_on="latents", alignment=5.0) == base | {"effects"}
    assert weights(acts_on="nodes") == base | {"effects"}
    assert weights(acts_on="nodes", alignment=5.0) == base | {"effects", "alignment"}
    assert weights(acts_on="nodes", edge_penalty=5.0) == base | {"effects", "penalty"}


def test_an_edge_penalty_needs_no_alignment():
    config = GpoVaeConfig(**SHORT, acts_on="nodes", edge_penalty=5.0)
    tensors = tensors_of(screen(), config)
    assert "delta" not in tensors.parts["train"]
    train(tensors, config)


def test_a_prior_network_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("SCDYN_HOME", str(tmp_path))
    with pytest.raises(ConfigError) as raised:
        tensors_of(screen(), GpoVaeConfig(**SHORT, prior="no such network"))
    assert raised.value.place == "prior"
    assert "no such network" in raised.value.found


@pytest.mark.parametrize("matching", ["relaxed transport", "published"])
def test_cells_cannot_be_matched_without_control_cells(matching):
    config = GpoVaeConfig(**SHORT, acts_on="nodes", alignment=1.0, matching=matching)
    with pytest.raises(ConfigError, match="control"):
        tensors_of(screen(control_cells=0), config)


def test_cells_are_matched_where_every_gene_was_perturbed():
    config = GpoVaeConfig(**SHORT, acts_on="nodes", alignment=1.0, genes=10)
    dataset = screen(nodes=12, downstream=0, edges=10, among_nodes=1.0)
    train(tensors_of(dataset, config), config)
