"""From arguments to data, roles and a recipe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scdyn_core.errors import ConfigError

if TYPE_CHECKING:
    from scdyn_core.data.dataset import Dataset
    from scdyn_core.data.roles import Roles
    from scdyn_core.preprocess.recipe import Recipe
    from scdyn_core.reporter import Reporter

File = Annotated[str, typer.Argument(help="A data file or folder, or the key of a sample.")]
MethodKey = Annotated[str, typer.Argument(metavar="METHOD", help="Key of a method, as clera.")]
PresetOption = Annotated[str | None, typer.Option(help="scdyn (default) or published.")]
SettingsOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Change a parameter: --set a.b=c."),
]
SeedOption = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of every draw.")]
DeviceOption = Annotated[Literal["auto", "cpu", "cuda"], typer.Option(help="Where to train.")]
ThreadsOption = Annotated[int, typer.Option(min=0, max=256, help="0 leaves one core free.")]
RoleOption = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE=COLUMN", help="Set a role; an empty column clears it."),
]
RecipeOption = Annotated[
    str | None,
    typer.Option("--recipe", metavar="NAME|FILE.yaml", help="A named recipe or a file with one."),
]


def data_path(file: str, reporter: Reporter) -> Path:
    """Return the path a ``FILE`` argument means; samples are fetched when they are not there."""
    from scdyn_core.data.samples import SAMPLES, fetch, sample
    from scdyn_core.workspace import Workspace

    path = Path(file).expanduser()
    if not path.exists() and file in {entry.key for entry in SAMPLES}:
        return fetch(sample(file), Workspace.default().cache, reporter).resolve()
    return path.resolve()


def open_dataset(path: Path, assignments: list[str]) -> Dataset:
    """Load a file with the guessed roles and the changes the user asked for.

    A file that makes the HDF5 library crash or hang does so in a trial first.

    Raises
    ------
    InputError
        When the file cannot be read.
    ConfigError
        When a role does not exist or does not fit.
    """
    from scdyn_core.data.assignment import check_roles
    from scdyn_core.data.budget import memory_budget
    from scdyn_core.data.columns import describe
    from scdyn_core.data.load import load
    from scdyn_core.data.trial import try_reading

    budget = memory_budget()
    try_reading(path, budget)
    dataset = load(path, budget_bytes=budget)
    roles = changed_roles(dataset.roles, assignments)
    check_roles(roles, describe(dataset.adata.obs), list(dataset.adata.layers))
    return dataset.with_roles(roles)


def changed_roles(roles: Roles, assignments: list[str]) -> Roles:
    """Apply ``ROLE=COLUMN`` arguments."""
    changes: dict[str, str | None] = {}
    for assignment in assignments:
        role, separator, column = assignment.partition("=")
        if not separator:
            raise ConfigError(
                f"--role {assignment}",
                found="no equals sign",
                needed="ROLE=COLUMN",
                fix="Write for instance --role cell_type=clusters.",
            )
        changes[role] = column or None
    return roles.replace(changes)


def chosen_recipe(name: str | None, roles: Roles) -> Recipe:
    """Return the recipe called ``name``, the one in the file ``name``, or the default one."""
    from scdyn_core.preprocess.recipe import RECIPES, Recipe, default_recipe

    if name is None:
        return default_recipe(roles)
    if name in RECIPES:
        return RECIPES[name]
    if Path(name).suffix in {".yaml", ".yml"}:
        return Recipe.from_file(Path(name).expanduser())
    raise ConfigError(
        f"--recipe {name}",
        found="no recipe of this name",
        needed="one of " + ", ".join(RECIPES) + ", or a .yaml file",
        fix="Correct the name.",
    )
