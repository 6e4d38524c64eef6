"""``scdyn train`` and ``resume``."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from scdyn_core.cli.inputs import (
    File,
    MethodKey,
    PresetOption,
    RecipeOption,
    RoleOption,
    SettingsOption,
)
from scdyn_core.cli.output import AsJson, without_chatter
from scdyn_core.errors import RunError

RunDir = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A run folder.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("train")(train)
    app.command("resume")(resume)


def train(
    method: MethodKey,
    file: File,
    out: Annotated[Path, typer.Option("--out", metavar="RUN_DIR", help="New run folder.")],
    preset: PresetOption = None,
    recipe: RecipeOption = None,
    role: RoleOption = None,
    settings: SettingsOption = None,
    replicates: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Models from other seeds; else as the method needs."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of every draw.")] = 0,
    device: Annotated[
        Literal["auto", "cpu", "cuda"], typer.Option(help="Where to train.")
    ] = "auto",
    threads: Annotated[int, typer.Option(min=0, max=256, help="0 leaves one core free.")] = 0,
    as_json: AsJson = False,
) -> int:
    """Prepare the data and train a method on them; the folder opens in the dashboard too."""
    from scdyn_core.runs.threads import set_threads

    # Before numpy and torch are imported, which read it once.
    set_threads(threads)
    from scdyn_core.cli.carry_out import carry_out
    from scdyn_core.cli.inputs import chosen_recipe, data_path, open_dataset
    from scdyn_core.cli.needs import check_needs
    from scdyn_core.cli.settings import configured
    from scdyn_core.methods.registry import method_by_key
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.owner import running_here
    from scdyn_core.runs.run import Run
    from scdyn_core.runs.spec import DatasetRef, RunSpec

    chosen = method_by_key(method)
    config = configured(chosen, preset, settings or [])
    with without_chatter():
        path = data_path(file, SilentReporter())
        dataset = open_dataset(path, role or [])
    steps = chosen_recipe(recipe, dataset.roles)
    check_needs(chosen, dataset, steps)
    spec = RunSpec(
        kind="train",
        dataset=DatasetRef(
            path=path, name=dataset.name, fingerprint=dataset.fingerprint, roles=dataset.roles
        ),
        recipe=steps,
        method=method,
        preset=preset or "scdyn",
        config=config.model_dump(mode="json"),
        options=chosen.options.model_copy(
            update={
                "seed": seed,
                "replicates": replicates or chosen.options.replicates,
                "device": device,
                "threads": threads,
            }
        ),
    )
    out = out.expanduser().resolve()
    run = Run.create(out.parent, spec, name=out.name, state=running_here(time.time()))
    return carry_out(run, as_json, dataset)


def resume(run_dir: RunDir, as_json: AsJson = False) -> int:
    """Go on with an interrupted, cancelled or failed run from its checkpoint."""
    from scdyn_core.runs.threads import set_threads

    try:
        stored = json.loads((run_dir / "config.json").read_text(encoding="utf-8"))
        set_threads(int(stored["options"]["threads"]))
    except (OSError, ValueError, KeyError, TypeError):
        set_threads(0)
    from scdyn_core.cli.carry_out import carry_out
    from scdyn_core.runs.liveness import is_alive
    from scdyn_core.runs.queue import bury_run
    from scdyn_core.runs.run import Run
    from scdyn_core.runs.state import RESUMABLE
    from scdyn_core.runs.writer import RunWriter

    run = Run.open(run_dir.expanduser())
    if run.state.status == "running" and not is_alive(run):
        bury_run(run)
    if run.state.status not in RESUMABLE:
        raise RunError(
            f"run {run.path.name}",
            found=f"a run that is {run.state.status}",
            needed="a run that is failed, cancelled or interrupted",
            fix="Use `scdyn show` to see it.",
        )
    RunWriter(run).start()
    (run.path / "cancel").unlink(missing_ok=True)
    return carry_out(run, as_json)
