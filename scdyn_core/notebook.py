"""What the dashboard does, from a notebook or a script: ``from scdyn_core import notebook``.

Every function makes a run folder as the dashboard and the shell do; runs without a folder of their
own appear in the dashboard.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scdyn_core.data.opening import data_path, open_dataset
from scdyn_core.errors import InputError
from scdyn_core.methods.registry import method_by_key
from scdyn_core.preprocess.choice import chosen_recipe
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.asked import checked_question, preset_of, with_values
from scdyn_core.runs.execute import execute
from scdyn_core.runs.new_run import Request, new_run
from scdyn_core.runs.numbers import largest_difference, numbers_of
from scdyn_core.runs.outcome import ensure_done
from scdyn_core.runs.reporter import RunReporter
from scdyn_core.runs.rich_reporter import RichReporter
from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore
from scdyn_core.runs.writer import RunWriter
from scdyn_core.workspace import Workspace

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from anndata import AnnData

    from scdyn_core.data.dataset import Dataset


#: Relative differences up to this are rounding: other machines add in another order.
SAME = 1e-6


@dataclass(frozen=True)
class Data:
    """Data that passed every check, and where they came from."""

    path: Path
    dataset: Dataset

    def __repr__(self) -> str:
        cells, genes = self.dataset.adata.shape
        roles = ", ".join(f"{role}={name}" for role, name in self.dataset.roles.assigned().items())
        return f"{self.dataset.name}: {cells} cells x {genes} genes ({roles or 'no roles'})"


def open_data(
    file: str | Path,
    roles: Mapping[str, str | None] | None = None,
    *,
    fingerprint: str | None = None,
) -> Data:
    """Read and check a file.

    Parameters
    ----------
    file
        Any file or folder the dashboard takes, or the key of a sample.
    roles
        Roles that are not as guessed: ``{"cell_type": "clusters"}``; ``None``: no column plays it.
    fingerprint
        What the contents must be, where that matters.

    Raises
    ------
    InputError
        When the file cannot be read, must not be trusted, or holds other data.
    ConfigError
        When a role does not exist or does not fit.
    """
    path = data_path(str(file), SilentReporter())
    dataset = open_dataset(path, roles or {})
    if fingerprint is not None and dataset.fingerprint != fingerprint:
        raise InputError(
            path.name,
            found=f"data with the fingerprint {dataset.fingerprint[:12]}",
            needed=f"the data with the fingerprint {fingerprint[:12]}",
            fix="Give the file that the run was made with.",
        )
    return Data(path, dataset)


def prepare(data: Data, recipe: str | Recipe | None = None) -> AnnData:
    """Return the data as a recipe prepares them; by default the one that suits their roles.

    Parameters
    ----------
    recipe
        Name of a recipe, path of a ``.yaml`` file with one, or a ``Recipe``.
    """
    from scdyn_core.preprocess.prepare import prepare as prepared

    steps, cache = _recipe(data, recipe), Workspace.default().cache
    with RichReporter(SilentReporter(), quiet=False) as reporter:
        return prepared(data.dataset, steps, cache, reporter).dataset.adata


def prepared_run(
    data: Data, *, recipe: str | Recipe | None = None, out: str | Path | None = None
) -> Run:
    """Prepare the data in a run of its own, which keeps them and what every step did."""
    request = Request("prepare", data.path, data.dataset, _recipe(data, recipe))
    return _carried_out(request, out)


def train(
    data: Data,
    method: str,
    *,
    preset: str | None = None,
    config: Mapping[str, Any] | None = None,
    recipe: str | Recipe | None = None,
    out: str | Path | None = None,
    **options: Any,
) -> Run:
    """Prepare the data, train a method on them and return the finished run.

    Parameters
    ----------
    method
        Key of a method, as ``clera``.
    preset
        ``scdyn`` if not given, or ``published``.
    config
        Parameters of the method that differ from the preset.
    recipe
        As for ``prepare``.
    out
        A new run folder; by default one in the workspace.
    **options
        Training options that are not as the method has them: ``replicates``, ``seed``, ``device``,
        ``threads``, ``sampling`` …

    Raises
    ------
    ScdynError
        When something does not fit, the training failed, or it was interrupted.
    """
    return _carried_out(_training(data, method, preset, config, recipe, options), out)


def experiment(
    data: Data,
    method: str,
    asks: Mapping[str, Any],
    *,
    preset: str | None = None,
    config: Mapping[str, Any] | None = None,
    recipe: str | Recipe | None = None,
    out: str | Path | None = None,
    **options: Any,
) -> Run:
    """Train a method many times to answer one question, and return the finished run.

    Parameters
    ----------
    asks
        The question and what it leaves open: ``{"question": "resampling", "arms": ["balanced"],
        "seeds": 3}``; see ``scdyn_core.experiments.config``.

    Other parameters and errors are those of ``train``; there is one replicate of every model.
    """
    question = checked_question(asks).model_dump(mode="json")
    one = _training(data, method, preset, config, recipe, {"replicates": 1, **options})
    return _carried_out(replace(one, kind="experiment", experiment=question), out)


def open_run(path: str | Path) -> Run:
    """Open a run folder, wherever it was made.

    Raises
    ------
    RunError
        When it is none, or is damaged.
    """
    return Run.open(Path(path).expanduser())


def resume(run: Run) -> Run:
    """Go on with a run that was interrupted, from its last checkpoint."""
    RunWriter(run).start()
    (run.path / "cancel").unlink(missing_ok=True)
    return _execute(run, None)


def figures(run: Run) -> dict[str, go.Figure]:
    """Return every figure of a run, by name; the last line of a cell shows one."""
    from scdyn_core.plots.catalogue import figures_of_run

    return figures_of_run(run)


def annotated(run: Run) -> AnnData:
    """Return the prepared data of a run with all it learned in the slots scanpy reads."""
    from scdyn_core.export.annotated.assemble import annotated_data

    return annotated_data(run, SilentReporter())


def compare(run: Run, recorded: Mapping[str, float], versions: Mapping[str, str | None]) -> int:
    """Print what a run found beside what was found before; return 0 if it is the same.

    Parameters
    ----------
    recorded
        Name -> value, as ``scdyn_core.runs.numbers.numbers_of`` gives them.
    versions
        Package -> version it was found with; printed where it is another now.
    """
    found = numbers_of(run)
    for name, value in recorded.items():
        again = found.get(name)
        same = "same" if again == value else "OTHER"
        _print(f"{same}  {name}: then {value:.6g}, now {'-' if again is None else f'{again:.6g}'}")
    now = run.environment.get("packages", {})
    for name, version in versions.items():
        if now.get(name) != version:
            _print(f"version of {name}: then {version}, now {now.get(name)}")
    gap = largest_difference(recorded, found)
    _print(f"run folder: {run.path}")
    _print("All numbers are the same." if gap == 0 else f"Largest relative difference: {gap:.3g}")
    return 0 if gap <= SAME else 1


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


def _training(
    data: Data,
    method: str,
    preset: str | None,
    config: Mapping[str, Any] | None,
    recipe: str | Recipe | None,
    options: Mapping[str, Any],
) -> Request:
    chosen = method_by_key(method)
    return Request(
        kind="train",
        path=data.path,
        dataset=data.dataset,
        recipe=_recipe(data, recipe),
        method=method,
        preset=preset,
        config=with_values(preset_of(chosen, preset), config or {}, f"config of {method}"),
        options=with_values(chosen.options, options, "options"),
    )


def _recipe(data: Data, recipe: str | Recipe | None) -> Recipe:
    return recipe if isinstance(recipe, Recipe) else chosen_recipe(recipe, data.dataset.roles)


def _carried_out(request: Request, out: str | Path | None) -> Run:
    run = new_run(request, None if out is None else Path(out))
    RunStore(Workspace.default()).adopt(run.path)
    return _execute(run, request.dataset)


def _execute(run: Run, dataset: Dataset | None) -> Run:
    with RunReporter(run) as inner, RichReporter(inner, quiet=False) as reporter:
        execute(run, reporter, dataset)
    ensure_done(run)
    return run
