"""Every configuration runs from cells to tables, and the tables are those that were promised."""

import numpy as np
import pytest

from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.method import Svae
from scdyn_core.methods.svae.truth import Truth
from tests.methods.svae.small import SHORT, TINY, results_of, screen, tensors_of, with_groups

COLUMNS = {
    "perturbations": "perturbation kind held_out targets cells cells_train cells_test measured "
    "knock_down knock_down_p guides guide_agreement e_distance e_distance_p visible "
    "changed_genes latents_on shift_norm",
    "latents": "latent perturbations_on spread stability top_up top_down",
    "targets": "replicate perturbation latent probability shift effect on order latent_order",
    "target_matrix": "perturbation latent effect effect_sd probability stability on",
    "latent_genes": "latent gene effect effect_sd rank",
    "sparsity_path": "sparsity threshold replicate perturbation latents_on chosen",
    "similarity": "perturbation_a perturbation_b shift_cosine response_correlation shared_targets",
    "similarity_map": "perturbation x y",
    "cells": "cell part perturbation umap_1 umap_2 total",
    "latent": "replicate cell part z1 z2 z3 z4",
    "cell_fit": "replicate cell part reconstruction_error",
    "responses": "perturbation gene control log2_fold_change se p p_adjusted change_train "
    "change_test change_test_se predicted",
    "prediction_scores": "task model perturbation metric value",
    "calibration": "metric better no_change mean_perturbation duplicate dynamic_range "
    "share_duplicate_better verdict headline",
    "held_out": "stage perturbation cells elbo iwelbo latents_on",
    "truth": "quantity model replicate value",
    "true_targets": "perturbation latent on",
    "context_targets": "perturbation context latent effect stability on",
}
OPTIONAL = {
    "held_out", "truth", "true_targets", "prediction_scores", "calibration", "context_targets",
}  # fmt: skip
PAIRS = {"combinations": 4, "seed": 2}


def checked(results):
    """Columns as promised, every one with its meaning; no number that is infinite."""
    for name, table in results.tables.items():
        promised = COLUMNS.get(name, "caution").split()
        assert set(promised) <= set(table.frame), name
        assert set(table.frame) == set(table.columns), name
        numbers = table.frame.select_dtypes("number").to_numpy()
        assert not np.isinf(numbers.astype(float)).any(), name
    assert set(COLUMNS) - OPTIONAL <= set(results.tables)
    return {name: table.frame for name, table in results.tables.items()}


@pytest.fixture(scope="module")
def whole():
    """Two replicates on a screen with pairs, some perturbations held out."""
    config = SvaeConfig(**SHORT, held_out=("P004", "P001+P002"))
    return checked(results_of(screen(**PAIRS), config, replicates=2))


CASES = {
    "no control": ({"control_cells": 0}, {}, ()),
    "no control, tiny": ({"control_cells": 0, "cells_per_intervention": 8}, {}, ()),
    "few controls": ({"control_cells": 22}, {}, ()),
    "tiny perturbations": ({"cells_per_intervention": 6}, {"fewest_cells": 5}, ()),
    "guides": ({"guides": 2, **PAIRS}, {"level": "guide", "fewest_cells": 8}, ()),
    "batch": ({}, {}, ("batch", "cell_type")),
    "contexts": (PAIRS, {"context": "condition", "held_out": ("P004",)}, ("condition",)),
    "own combinations": (PAIRS, {"combinations": "own", "held_out_share": 0.2}, ()),
    "gradient": (PAIRS, {"mask": "gradient", "held_out_share": 0.2, "beta_penalty": 3.0}, ()),
    "no warm-up": ({}, {"warm_up": 0, "kl_epochs": 0}, ()),
    "many latents": ({"interventions": 3}, {"latents": 100}, ()),
}


@pytest.mark.parametrize("case", CASES)
def test_runs_whatever_the_screen_is(case):
    changes, settings, roles = CASES[case]
    dataset = with_groups(screen(**changes), *roles) if roles else screen(**changes)
    config = SvaeConfig(**{**SHORT, "fewest_cells": 5, **settings})
    checked(results_of(dataset, config))


def test_what_a_perturbation_does_in_one_context_only_has_a_table_of_its_own():
    dataset = with_groups(screen(), "condition")
    config = SvaeConfig(**{**SHORT, "fewest_cells": 5, "context": "condition"})
    found = checked(results_of(dataset, config))["context_targets"]
    # The largest group is what the others are compared with.
    assert set(found["context"]) == {"b", "c"}
    assert set(found["perturbation"]) == {"", *(f"P{number:03}" for number in range(1, 9))}
    assert len(found) == 2 * 9 * SHORT["latents"]


@pytest.mark.parametrize("preset", ["iVAE", "VAE", "published"])
def test_presets_run_with_held_out_perturbations_and_batches(preset):
    short = {**SHORT, "held_out": ("P004",), "null_control": 0.3}
    config = Svae.presets[preset].model_copy(update=short)
    tables = checked(results_of(with_groups(screen(), "batch"), config))
    assert set(tables["held_out"]["stage"]) == {"before", "after"}


def test_tables_fit_each_other(whole):
    names = whole["perturbations"]["perturbation"].tolist()
    kinds = whole["perturbations"].set_index("perturbation")["kind"]
    assert names[0] == "control"
    assert kinds[["control", "control (null)"]].tolist() == ["control", "null control"]
    assert kinds[["P003", "P003+P006"]].tolist() == ["single", "combination"]
    assert len(whole["targets"]) == 2 * len(names) * 4
    assert set(whole["target_matrix"]["perturbation"]) == set(names)
    assert set(whole["responses"]["perturbation"]) == set(names) - {"control"}
    assert whole["targets"].groupby("perturbation")["order"].nunique().eq(1).all()
    assert sorted(whole["targets"]["order"].unique()) == list(range(len(names)))
    assert (whole["latent_genes"].groupby("latent")["rank"].max() == 30).all()
    mean = whole["targets"].groupby(["perturbation", "latent"])["effect"].mean()
    matrix = whole["target_matrix"].set_index(["perturbation", "latent"])["effect"]
    np.testing.assert_allclose(matrix.loc[mean.index], mean)
    assert len(whole["latent"]) == 2 * len(whole["cells"])
    path = whole["sparsity_path"]
    assert not path.duplicated(["sparsity", "replicate", "perturbation"]).any()
    assert path.loc[path["chosen"], "sparsity"].unique().tolist() == [TINY.sparsity]


def test_parts_and_held_out_cells_are_counted(whole):
    cells, table = whole["cells"], whole["perturbations"].set_index("perturbation")
    counted = cells.groupby(["perturbation", "part"]).size().unstack(fill_value=0)
    for column, part in (("cells_train", "train"), ("cells_test", "test")):
        assert (counted[part] == table[column].loc[counted.index]).all()
    held = table.index[table["held_out"]]
    assert sorted(held) == ["P001+P002", "P004"]
    assert (counted.loc[held, ["train", "validation"]] == 0).all(axis=None)
    assert (counted.loc[held, "adapt"] == 20).all()
    assert (counted.drop(held)["adapt"] == 0).all()
    assert set(whole["held_out"]["perturbation"]) == set(held)
    tasks = whole["prediction_scores"].groupby("task")["perturbation"].unique().map(set)
    assert tasks["held out"] == {"P004"}
    assert tasks["combination"] == {"P001+P002"}
    assert not tasks["seen"] & set(held)


def test_totals_are_those_of_the_cells(whole):
    dataset = screen(**PAIRS)
    counts = dataset.adata[whole["cells"]["cell"].tolist()].X
    np.testing.assert_array_equal(whole["cells"]["total"], np.asarray(counts.sum(axis=1)).ravel())


def test_a_perturbation_that_shifts_nothing_is_predicted_to_change_nothing():
    """At a price nobody pays every target closes: predictions are 0, not the noise of draws."""
    config = SvaeConfig(**{**SHORT, "sparsity": 50.0})
    tables = checked(results_of(screen(), config))
    assert not tables["targets"]["on"].any()
    np.testing.assert_allclose(tables["responses"]["predicted"], 0.0, atol=1e-9)


def test_the_null_control_is_drawn_by_the_seed_of_the_run_and_shared_by_its_replicates():
    dataset = screen()
    labels = {}
    for seed in (0, 1):
        tensors = tensors_of(dataset, seed=seed)
        cells = np.concatenate(list(tensors.samples.values()))
        label = np.concatenate([part["label"] for part in tensors.parts.values()])
        labels[seed] = label[cells.argsort()]
        assert (label == 1).sum() == 40
    assert not np.array_equal(labels[0], labels[1])
    assert np.array_equal(labels[0] > 1, labels[1] > 1)


def test_one_seed_gives_one_result():
    frames = [results_of(screen(), seed=3).tables for _ in range(2)]
    for name, table in frames[0].items():
        assert table.frame.equals(frames[1][name].frame), name


@pytest.mark.parametrize(
    "planted",
    [
        {},
        {"perturbation": np.array(["P001"], dtype=object)},
        {"perturbation": np.array(["P001"], dtype=object), "shift": np.array([["a"] * 4])},
        {"perturbation": np.array(["P001"], dtype=object), "shift": np.ones((2, 4))},
        {"perturbation": "P001", "shift": 3.0},
    ],
)
def test_a_truth_that_is_none_is_not_told(planted):
    dataset = screen()
    dataset.adata.uns["mechanism_shift"] = planted
    assert Truth.of(dataset, labelled(dataset, TINY, 0)) is None
