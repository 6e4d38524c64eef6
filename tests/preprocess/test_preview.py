"""Previews: the recipe on some of the cells, as plain tables."""

import pandas as pd
import pytest

from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.preview import preview
from scdyn_core.preprocess.recipe import RECIPES, Recipe
from scdyn_core.preprocess.steps import FilterCells, QcMetrics, Windows


def test_tables_hold_what_the_plots_need(small_dataset):
    shown = preview(small_dataset, RECIPES["velocity"], n_cells=120, seed=1)
    assert (shown.cells_used, shown.cells_total) == (120, 200)
    quality = {"counts", "genes", "mitochondrial_percent", "ribosomal_percent", "cell_type"}
    assert quality | {"cell", "kept"} <= set(shown.before)
    maps = {"pca_1", "pca_2", "umap_1", "umap_2", "velocity_umap_1", "velocity_umap_2"}
    assert quality | maps <= set(shown.after)
    assert {"gene", "mean", "dispersion", "highly_variable"} <= set(shown.genes)
    assert [record.kind for record in shown.records] == [
        step.kind for step in RECIPES["velocity"].steps
    ]


def test_removed_cells_are_marked_before_and_absent_after(small_dataset):
    few_counts = FilterCells(min_counts=2000, min_genes=0, max_mitochondrial=100)
    recipe = Recipe(steps=(QcMetrics(), few_counts))
    shown = preview(small_dataset, recipe)
    assert list(shown.before["kept"]) == list(shown.before["counts"] >= 2000)
    assert list(shown.after["cell"]) == list(shown.before.loc[shown.before["kept"], "cell"])


def test_the_seed_chooses_the_cells(small_dataset):
    first, again, other = (
        preview(small_dataset, RECIPES["none"], n_cells=50, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first.before, again.before)
    assert set(first.before["cell"]) != set(other.before["cell"])


def test_data_without_counts_has_no_quality_values(small_dataset):
    dataset = small_dataset.with_roles(Roles(cell_type="cell_type"))
    shown = preview(dataset, RECIPES["none"])
    assert list(shown.before) == ["cell", "cell_type", "kept"]


def test_windows_are_new_cells(small_dataset):
    dataset = small_dataset.with_roles(Roles(pseudotime="true_time"))
    shown = preview(dataset, Recipe(steps=(Windows(),)), n_cells=100)
    assert len(shown.after) == 49
    assert shown.after["pseudotime"].is_monotonic_increasing
    assert not shown.before["kept"].any()


def test_a_missing_role_is_named(small_dataset):
    with pytest.raises(ConfigError, match="roles counts, spliced"):
        preview(small_dataset.with_roles(Roles()), RECIPES["velocity"])
