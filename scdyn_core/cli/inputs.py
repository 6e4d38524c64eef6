"""Arguments that several commands take, and the data they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scdyn_core.errors import ConfigError

if TYPE_CHECKING:
    from scdyn_core.data.dataset import Dataset
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


def given_dataset(file: str, assignments: list[str], reporter: Reporter) -> Dataset:
    """Load what a ``FILE`` argument means, with the roles that ``--role`` changes.

    Raises
    ------
    InputError
        When the file cannot be read.
    ConfigError
        When a role does not exist or does not fit.
    """
    from scdyn_core.data.opening import data_path, open_dataset

    return open_dataset(data_path(file, reporter), role_changes(assignments))


def role_changes(assignments: list[str]) -> dict[str, str | None]:
    """Read ``ROLE=COLUMN`` arguments; no column: nothing plays the role.

    Raises
    ------
    ConfigError
        When one has no equals sign.
    """
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
    return changes
