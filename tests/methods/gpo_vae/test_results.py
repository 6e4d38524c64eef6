"""Every configuration runs from cells to tables; networks and responses are found."""

import numpy as np
import pytest
import torch

from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.decoding import predicted_changes
from scdyn_core.methods.gpo_vae.results import alignments, basal_states, learned_networks
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.reading import cells_of, some_cells
from scdyn_core.methods.perturbations.stored_cells import unperturbed
from scdyn_core.methods.regulation.results import mean_estimate
from tests.methods.gpo_vae.small import METHOD, PRESETS, SHORT, TINY, results_of, tensors_of, train
from tests.methods.path_network.test_method import checked
from tests.methods.regulation.small import RICH, auprc, screen, shifts, with_batches

NETWORK = ("network", "network_genes", "network_scores", "reference_network")


@pytest.fixture(scope="module", autouse=True)
def plain_map():
    """Cells are drawn by two latents: the map has a test of its own and is slow to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "scdyn_core.methods.perturbations.cell_map.latent_map",
            lambda latent, seed: latent[:, :2],
        )
        yield


def without(preset):
    return NETWORK if PRESETS[preset].acts_on == "latents" else ()


@pytest.mark.parametrize("preset", PRESETS)
def test_tables_are_those_that_were_promised(preset):
    """Two replicates on a screen with pairs, some perturbations held out."""
    config = PRESETS[preset].model_copy(update={"held_out": ("N04",), "epochs": 1})
    found = results_of(screen(combinations=4), config, replicates=2)
    tables = checked(found, without(preset))
    assert {"umap_1", "umap_2"} <= set(tables["cells"])
    assert not tables["responses"]["predicted"].isna().any()
    (evidence,) = [score for score in found.scores if "IWELBO" in score.metric]
    assert np.isfinite(evidence.value)
    assert evidence.replicate_sd is not None
    assert "the same without effects" in evidence.baselines
    if preset == "scdyn":
        assert set(tables["network"]["evidence"]) >= {"direct effect", "total effect", "mean shift"}
    if preset == "published":
        own = tables["network"].query("evidence == 'alignment'")
        assert not own["signed"].any()
        assert own["value"].between(0, 1).all()
        assert {name[0] for name in own["target"]} == {"N"}
    if without(preset):
        assert not set(NETWORK) & set(tables)


CASES = {
    "no control": ({"control_cells": 0}, {}, False),
    "batches": ({}, {}, True),
    "quality": ({}, {"quality": True}, True),
    "no null control": ({}, {"null_control": 0.0}, False),
    "unmeasured": ({"unmeasured": 3}, {}, False),
    "tiny perturbations": (
        {"cells_per_perturbation": 6, "control_cells": 60}, {"fewest_cells": 5}, False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "preset"),
    [
        *((case, preset) for case in CASES for preset in ("scdyn", "published")),
        *(("no control", preset) for preset in ("SAMS-VAE", "CPA-VAE")),
    ],
)
def test_runs_whatever_the_screen_is(case, preset):
    changes, settings, batches = CASES[case]
    config = PRESETS[preset].model_copy(update={**settings, "epochs": 1})
    if case == "no control":
        config = config.model_copy(update={"alignment": 0.0})
    dataset = screen(**changes)
    few = ("prediction_scores",) if case == "tiny perturbations" else ()
    checked(results_of(with_batches(dataset) if batches else dataset, config),
            (*without(preset), *few))  # fmt: skip


def test_the_network_is_the_mean_of_its_replicates():
    tensors = tensors_of(screen())
    networks = train(tensors, replicates=3)
    learned = [each.direct() for each in learned_networks(networks, tensors)]
    found = mean_estimate(learned)
    np.testing.assert_allclose(found.value, np.mean([each.value for each in learned], axis=0))
    assert found.sources == learned[0].sources
    assert found.unit == learned[0].unit


def test_alignments_are_probabilities_between_genes_that_are_measured():
    config = PRESETS["published"]
    tensors = tensors_of(screen(unmeasured=2), config)
    networks = train(tensors, config)
    (found,) = alignments(networks, tensors)["alignment"]
    names = [f"N0{number}" for number in range(1, 9)]
    assert list(found.sources) == names
    assert list(found.targets) == names[:6]
    probability = networks[0].effects.mask_logit.detach().sigmoid().numpy()
    rows = [tensors.info["nodes"].index(name) for name in names]
    np.testing.assert_allclose(found.value, probability[np.ix_(rows, rows[:6])], rtol=1e-5)


def test_latents_are_those_of_the_cells_in_their_order():
    dataset = screen()
    tensors = tensors_of(dataset)
    (network,) = train(tensors)
    found = basal_states(network, tensors)
    with torch.no_grad():
        for part, cells in tensors.samples.items():
            own = cells_of(tensors, part)
            at = torch.arange(len(cells))
            m, _ = network.posterior(own, network.expected(), at, torch.zeros_like(at))
            np.testing.assert_allclose(found[cells], m.numpy(), atol=1e-5)


@pytest.mark.parametrize("preset", ["published", "SAMS-VAE", "CPA-VAE"])
def test_a_perturbation_without_effect_changes_no_gene_and_others_do(preset):
    config = PRESETS[preset]
    dataset = screen()
    tensors, known = tensors_of(dataset, config), labelled(dataset, config, 0)
    (network,) = train(tensors, config)
    cells = some_cells(cells_of(tensors, "train"), unperturbed(tensors), 0)
    labels = np.array([known.label_of("control"), known.label_of("N03")])
    with torch.no_grad():
        if config.masked:
            network.effects.mask_logit.fill_(30.0)
    found = predicted_changes(network, cells, labels, 0)
    np.testing.assert_array_equal(found[0], 0.0)
    assert found[1].any()
    np.testing.assert_array_equal(predicted_changes(network, cells, labels, 0), found)


def test_direct_effects_are_found_where_mean_shifts_find_all_effects():
    config = GpoVaeConfig(**{**SHORT, "epochs": 15, "hidden": 32, "kl_epochs": 5})
    own, rival = [], []
    for seed in range(2):
        dataset = screen(seed=seed, nodes=12, edges=30, **RICH)
        tensors = tensors_of(dataset, config)
        (learned,) = learned_networks(train(tensors, config), tensors)
        own.append(auprc(learned.direct(), dataset))
        rival.append(auprc(shifts(dataset, config), dataset))
    assert np.mean(own) > np.mean(rival) + 0.05
    assert np.mean(own) > 0.85


def test_responses_of_effects_on_latents_are_learned():
    """CPA-VAE, trained a while: predicted changes go with those of test cells."""
    config = PRESETS["CPA-VAE"].model_copy(
        update={"epochs": 40, "hidden": 32, "latents": 8, "learning_rate": 5e-3,
                "effect_rate": 0.02, "every_draw": False, "standardise": True}
    )  # fmt: skip
    tables = results_of(screen(**RICH), config).tables
    frame = tables["responses"].frame.query("perturbation != 'control (null)'")
    assert np.corrcoef(frame["predicted"], frame["change_test"])[0, 1] > 0.5


def test_defaults_of_the_interface_are_the_presets():
    assert METHOD.presets["scdyn"] == GpoVaeConfig()
    assert TINY.acts_on == "rates"
