"""Cells are kept for what a column says of them."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.data.load import load
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.prepare import prepare
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.preprocess.steps import KeepCells
from scdyn_core.reporter import SilentReporter


@pytest.fixture
def annotated(adata):
    adata.obs["good"] = np.arange(adata.n_obs) % 3 == 0
    adata.obs["donor"] = pd.Categorical(["b", "a", None, "c"] * 50)
    adata.obs["day"] = np.tile([0.0, 1.0, np.nan, 2.5], 50)
    return adata


@pytest.mark.parametrize(
    ("column", "values", "kept"),
    [
        ("good", (), lambda obs: obs["good"]),
        ("good", ("True",), lambda obs: obs["good"]),
        ("good", ("false",), lambda obs: ~obs["good"]),
        ("donor", ("a", "c"), lambda obs: obs["donor"].isin(["a", "c"])),
        ("day", ("1", "2.5"), lambda obs: obs["day"].isin([1.0, 2.5])),
    ],
)
def test_cells_with_the_values_are_kept_as_they_are(annotated, roles, column, values, kept):
    before = annotated.copy()
    after, outcome = KeepCells(column=column, values=values).apply(annotated, roles, 0)
    expected = before[kept(before.obs).to_numpy(bool)]
    assert list(after.obs_names) == list(expected.obs_names)
    assert (after.layers["spliced"] != expected.layers["spliced"]).nnz == 0
    assert f"Removed {before.n_obs - after.n_obs} of 200" in outcome.message


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("", (), "cell_type"),
        ("doner", ("a",), "'doner'"),
        ("donor", (), "Write the values"),
        ("donor", ("a", "d"), "'d'"),
        ("day", ("1", "noon"), "'noon'"),
        ("good", ("maybe",), "'maybe'"),
    ],
)
def test_what_does_not_fit_is_said(annotated, roles, column, values, said):
    with pytest.raises(ConfigError, match="keep_cells") as caught:
        KeepCells(column=column, values=values).apply(annotated, roles, 0)
    assert said in str(caught.value)


def test_a_recipe_with_it_can_be_written_and_read():
    recipe = Recipe(steps=(KeepCells(column="donor", values=("a", "b")),))
    assert Recipe.from_yaml(recipe.to_yaml()) == recipe


def test_papalexi_without_cells_of_two_guides(shared_data):
    data = load(shared_data / "perturbseq/papalexi_thp1_20729x299.h5ad")
    recipe = Recipe(steps=(KeepCells(column="dominant", values=("True",)),))
    prepared = prepare(data, recipe, None, SilentReporter())
    assert prepared.dataset.adata.obs["dominant"].all()
    assert prepared.dataset.adata.n_obs == 16_093
