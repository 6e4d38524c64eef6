"""A recipe by what somebody calls it."""

from __future__ import annotations

from pathlib import Path

from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.recipe import RECIPES, Recipe, default_recipe


def chosen_recipe(name: str | None, roles: Roles) -> Recipe:
    """Return the recipe called ``name``, the one in the file ``name``, or the default one.

    Raises
    ------
    ConfigError
        When there is none, or the file holds none.
    """
    if name is None:
        return default_recipe(roles)
    if name in RECIPES:
        return RECIPES[name]
    if Path(name).suffix in {".yaml", ".yml"}:
        return Recipe.from_file(Path(name).expanduser())
    raise ConfigError(
        f"recipe {name}",
        found="no recipe of this name",
        needed="one of " + ", ".join(RECIPES) + ", or a .yaml file",
        fix="Correct the name.",
    )
