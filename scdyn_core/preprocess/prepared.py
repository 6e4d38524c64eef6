"""Prepared data with what every step did, and its folder on disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.preprocess.step import StepRecord

DATA_FILE = "data.h5ad"
RECORDS_FILE = "records.json"


@dataclass(frozen=True)
class Prepared:
    """The result of a recipe.

    Attributes
    ----------
    dataset
        The data with the roles it now has; the fingerprint is the key of the result.
    recipe
        What was done.
    records
        What every step did, in order.
    """

    dataset: Dataset
    recipe: Recipe
    records: tuple[StepRecord, ...]


class Records(BaseModel):
    """The contents of ``records.json``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    fingerprint: str
    roles: Roles
    recipe: Recipe
    records: tuple[StepRecord, ...]


def write_prepared(prepared: Prepared, folder: Path) -> None:
    """Write ``data.h5ad`` and then ``records.json`` into ``folder``, flushed to the disk."""
    folder.mkdir(parents=True)
    dataset = prepared.dataset
    data, records = folder / DATA_FILE, folder / RECORDS_FILE
    dataset.adata.write_h5ad(data, compression="lzf")
    content = Records(
        name=dataset.name,
        fingerprint=dataset.fingerprint,
        roles=dataset.roles,
        recipe=prepared.recipe,
        records=prepared.records,
    )
    records.write_text(content.model_dump_json(indent=2), encoding="utf-8")
    for path in (data, records):
        with path.open("rb") as file:
            os.fsync(file.fileno())


def read_prepared(folder: Path, original: Dataset) -> Prepared:
    """Read what ``write_prepared`` wrote; name and report are those of ``original``.

    Raises
    ------
    OSError, ValueError, KeyError
        When the folder is not complete.
    """
    import anndata

    content = Records.model_validate_json((folder / RECORDS_FILE).read_text(encoding="utf-8"))
    dataset = Dataset(
        anndata.read_h5ad(folder / DATA_FILE),
        content.roles,
        original.name,
        fingerprint=content.fingerprint,
        report=original.report,
    )
    return Prepared(dataset, content.recipe, content.records)
