"""Nodes and doses: how deep each perturbation went, and what is assumed where nobody knows."""

import dataclasses

import numpy as np
import pytest

from scdyn_core.methods.path_network.config import PathNetworkConfig
from scdyn_core.methods.perturbations.labels import NULL
from scdyn_core.methods.regulation.arrays import control_is_apart, measured_in, nodes_from
from scdyn_core.methods.regulation.nodes import ASSUMED
from tests.methods.regulation.small import (
    PLAIN,
    RICH,
    auprc,
    learned,
    screen,
    tensors_of,
    with_counts,
    with_other_counts,
)


def nodes_of(dataset, config=PLAIN):
    return nodes_from(tensors_of(dataset, config))


def perturbed(dataset, label):
    return (dataset.adata.obs["perturbation"] == label).to_numpy()


def test_doses_are_those_that_were_planted():
    dataset = screen(**RICH)
    nodes = nodes_of(dataset)
    assert nodes.known[nodes.real].all()
    assert nodes.learned.all()
    true = dict(zip(dataset.adata.uns["regulation"]["nodes"],
                    dataset.adata.uns["regulation"]["dose"], strict=True))  # fmt: skip
    for name, dose in zip(nodes.names, nodes.dose, strict=True):
        assert name == NULL or dose == pytest.approx(true[name], abs=0.3)


def test_the_null_control_is_a_node_that_no_edge_enters_and_no_gene():
    nodes = nodes_of(screen())
    assert nodes.names[0] == NULL
    assert nodes.real.tolist() == [False] + [True] * 8
    assert nodes.column[0] == 20
    assert not nodes.known[0]


def test_transcripts_that_are_not_measured_or_do_not_change_have_an_assumed_dose():
    dataset = screen(unmeasured=1, **RICH)

    def unmoved(counts):
        rows = perturbed(dataset, "N01")
        control = counts[perturbed(dataset, "control"), 0]
        counts[rows, 0] = np.random.default_rng(0).choice(control, rows.sum())
        return counts

    tensors = tensors_of(with_counts(dataset, unmoved))
    nodes = nodes_from(tensors)
    doubtful = dict(zip(nodes.names, ~nodes.known, strict=True))
    assert [name for name, own in doubtful.items() if own] == [NULL, "N01", "N08"]
    assert (nodes.dose[~nodes.known] == -ASSUMED).all()
    (caution,) = [words for words in tensors.info["cautions"] if "dose assumed" in words]
    assert "N01, N08" in caution
    assert NULL not in caution


@pytest.mark.parametrize("dose", ["measured", "unit"])
def test_what_is_assumed_goes_the_way_that_others_go(dose):
    """Activated genes: counts of the targets are many times those of control cells."""
    dataset = screen(unmeasured=1, **RICH)

    def activated(counts):
        for node in range(7):
            counts[perturbed(dataset, f"N0{node + 1}"), node] += 400
        return counts

    nodes = nodes_of(with_counts(dataset, activated), PathNetworkConfig(dose=dose))
    if dose == "unit":
        assert (nodes.dose == ASSUMED).all()
        assert not nodes.known.any()
    else:
        assert (nodes.dose[nodes.known] > 0).all()
        assert nodes.known.sum() == 7
        assert (nodes.dose[~nodes.known] == ASSUMED).all()


def test_targets_that_are_never_alone_have_the_dose_of_their_combinations():
    dataset = screen(combinations=10, **RICH)
    kept = ~perturbed(dataset, "N01")
    alone = dataclasses.replace(dataset, adata=dataset.adata[kept].copy())
    both, without = nodes_of(dataset), nodes_of(alone)
    assert both.names == without.names
    row = both.names.index("N01")
    assert without.known[row]
    assert without.learned[row]
    assert without.dose[row] == pytest.approx(both.dose[row], abs=0.3)


def test_held_out_cells_tell_their_own_dose_and_nothing_else():
    dataset = screen(unmeasured=1)
    config = PathNetworkConfig(held_out=("N03",))
    tensors = tensors_of(dataset, config)
    nodes = nodes_from(tensors)
    row = nodes.names.index("N03")
    assert nodes.known[row]
    assert not nodes.learned[row]
    other = tensors_of(with_other_counts(dataset, tensors.samples["adapt"]), config)
    for name, value in tensors.constants.items():
        differs = np.asarray(value != other.constants[name])
        if name in ("dose", "dose_known"):
            differs[row] = False
        assert not differs.any(), name
    assert other.constants["dose"][row] != tensors.constants["dose"][row]


def test_names_that_are_no_genes_are_nodes_all_the_same():
    dataset = screen(**RICH)
    adata = dataset.adata.copy()
    adata.obs["perturbation"] = adata.obs["perturbation"].astype(str).str.replace("N", "guide ")
    renamed = dataclasses.replace(dataset, adata=adata)
    nodes = nodes_of(renamed)
    assert (nodes.column == 20).all()
    assert not nodes.known.any()
    found = learned(renamed)
    assert np.isfinite(found.coefficients).all()
    assert found.coefficients[nodes.real].any()


def in_another_state(dataset, seed=7):
    """Control cells have less of many genes."""

    def thinned(counts):
        rng = np.random.default_rng(seed)
        genes = counts.shape[1]
        left = np.where(rng.random(genes) < 0.6, rng.uniform(0.25, 1, genes), 1.0)
        rows = perturbed(dataset, "control")
        counts[rows] = rng.binomial(counts[rows].astype(int), left)
        return counts

    return with_counts(dataset, thinned)


@pytest.mark.parametrize("seed", range(3))
def test_control_cells_in_another_state_are_noticed_and_others_are_not(seed):
    dataset = screen(seed=seed, **RICH)
    assert not tensors_of(dataset).constants["apart"]
    assert tensors_of(in_another_state(dataset)).constants["apart"]
    asked = PathNetworkConfig(reference="control")
    assert not tensors_of(in_another_state(dataset), asked).constants["apart"]
    asked = PathNetworkConfig(reference="perturbations")
    assert tensors_of(dataset, asked).constants["apart"]


@pytest.mark.parametrize("seed", range(5))
def test_a_screen_in_which_nothing_happens_has_its_control_cells_among_the_others(seed):
    dataset = screen(seed=seed)

    def dealt_out(counts):
        return np.random.default_rng(seed).permutation(counts)

    assert not tensors_of(with_counts(dataset, dealt_out)).constants["apart"]


@pytest.mark.parametrize("labels", [1, 2, 4])
def test_a_few_perturbations_say_nothing_of_all(labels):
    tensors = tensors_of(screen())
    measured = measured_in(tensors, "train")
    few = dataclasses.replace(
        measured, members=measured.members[:labels], values=measured.values[:labels] + 5.0,
        error=measured.error[:labels],
    )  # fmt: skip
    assert not control_is_apart(few, nodes_from(tensors).column, "auto")


def test_the_network_is_found_wherever_the_control_cells_are():
    """Doses and changes are against what perturbations have in common, where they must be."""
    dataset = screen(nodes=12, edges=24, **RICH)
    moved, gone = (
        in_another_state(dataset),
        screen(nodes=12, edges=24, **{**RICH, "control_cells": 0}),
    )
    there = auprc(learned(dataset).direct(), dataset)
    assert there > 0.9
    assert auprc(learned(moved).direct(), moved) > there - 0.1
    assert auprc(learned(gone).direct(), gone) > there - 0.1
    same = learned(moved, PathNetworkConfig(reference="control"))
    assert auprc(same.direct(), moved) < auprc(learned(moved).direct(), moved) - 0.1
