"""What runs were asked for, side by side."""

import json

from scdyn_core.preprocess.recipe import RECIPES, Recipe
from scdyn_core.runs.comparison.settings import compared_settings, recipe_settings, settings_rows
from scdyn_core.runs.run import Run
from tests.plots.synthetic_run import write_run


def test_one_more_step_in_front_moves_none_of_the_others() -> None:
    recipe = RECIPES["expression"]
    settings = {
        "whole": recipe_settings(recipe),
        "without": recipe_settings(Recipe(steps=recipe.steps[1:])),
    }
    rows = settings_rows(settings, only_differences=True)
    first = recipe.steps[0].kind.replace("_", " ")
    assert {row["setting"].split(":")[0] for row in rows} == {"steps", first}


def test_a_step_that_comes_twice_is_there_twice() -> None:
    step = RECIPES["expression"].steps[0]
    assert {step.kind, f"{step.kind} 2"} <= set(recipe_settings(Recipe(steps=(step, step))))


def test_versions_and_data_are_compared_too(tmp_path) -> None:
    runs = {name: write_run(tmp_path / name) for name in ("a", "b")}
    for name, version in (("a", "1.0"), ("b", "2.0")):
        made = {"python": "3.11", "packages": {"torch": version}}
        (runs[name].path / "env.json").write_text(json.dumps(made))
    rows = compared_settings(runs).set_index("setting")
    assert rows.loc["torch", ["a", "b", "differs"]].tolist() == ["1.0", "2.0", True]
    assert not rows.loc["python", "differs"]
    assert rows.loc["fingerprint", "of"] == "data"


def test_a_setting_that_a_run_does_not_have_is_told_from_none(tmp_path) -> None:
    config = {"a": {"latents": 3, "terms": None}, "b": {"latents": 3}}
    rows = {name: Run.open(write_run(tmp_path, config=each).path) for name, each in config.items()}
    terms = compared_settings(rows).set_index("setting").loc["terms"]
    assert (terms["a"], terms["b"], terms["differs"]) == ("none", "–", True)
