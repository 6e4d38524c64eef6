"""``scdyn train`` and ``resume``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from scdyn_core.cli.inputs import (
    DeviceOption,
    File,
    MethodKey,
    PresetOption,
    RecipeOption,
    RoleOption,
    SeedOption,
    SettingsOption,
    ThreadsOption,
)
from scdyn_core.cli.output import AsJson
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
    sampling: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Which cells are drawn: uniform, balanced, sketch, marginal, neighbours, "
            "clusters, published.",
        ),
    ] = None,
    sampling_settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set-sampling",
            metavar="FIELD=VALUE",
            help="Change how they are drawn: --set-sampling floor=0.3.",
        ),
    ] = None,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
    threads: ThreadsOption = 0,
    as_json: AsJson = False,
) -> int:
    """Prepare the data and train a method on them; the folder opens in the dashboard too."""
    from scdyn_core.runs.threads import set_threads

    # Before numpy and torch are imported, which read it once.
    set_threads(threads)
    from scdyn_core.cli.carry_out import carry_out
    from scdyn_core.cli.new_run import Asked, asked_run
    from scdyn_core.cli.settings import chosen_sampling

    options = {"seed": seed, "replicates": replicates, "device": device, "threads": threads}
    asked = Asked(
        method=method,
        file=file,
        preset=preset,
        recipe=recipe,
        roles=role or [],
        settings=settings or [],
        options={name: value for name, value in options.items() if value is not None},
        sampling=chosen_sampling(method, sampling, sampling_settings or []),
    )
    run, dataset = asked_run(asked, out)
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
