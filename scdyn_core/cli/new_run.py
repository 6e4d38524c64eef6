"""A new run folder from the arguments of a command that trains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scdyn_core.cli.inputs import role_changes
from scdyn_core.cli.output import without_chatter
from scdyn_core.cli.settings import configured
from scdyn_core.data.opening import data_path, open_dataset
from scdyn_core.methods.registry import method_by_key
from scdyn_core.preprocess.choice import chosen_recipe
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.new_run import Request, new_run
from scdyn_core.runs.run import Run
from scdyn_core.training.resampling.options import SamplingOptions

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


def asked_run(asked: Asked, out: Path) -> tuple[Run, Dataset]:
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
        dataset = open_dataset(path, role_changes(asked.roles))
    changes = dict(asked.options)
    if asked.sampling is not None:
        changes["sampling"] = asked.sampling
    request = Request(
        kind="experiment" if asked.experiment else "train",
        path=path,
        dataset=dataset,
        recipe=chosen_recipe(asked.recipe, dataset.roles),
        method=asked.method,
        preset=asked.preset,
        config=config,
        options=method.options.model_copy(update=changes),
        experiment=asked.experiment,
    )
    return new_run(request, out), dataset
