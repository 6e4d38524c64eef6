"""What ``scdyn export`` writes of a run on a screen; names in it stay names."""

import time

import pandas as pd
import pytest

from scdyn_core.plots.catalogue import figures_of_run
from scdyn_core.plots.palette import DARK, LIGHT
from scdyn_core.plots.perturbation_catalogue import MOST_PERTURBATIONS, perturbation_figures
from tests.plots.synthetic_responses import response_tables
from tests.plots.synthetic_screen.prediction import METRICS
from tests.plots.synthetic_screen.tables import screen_tables
from tests.plots.test_escaping import ATTACK, assert_inert, texts
from tests.plots.test_response_catalogue import Run

SMALL = {"singles": 7, "combinations": 2, "latents": 4, "genes": 24}
TABLES = screen_tables(**SMALL)
NEEDED = ("perturbations", "targets", "target_matrix", "latents")
ALONE = {
    "target_matrix", "screen_quality", "perturbation_ranking", "perturbation_map",
    "perturbation_tree_shift_cosine", "perturbation_tree_response_correlation",
    "perturbation_tree_shared_targets", "perturbation_cells", "latent_maps", "sparsity_path",
    "held_out", "target_recovery", "prediction_suite_seen", "prediction_suite_held_out",
    "prediction_suite_combination",
}  # fmt: skip
EACH = ("perturbation_shift", "perturbation_cells", "volcano", "predicted_change")


@pytest.fixture(scope="module")
def figures():
    return perturbation_figures(TABLES)


def test_a_run_on_a_screen_gets_every_figure_and_another_run_none(figures):
    assert figures.keys() >= ALONE
    for name in EACH:
        assert {f"{name}_{n}" for n in range(1, MOST_PERTURBATIONS + 1)} <= figures.keys()
    assert perturbation_figures(response_tables()) == {}
    assert figures.keys() <= figures_of_run(Run(TABLES)).keys()


def test_only_metrics_that_can_tell_something_are_ranked(figures):
    headline = TABLES["calibration"].query("headline")["metric"]
    ranked = {name for name in figures if name.startswith("prediction_ranking_seen_")}
    assert ranked == {f"prediction_ranking_seen_{m.replace(' ', '_')}" for m in headline}
    every = perturbation_figures({k: v for k, v in TABLES.items() if k != "calibration"})
    assert len([name for name in every if name.startswith("prediction_ranking_seen_")]) == len(
        METRICS
    )


@pytest.mark.parametrize(
    ("table", "figure"),
    [("held_out", "held_out"), ("truth", "target_recovery"), ("sparsity_path", "sparsity_path"),
     ("similarity", "perturbation_tree_shift_cosine"), ("similarity_map", "perturbation_map"),
     ("cells", "perturbation_cells"), ("responses", "volcano_1"),
     ("prediction_scores", "prediction_suite_seen"), ("latent_genes", "latent_1_genes")],
)  # fmt: skip
def test_a_table_brings_its_figures_and_can_be_missing(table, figure):
    least = {name: TABLES[name] for name in NEEDED}
    without = perturbation_figures(least)
    assert {"target_matrix", "screen_quality", "perturbation_ranking"} <= without.keys()
    assert figure not in without
    more = perturbation_figures(least | {table: TABLES[table]})
    assert figure in more.keys() - without.keys()


def test_file_names_are_made_of_numbers_and_words_of_ours(figures):
    hostile = perturbation_figures(screen_tables(**SMALL, prefix="../"))
    assert hostile.keys() == figures.keys()


@pytest.mark.parametrize(("name", "palette"), [(ATTACK, LIGHT), ("%{x}$y$<b>", DARK)])
def test_hostile_names_are_inert(name, palette):
    frames = screen_tables(**SMALL, prefix=name)
    frames["prediction_scores"]["model"] = frames["prediction_scores"]["model"].replace(
        "additive", name
    )
    frames["truth"]["model"] = frames["truth"]["model"].replace("ICA", name)
    frames["calibration"]["verdict"] = name
    figures = perturbation_figures(frames, palette=palette)
    assert len(figures) > len(ALONE)
    for figure in figures.values():
        assert_inert(figure)
        templates = [each.hovertemplate for each in figure.data if each.hovertemplate]
        assert not any("img" in text or "$" in text for text in texts(templates))
        assert not any("%{x}$y" in text or "%{x}&" in text for text in templates)


def test_a_screen_of_one_replicate_and_a_single_perturbation_is_drawn():
    tables = screen_tables(singles=1, combinations=0, held_out=False, truth=False)
    for name in ("targets", "latent", "sparsity_path"):
        tables[name] = tables[name].query("replicate == 0")
    tables["target_matrix"] = tables["target_matrix"].assign(effect_sd=float("nan"))
    tables["latent_genes"] = tables["latent_genes"].assign(effect_sd=float("nan"))
    figures = perturbation_figures(tables)
    assert {"target_matrix", "sparsity_path", "perturbation_map"} <= figures.keys()


def test_nothing_on_anywhere_is_drawn_too(figures):
    tables = screen_tables(**SMALL)
    for name in ("targets", "target_matrix"):
        tables[name] = tables[name].assign(on=False, effect=0.0)
    tables["target_matrix"]["stability"] = 0.0
    tables["sparsity_path"]["latents_on"] = 0
    tables["similarity"][["shift_cosine", "shared_targets"]] = float("nan")
    tables["perturbations"] = tables["perturbations"].assign(visible=False, latents_on=0.0)
    drawn = perturbation_figures(tables).keys()
    # Now every perturbation is one without a visible effect, in every task.
    assert drawn - figures.keys() == {
        "false_positives_held_out", "false_positives_combination",
    }  # fmt: skip
    assert figures.keys() <= drawn


def repeated(table, times):
    """A table in which every perturbation stands several times under names of its own."""
    copies = [table.assign(perturbation=table["perturbation"] + f"#{n}") for n in range(times)]
    if "order" in table:
        copies = [copy.assign(order=copy["order"] + 1_000 * n) for n, copy in enumerate(copies)]
    return pd.concat(copies, ignore_index=True)


def test_a_large_screen_is_drawn_in_seconds():
    tables = {"latents": TABLES["latents"]}
    for name in (*NEEDED[:3], "sparsity_path", "similarity_map"):
        tables[name] = repeated(TABLES[name], 200)
    start = time.perf_counter()
    figures = perturbation_figures(tables)
    assert time.perf_counter() - start < 30
    assert len(tables["perturbations"]) == 200 * len(TABLES["perturbations"])
    assert figures["target_matrix"].layout.height < 1400
