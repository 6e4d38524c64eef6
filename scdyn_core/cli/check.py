"""``scdyn check``: what the data can tell a method, before anything is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from scdyn_core.cli.inputs import (
    File,
    MethodKey,
    PresetOption,
    RecipeOption,
    RoleOption,
    SettingsOption,
)
from scdyn_core.cli.output import AsJson, print_json, print_line, print_table, without_chatter
from scdyn_core.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("check")(check)


def check(
    method: MethodKey,
    file: File,
    preset: PresetOption = None,
    recipe: RecipeOption = None,
    role: RoleOption = None,
    settings: SettingsOption = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of the split.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Ask what the data can tell a method: validation cells alone, nothing is trained."""
    from scdyn_core.runs.threads import set_threads

    # Before numpy is imported, which reads it once.
    set_threads(0)
    from scdyn_core.cli.inputs import given_dataset
    from scdyn_core.cli.settings import configured
    from scdyn_core.methods.method import Method
    from scdyn_core.methods.registry import method_by_key
    from scdyn_core.preprocess.choice import chosen_recipe
    from scdyn_core.preprocess.prepare import prepare
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.needs import check_needs
    from scdyn_core.runs.rich_reporter import RichReporter
    from scdyn_core.workspace import Workspace

    chosen = method_by_key(method)
    if type(chosen).check is Method.check:
        raise ConfigError(
            f"method {chosen.key}",
            found="a method without a check of the data",
            needed="a method that has one",
            fix="Train it; its scores stand beside their baselines.",
        )
    config = configured(chosen, preset, settings or [])
    with without_chatter(), RichReporter(SilentReporter(), quiet=as_json) as reporter:
        dataset = given_dataset(file, role or [], reporter)
        steps = chosen_recipe(recipe, dataset.roles)
        check_needs(chosen, dataset, steps)
        prepared = prepare(dataset, steps, Workspace.default().cache, reporter)
        tables = chosen.check(prepared.dataset, config, seed, reporter)
    frames = {name: table.frame for name, table in tables.items()}
    if as_json:
        print_json({name: frame.to_dict(orient="records") for name, frame in frames.items()})
        return
    print_check(frames)


def print_check(frames: Mapping[str, pd.DataFrame]) -> None:
    """Print the tables of a check, those that its method gives."""
    if "derivative_sources" in frames:
        _print_sources(frames["derivative_sources"])
    if "perturbations" in frames:
        _print_screen(frames["perturbations"])
    if "warnings" in frames:
        for row in frames["warnings"].itertuples():
            print_line(f"{row.source}: {row.kind}: {row.text}")
    if "cautions" in frames:
        for caution in frames["cautions"]["caution"]:
            print_line(str(caution))


def _print_screen(frame: pd.DataFrame) -> None:
    """Print what can be seen of each perturbation, those with the largest effect first."""
    ranked = frame.sort_values("e_distance", ascending=False, kind="stable", na_position="first")
    print_table(
        ("perturbation", "cells", "knock-down, log2", "E-distance", "visible", "changed genes"),
        [
            (
                str(row.perturbation),
                str(row.cells),
                _number(row.knock_down),
                _number(row.e_distance),
                "yes" if row.visible else "no",
                str(row.changed_genes),
            )
            for row in ranked.itertuples()
        ],
    )


def _number(value: object) -> str:
    """Return a number for people; a dash where there is none."""
    number = float(str(value))
    return "-" if number != number else f"{number:.3f}"


def _print_sources(frame: pd.DataFrame) -> None:
    """Print what baselines explain of each source and of its null."""
    for source, rows in frame.groupby("source", sort=False):
        first = rows.iloc[0]
        print_line(
            f"{source} (derivative={first['derivative']}): {first['samples']} {first['part']} "
            f"samples, {first['genes']} genes, {first['tangent_share']:.0%} of the squared "
            "derivative inside the space of the cells"
        )
        shares = rows.set_index(["baseline", "data"])
        print_table(
            ("share explained by", "real", "destroyed", "real without mean", "destroyed"),
            [
                (
                    name,
                    *(
                        f"{shares.loc[(name, data), column]:.3f}"
                        if (name, data) in shares.index
                        else "-"
                        for column in ("share", "centred_share")
                        for data in ("real", "null")
                    ),
                )
                for name in rows["baseline"].unique()
            ],
        )
