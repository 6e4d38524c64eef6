"""Recipes: written, read, hashed, checked, chosen."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.recipe import RECIPES, Recipe, default_recipe
from scdyn_core.preprocess.steps import STEPS, Log1p, Pca, Umap

VELOCITY_ROLES = Roles(spliced="spliced", unspliced="unspliced")
NAMES = (
    "velocity", "expression", "log_values", "pseudotime", "velocity_pseudotime", "windows", "none"
)  # fmt: skip


def test_the_named_recipes():
    assert tuple(RECIPES) == NAMES


@given(st.lists(st.sampled_from(sorted(STEPS))), st.integers(0, 2**31 - 1), st.integers(2, 500))
def test_a_recipe_survives_yaml_and_keeps_its_digest(kinds, seed, n_components):
    steps = [{"kind": kind} for kind in kinds] + [{"kind": "pca", "n_components": n_components}]
    recipe = Recipe.from_content({"name": "mine: é", "steps": steps, "seed": seed})
    again = Recipe.from_yaml(recipe.to_yaml())
    assert again == recipe
    assert again.digest() == recipe.digest()


def test_the_digest_follows_content_and_not_the_name():
    recipe = Recipe(name="a", steps=(Pca(),))
    assert recipe.digest() == Recipe(name="b", steps=(Pca(),)).digest()
    others = [
        Recipe(steps=(Pca(n_components=31),)),
        Recipe(steps=(Pca(),), seed=1),
        Recipe(steps=(Pca(), Umap())),
        Recipe(steps=(Log1p(),)),
    ]
    assert len({recipe.digest(), *(other.digest() for other in others)}) == 5


def test_the_digest_is_the_same_in_every_process():
    code = "from scdyn_core.preprocess.recipe import RECIPES; print(RECIPES['windows'].digest())"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == RECIPES["windows"].digest()


def test_reading_a_recipe_imports_neither_scanpy_nor_torch():
    code = (
        "import sys, scdyn_core.preprocess.recipe\n"
        "print({'scanpy', 'scvelo', 'anndata', 'torch'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("steps: [", "recipe", "line 1 is not plain YAML"),
        ("- 1", "recipe", "valid dictionary"),
        ("steps: [{kind: bake}]", "recipe, step 1", "a kind out of keep_cells, qc_metrics"),
        ("steps: [{kind: log1p}, {kind: pca, n_components: 0}]", "step 2 (pca)", "n_components"),
        ("steps: [{kind: pca, components: 3}]", "step 1 (pca), components", "not permitted"),
        ("a: &a [1, 1]\nb: [*a, *a]", "recipe", "without aliases"),
        ("seed: -1", "recipe, seed", "greater than or equal to 0"),
        ("[" * 5000, "recipe", "not plain YAML"),
        ("!!python/object/apply:os.getcwd []", "recipe", "not plain YAML"),
    ],
)
def test_a_wrong_recipe_is_answered_with_place_and_need(text, place, words):
    with pytest.raises(ConfigError) as caught:
        Recipe.from_yaml(text)
    assert place in caught.value.place
    assert words in str(caught.value)


def test_a_recipe_is_read_from_a_file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(RECIPES["velocity"].to_yaml(), encoding="utf-8")
    assert Recipe.from_file(path) == RECIPES["velocity"]


def test_a_file_that_is_not_a_recipe_is_named(tmp_path):
    binary, huge = tmp_path / "image.yaml", tmp_path / "huge.yaml"
    binary.write_bytes(b"\x89PNG\xff\x00")
    huge.write_bytes(b"# \n" * 100_000)
    for path in (binary, huge, tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read") as caught:
            Recipe.from_file(path)
        assert path.name in caught.value.place


def test_the_default_follows_the_roles():
    assert default_recipe(VELOCITY_ROLES).name == "velocity"
    assert default_recipe(Roles(counts="X")).name == "expression"
    assert default_recipe(Roles(cell_type="type")).name == "log_values"


def test_roles_are_checked_before_any_work():
    with pytest.raises(ConfigError, match="roles spliced") as caught:
        RECIPES["velocity"].check(Roles(counts="X"))
    assert "choose a recipe without" in caught.value.fix
    RECIPES["windows"].check(VELOCITY_ROLES)


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_every_step_describes_itself_and_its_parameters(step):
    assert step.title
    assert step.summary.endswith(".")
    for name, field in step.model_fields.items():
        if name != "kind":
            assert field.description.endswith("."), name
