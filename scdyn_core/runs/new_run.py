"""A run from what somebody outside the dashboard asks for: in a shell, a script, a notebook."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from scdyn_core.methods.method import MethodConfig
from scdyn_core.methods.registry import method_by_key
from scdyn_core.methods.sampling import check_sampling
from scdyn_core.runs.needs import assigned_after, check_needs
from scdyn_core.runs.owner import running_here
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.resampling.options import SAMPLING
from scdyn_core.workspace import Workspace

if TYPE_CHECKING:
    from scdyn_core.data.dataset import Dataset
    from scdyn_core.preprocess.recipe import Recipe


@dataclass(frozen=True)
class Request:
    """What is to be done with data that are open already.

    Attributes
    ----------
    path
        Where the data came from; the run reads them there again when it is resumed.
    experiment
        The question of an experiment; empty: one training.
    """

    kind: Literal["prepare", "train", "experiment"]
    path: Path
    dataset: Dataset
    recipe: Recipe
    method: str | None = None
    preset: str | None = None
    config: MethodConfig = field(default_factory=MethodConfig)
    options: TrainingOptions = field(default_factory=TrainingOptions)
    experiment: Mapping[str, Any] = field(default_factory=dict)


def new_run(request: Request, out: Path | None = None) -> Run:
    """Check what is asked against the data, and make the folder of the run.

    Parameters
    ----------
    out
        The folder; by default a new one in the workspace.

    Raises
    ------
    ScdynError
        When roles, recipe or options do not fit, or the folder is not empty.
    """
    dataset = request.dataset
    if request.method is None:
        request.recipe.check(dataset.roles)
    else:
        _check_method(request, request.method)
    spec = RunSpec(
        kind=request.kind,
        dataset=DatasetRef(
            path=request.path,
            name=dataset.name,
            fingerprint=dataset.fingerprint,
            roles=dataset.roles,
        ),
        recipe=request.recipe,
        method=request.method,
        preset=request.preset or (request.method and "scdyn"),
        config=request.config.model_dump(mode="json"),
        options=request.options,
        experiment=dict(request.experiment),
    )
    state = running_here(time.time())
    if out is None:
        return Run.create(Workspace.default().runs, spec, state=state)
    out = out.expanduser().resolve()
    return Run.create(out.parent, spec, name=out.name, state=state)


def _check_method(request: Request, key: str) -> None:
    method, recipe, roles = method_by_key(key), request.recipe, request.dataset.roles
    check_needs(method, request.dataset, recipe)
    arms = request.experiment.get("arms", ())
    for way in [SAMPLING[arm] for arm in arms] or [request.options.sampling]:
        check_sampling(method, way, assigned_after(roles, recipe), f"sampling {way.scheme}")
