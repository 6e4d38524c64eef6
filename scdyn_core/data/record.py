"""What is remembered of a stored dataset without opening it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from scdyn_core.data.columns import Column
from scdyn_core.data.findings import Report
from scdyn_core.data.roles import RoleGuess, Roles

#: The two files of a stored dataset.
DATA_FILE, RECORD_FILE = "data.h5ad", "dataset.json"


class DatasetRecord(BaseModel):
    """``dataset.json``: everything a page shows of a dataset, in plain JSON.

    Attributes
    ----------
    id
        The first digits of the fingerprint; names the folder.
    name
        For people; text from outside.
    source
        Name of the file it came from, without its folder.
    roles, guesses
        The assignment in force, and what was guessed with the reasons.
    obs
        The columns of ``obs`` with their kinds, levels and ranges.
    created
        Time of adding, ISO 8601 in UTC.
    size
        Bytes of the stored file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    source: str
    n_cells: int
    n_genes: int
    roles: Roles
    guesses: tuple[RoleGuess, ...]
    report: Report
    fingerprint: str
    obs: tuple[Column, ...]
    layers: tuple[str, ...]
    obsm: tuple[str, ...]
    created: str
    size: int
