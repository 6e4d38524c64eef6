"""Whether data and a recipe have together what a method needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scdyn_core.errors import ConfigError

if TYPE_CHECKING:
    from scdyn_core.data.dataset import Dataset
    from scdyn_core.data.roles import Roles
    from scdyn_core.methods.method import Method
    from scdyn_core.preprocess.recipe import Recipe


def check_needs(method: Method, dataset: Dataset, recipe: Recipe) -> None:
    """Say before any work that the data lack what the method needs.

    Raises
    ------
    ConfigError
        With the recipes that would make it.
    """
    from scdyn_core.preprocess.recipe import RECIPES

    recipe.check(dataset.roles)
    missing = _missing(method, dataset, recipe)
    if missing is None:
        return
    fitting = [
        name
        for name, other in RECIPES.items()
        if _missing(method, dataset, other) is None and _applies(other, dataset)
    ]
    raise ConfigError(
        f"method {method.key}",
        found="only the roles " + (", ".join(dataset.roles.assigned()) or "of nothing"),
        needed=missing.removeprefix("needs "),
        fix="Set the role with --role, or choose a recipe that makes it: "
        + (", ".join(f"--recipe {name}" for name in fitting) or "none of the named ones can")
        + ".",
    )


def assigned_after(roles: Roles, recipe: Recipe) -> dict[str, str]:
    """Return the roles that are played once the recipe has run."""
    made = {role: "made by the recipe" for step in recipe.steps for role in step.gives}
    return roles.assigned() | made


def _missing(method: Method, dataset: Dataset, recipe: Recipe) -> str | None:
    return method.roles.missing(assigned_after(dataset.roles, recipe))


def _applies(recipe: Recipe, dataset: Dataset) -> bool:
    try:
        recipe.check(dataset.roles)
    except ConfigError:
        return False
    return True
