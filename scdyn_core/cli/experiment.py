"""``scdyn experiment``: the same question asked of many trained models."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from scdyn_core.cli.inputs import (
    DeviceOption,
    File,
    PresetOption,
    RecipeOption,
    RoleOption,
    SeedOption,
    SettingsOption,
    ThreadsOption,
)
from scdyn_core.cli.output import AsJson
from scdyn_core.errors import ConfigError

#: Argument -> the question it stands for, and the method it is asked of if none is named.
_QUESTIONS = {"resampling": ("resampling", "scvi"), "unseen-response": ("unseen response", "scgen")}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("experiment")(experiment)


def experiment(
    question: Annotated[
        Literal["resampling", "unseen-response"],
        typer.Argument(
            help="resampling: does it help on these data? unseen-response: how well is the "
            "response of a type never seen treated predicted?"
        ),
    ],
    file: File,
    out: Annotated[Path, typer.Option("--out", metavar="RUN_DIR", help="New run folder.")],
    method: Annotated[
        str | None,
        typer.Option(metavar="METHOD", help="What is trained: scvi, or scgen for responses."),
    ] = None,
    arms: Annotated[
        str | None,
        typer.Option(metavar="NAME,...", help="Ways of drawing cells, as balanced,clusters."),
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="A type to hold out; all if not given."),
    ] = None,
    seeds: Annotated[int | None, typer.Option(help="Models of every way, paired.")] = None,
    preset: PresetOption = None,
    recipe: RecipeOption = None,
    role: RoleOption = None,
    settings: SettingsOption = None,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
    threads: ThreadsOption = 0,
    as_json: AsJson = False,
) -> int:
    """Train a method many times and answer with an interval; the folder opens in the dashboard."""
    from scdyn_core.runs.threads import set_threads

    # Before numpy and torch are imported, which read it once.
    set_threads(threads)
    from scdyn_core.cli.carry_out import carry_out
    from scdyn_core.cli.new_run import Asked, asked_run

    kind, usual = _QUESTIONS[question]
    wanted = {"arms": _names(arms), "types": types or None, "seeds": seeds}
    asked = Asked(
        method=method or usual,
        file=file,
        preset=preset,
        recipe=recipe,
        roles=role or [],
        settings=settings or [],
        options={"seed": seed, "device": device, "threads": threads, "replicates": 1},
        experiment=_checked(kind, _given(wanted)),
    )
    run, dataset = asked_run(asked, out)
    return carry_out(run, as_json, dataset)


def _names(text: str | None) -> list[str] | None:
    names = dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip())
    return list(names) or None


def _given(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def _checked(question: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what is asked in full.

    Raises
    ------
    ConfigError
        When an arm does not exist or a number is out of range.
    """
    from pydantic import TypeAdapter, ValidationError

    from scdyn_core.experiments.config import Experiment

    adapter: TypeAdapter[Experiment] = TypeAdapter(Experiment)
    try:
        found = adapter.validate_python({"question": question, **wanted})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][1]) if len(first["loc"]) > 1 else question
        raise ConfigError(
            f"--{field.removesuffix('s') if field == 'types' else field}",
            found=repr(first["input"])[:80],
            needed=first["msg"],
            fix="Correct the value.",
        ) from None
    return found.model_dump(mode="json")
