"""Opening of a file that somebody named: a path, or the key of a sample."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scdyn_core.data.assignment import check_roles
from scdyn_core.data.budget import memory_budget
from scdyn_core.data.columns import describe
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.data.samples import SAMPLES, fetch, sample
from scdyn_core.data.trial import try_reading
from scdyn_core.reporter import Reporter
from scdyn_core.workspace import Workspace


def data_path(file: str, reporter: Reporter) -> Path:
    """Return the path that is meant; samples are fetched when they are not there."""
    path = Path(file).expanduser()
    if not path.exists() and file in {entry.key for entry in SAMPLES}:
        return fetch(sample(file), Workspace.default().cache, reporter).resolve()
    return path.resolve()


def open_dataset(path: Path, roles: Mapping[str, str | None]) -> Dataset:
    """Load a file with the guessed roles and the changes the user asked for.

    A file that makes the HDF5 library crash or hang does so in a trial first.

    Parameters
    ----------
    path
        A file or folder from outside.
    roles
        Roles that are not as guessed, by name; ``None``: nothing plays it.

    Raises
    ------
    InputError
        When the file cannot be read.
    ConfigError
        When a role does not exist or does not fit.
    """
    budget = memory_budget()
    try_reading(path, budget)
    dataset = load(path, budget_bytes=budget)
    changed = dataset.roles.replace(roles)
    check_roles(changed, describe(dataset.adata.obs), list(dataset.adata.layers))
    return dataset.with_roles(changed)
