"""Preparing a dataset: a recipe applied once, and its result kept on disk by hash."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from scdyn_core.data.dataset import Dataset
from scdyn_core.preprocess.apply import apply_recipe
from scdyn_core.preprocess.prepared import Prepared, read_prepared, write_prepared
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.reporter import Reporter, SilentReporter, raise_if_cancelled

#: Raised by one whenever a step gives another result for the same parameters.
STEPS_VERSION = 1
#: Packages whose version can change what the steps give.
_PACKAGES = ("anndata", "scanpy", "scvelo", "umap-learn", "numpy")
#: Seconds between looks at the user's wish to stop while another process prepares the same.
_POLL_SECONDS = 0.5


def prepared_key(dataset: Dataset, recipe: Recipe) -> str:
    """Return the hexadecimal digest of everything the prepared data depends on."""
    content = {
        "fingerprint": dataset.fingerprint,
        "roles": dataset.roles.model_dump(),
        "recipe": recipe.digest(),
        "steps": STEPS_VERSION,
        "packages": {name: version(name) for name in _PACKAGES},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def prepare(
    dataset: Dataset, recipe: Recipe, cache: Path | None, reporter: Reporter | None = None
) -> Prepared:
    """Apply ``recipe`` to ``dataset``, or read the result of having done so before.

    Parameters
    ----------
    dataset
        Stays untouched.
    recipe
        What is done.
    cache
        The workspace's cache folder; ``None`` keeps nothing.
    reporter
        Hears about every step, and is asked between steps whether to stop.

    Raises
    ------
    ConfigError
        When a step misses a role or the result of another step.
    Cancelled
        When the user asked to stop.
    """
    reporter = reporter or SilentReporter()
    recipe.check(dataset.roles)
    key = prepared_key(dataset, recipe)
    if cache is None:
        return _apply(dataset, recipe, key, reporter)
    folder = cache / "prepared" / key
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = _locked(folder.with_suffix(".lock"), reporter)
    try:
        stored = _read(folder, dataset, reporter)
        if stored is not None:
            reporter.progress("prepare", 1, 1, "already prepared")
            return stored
        _store(_apply(dataset, recipe, key, reporter), folder)
        # Read back what was just made, so that first and later uses are equal to the bit.
        return read_prepared(folder, dataset)
    finally:
        lock.release()


def _apply(dataset: Dataset, recipe: Recipe, key: str, reporter: Reporter) -> Prepared:
    adata, roles, records = apply_recipe(dataset.adata, dataset.roles, recipe, reporter)
    return Prepared(
        Dataset(adata, roles, dataset.name, fingerprint=key, report=dataset.report), recipe, records
    )


def _locked(path: Path, reporter: Reporter) -> FileLock:
    """Take the lock of one result; it is freed by the system when its holder dies."""
    lock = FileLock(path)
    while True:
        try:
            lock.acquire(timeout=_POLL_SECONDS)
        except Timeout:
            raise_if_cancelled(reporter)
            reporter.progress("prepare", 0, 1, "waiting for another run that prepares the same")
        else:
            return lock


def _read(folder: Path, dataset: Dataset, reporter: Reporter) -> Prepared | None:
    """Return the stored result; a damaged one is removed."""
    if not folder.exists():
        return None
    try:
        return read_prepared(folder, dataset)
    except (OSError, ValueError, KeyError) as error:
        reporter.log(f"The prepared data in the cache is damaged and is made again: {error}")
        shutil.rmtree(folder)
        return None


def _store(prepared: Prepared, folder: Path) -> None:
    """Write beside ``folder`` and rename, so that a kill at any moment leaves all or nothing."""
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    write_prepared(prepared, partial)
    partial.rename(folder)
    descriptor = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
