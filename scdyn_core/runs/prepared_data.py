"""The data of a run: loaded, unchanged since the run was made, and prepared."""

from __future__ import annotations

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.errors import RunError
from scdyn_core.preprocess.prepare import prepare
from scdyn_core.preprocess.prepared import Prepared
from scdyn_core.reporter import Reporter
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.workspace import Workspace


def dataset_of(spec: RunSpec, reporter: Reporter) -> Dataset:
    """Load the dataset of a run.

    Raises
    ------
    RunError
        When the data are not the ones the run was made for.
    """
    reporter.progress("loading data", 0, 1, spec.dataset.name)
    dataset = _load_unchanged(spec.dataset)
    reporter.progress("loading data", 1, 1, spec.dataset.name)
    return dataset


def prepared_of(spec: RunSpec, dataset: Dataset, reporter: Reporter) -> Prepared:
    """Apply the recipe of a run to its dataset, or read the result from the cache."""
    return prepare(dataset, spec.recipe, Workspace.default().cache, reporter)


def _load_unchanged(reference: DatasetRef) -> Dataset:
    if not reference.path.exists():
        raise RunError(
            f"dataset {reference.name}",
            found="data that are not on this computer",
            needed=f"the data with fingerprint {reference.fingerprint[:12]}",
            fix="Put the file back. If the run was imported, add the file on the Data page: the "
            "run finds it by its fingerprint.",
        )
    dataset = load(reference.path, name=reference.name, roles=reference.roles)
    if dataset.fingerprint != reference.fingerprint:
        raise RunError(
            f"dataset {reference.name}",
            found="contents that changed since the run was made",
            needed=f"the data with fingerprint {reference.fingerprint[:12]}",
            fix="Put the original file back, or start a new run on the changed data.",
        )
    return dataset
