"""A new run folder from the arguments of a command that trains."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scdyn_core.cli.inputs import chosen_recipe, data_path, open_dataset
from scdyn_core.cli.needs import assigned_after, check_needs
from scdyn_core.cli.output import without_chatter
from scdyn_core.cli.settings import configured
from scdyn_core.methods.registry import method_by_key
from scdyn_core.methods.sampling import check_sampling
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.owner import running_here
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.training.resampling.options import SAMPLING, SamplingOptions

if TYPE_CHECKING:
    from scdyn_core.data.dataset import Dataset


@dataclass(frozen=True)
class Asked:
    """What a command line asks to be trained.

    Attributes
    ----------
    options
        Training options that are not as the method has them; without ``None``.
    sampling
        How samples are drawn; ``None``: as the method has it.
    experiment
        The question of an experiment; empty: one training.
    """

    method: str
    file: str
    preset: str | None = None
    recipe: str | None = None
    roles: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    options: Mapping[str, Any] = field(default_factory=dict)
    sampling: SamplingOptions | None = None
    experiment: Mapping[str, Any] = field(default_factory=dict)


def new_run(asked: Asked, out: Path) -> tuple[Run, Dataset]:
    """Check what was asked for against the data, and make its folder.

    Raises
    ------
    ScdynError
        When the file, a role, the recipe or a setting does not fit.
    """
    method = method_by_key(asked.method)
    config = configured(method, asked.preset, asked.settings)
    with without_chatter():
        path = data_path(asked.file, SilentReporter())
        dataset = open_dataset(path, asked.roles)
    recipe = chosen_recipe(asked.recipe, dataset.roles)
    check_needs(method, dataset, recipe)
    changes = dict(asked.options)
    if asked.sampling is not None:
        changes["sampling"] = asked.sampling
    options = method.options.model_copy(update=changes)
    ways = [SAMPLING[arm] for arm in asked.experiment.get("arms", ())] or [options.sampling]
    for way in ways:
        check_sampling(method, way, assigned_after(dataset.roles, recipe), f"sampling {way.scheme}")
    spec = RunSpec(
        kind="experiment" if asked.experiment else "train",
        dataset=DatasetRef(
            path=path, name=dataset.name, fingerprint=dataset.fingerprint, roles=dataset.roles
        ),
        recipe=recipe,
        method=asked.method,
        preset=asked.preset or "scdyn",
        config=config.model_dump(mode="json"),
        options=options,
        experiment=dict(asked.experiment),
    )
    out = out.expanduser().resolve()
    return Run.create(out.parent, spec, name=out.name, state=running_here(time.time())), dataset
