"""The path network from cells to tables: what it finds, what it never looks at, what it says."""

import numpy as np
import pytest

from scdyn_core.methods.path_network.config import PathNetworkConfig
from scdyn_core.methods.path_network.method import PathNetwork
from scdyn_core.methods.regulation.arrays import nodes_from
from scdyn_core.methods.regulation.learned import LearnedNetwork
from scdyn_core.methods.regulation.least_squares import resampled
from tests.methods.regulation.small import (
    PLAIN,
    QUIET,
    RICH,
    auprc,
    learned,
    screen,
    shifts,
    tensors_of,
    with_batches,
    with_other_counts,
)

METHOD = PathNetwork()
COLUMNS = {
    "perturbations": "perturbation kind held_out targets cells cells_train cells_test visible",
    "responses": "perturbation gene control log2_fold_change se p p_adjusted change_train "
    "change_test change_test_se predicted",
    "similarity": "perturbation_a perturbation_b",
    "similarity_map": "perturbation x y",
    "cells": "cell part perturbation total",
    "prediction_scores": "task model perturbation metric value",
    "network": "evidence source target value signed unit stability",
    "network_genes": "gene node measured dose dose_known control",
    "network_scores": "reference model metric value better",
    "reference_network": "source target sign effect kind",
}


def fitted_models(tensors, config=PLAIN, replicates=1):
    return METHOD.fit(tensors, config, list(range(replicates)), QUIET)


def results_of(dataset, config=PLAIN, replicates=1):
    tensors = tensors_of(dataset, config, METHOD)
    models = fitted_models(tensors, config, replicates)
    return METHOD.results(models, tensors, dataset, config, QUIET)


def checked(results, optional=()):
    """Columns as promised, each with its meaning; no infinite number."""
    assert set(COLUMNS) - set(optional) <= set(results.tables)
    for name, table in results.tables.items():
        assert set(COLUMNS.get(name, "").split()) <= set(table.frame), name
        assert set(table.frame) == set(table.columns), name
        numbers = table.frame.select_dtypes("number").to_numpy(dtype=float)
        assert not np.isinf(numbers).any(), name
    return {name: table.frame for name, table in results.tables.items()}


@pytest.fixture(scope="module", autouse=True)
def plain_map():
    """Cells are drawn by two components: the map has a test of its own and is slow to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "scdyn_core.methods.perturbations.cell_map.latent_map",
            lambda latent, seed: latent[:, :2],
        )
        yield


@pytest.mark.parametrize("name", ["regulation", "regulation_tanh", "regulation_cyclic"])
def test_direct_effects_are_found_where_mean_shifts_find_all_effects(name):
    own, rival = [], []
    for seed in range(3):
        dataset = screen(name, seed, nodes=12, edges=30, **RICH)
        own.append(auprc(learned(dataset).direct(), dataset))
        rival.append(auprc(shifts(dataset), dataset))
    assert np.mean(own) > np.mean(rival) + 0.05
    assert np.mean(own) > 0.85


def test_no_test_cell_changes_a_number_that_is_learned():
    dataset = screen(combinations=4)
    config = PathNetworkConfig(held_out=("N04",), genes=15)
    tensors = tensors_of(dataset, config)
    cells = np.concatenate([tensors.samples["test"], tensors.samples["validation"]])
    other = tensors_of(with_other_counts(dataset, cells), config)
    assert other.info["genes"] == tensors.info["genes"]
    for name, value in tensors.constants.items():
        np.testing.assert_array_equal(other.constants[name], value)
    one, two = (fitted_models(each, config, 2) for each in (tensors, other))
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first["coefficients"], second["coefficients"])


def test_held_out_cells_change_no_edge():
    dataset = screen()
    config = PathNetworkConfig(held_out=("N04",))
    tensors = tensors_of(dataset, config)
    other = tensors_of(with_other_counts(dataset, tensors.samples["adapt"]), config)
    (one,), (two,) = fitted_models(tensors, config), fitted_models(other, config)
    np.testing.assert_array_equal(one["coefficients"], two["coefficients"])
    assert not one["coefficients"][nodes_from(tensors).names.index("N04")].any()


def test_the_first_replicate_is_of_all_training_cells_and_others_of_as_many_drawn_ones():
    tensors = tensors_of(screen())
    first, second, again = (fitted_models(tensors, replicates=3)[row]["coefficients"]
                            for row in (0, 1, 2))  # fmt: skip
    np.testing.assert_array_equal(first, fitted_models(tensors)[0]["coefficients"])
    assert not np.array_equal(first, second)
    assert not np.array_equal(second, again)
    label = tensors.parts["train"]["label"]
    rows = resampled(tensors, 5)
    np.testing.assert_array_equal(*(np.bincount(each.astype(int)) for each in (label, label[rows])))
    assert len(np.unique(rows)) < 0.8 * len(rows)


def test_stability_is_the_share_of_replicates_and_values_are_those_of_all_cells():
    dataset = screen()
    tensors = tensors_of(dataset)
    models = fitted_models(tensors, replicates=4)
    tables = checked(METHOD.results(models, tensors, dataset, PLAIN, QUIET))
    genes = tuple(tensors.info["genes"])
    estimates = [LearnedNetwork(each["coefficients"], nodes_from(tensors), genes).direct()
                 for each in models]  # fmt: skip
    edges = tables["network"].query("evidence == 'direct effect'")
    assert not edges.duplicated(["source", "target"]).any()
    for edge in edges.itertuples():
        at = estimates[0].sources.index(edge.source), genes.index(edge.target)
        assert edge.value == estimates[0].value[at] != 0
        signs = [np.sign(each.value[at]) for each in estimates]
        assert edge.stability == np.mean(np.equal(signs, signs[0]))


CASES = {
    "plain": ({}, {}, ()),
    "pairs and held out": ({"combinations": 4}, {"held_out": ("N02",)}, ()),
    "no control": ({"control_cells": 0}, {}, ()),
    "no control, few cells": (
        {"control_cells": 0, "cells_per_perturbation": 12}, {"fewest_cells": 5},
        ("prediction_scores",),
    ),
    "no null control": ({}, {"null_control": 0.0}, ()),
    "few controls": ({"control_cells": 22}, {}, ()),
    "unmeasured": ({"unmeasured": 8}, {}, ()),
    "two perturbations": ({"nodes": 3, "edges": 3}, {"held_out": ("N01",)}, ()),
    "more genes than cells": (
        {"downstream": 50, "cells_per_perturbation": 6, "control_cells": 30, "edges": 8},
        {"fewest_cells": 5}, ("prediction_scores",),
    ),
    "one dose": ({}, {"dose": "unit"}, ()),
    "no sparsity": ({}, {"sparsity": 0.0, "predictor": "network"}, ()),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_runs_whatever_the_screen_is(case):
    changes, settings, optional = CASES[case]
    checked(results_of(screen(**changes), PathNetworkConfig(**settings)), optional)


def test_batches_change_nothing_here():
    checked(results_of(with_batches(screen())))


def test_total_effects_beside_direct_ones_are_scored_against_their_own_truth():
    found = results_of(screen(**RICH), replicates=2)
    scores = {score.metric: score for score in found.scores}
    for kind in ("direct", "total"):
        score = scores[f"AUPRC (truth, {kind})"]
        assert score.replicate_sd is not None
        assert "mean shift" in score.baselines
    assert (
        scores["AUPRC (truth, direct)"].value > scores["AUPRC (truth, direct)"].baselines["random"]
    )
