"""What an atlas holds, and where atlases lie."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from scdyn_core.data.columns import Column
from scdyn_core.data.roles import Roles
from scdyn_core.workspace import Workspace

#: Raised by one whenever what is written changes.
ATLAS_VERSION = 1
META_FILE, NAMES_FILE, ROWS_FILE = "atlas.json", "names.arrow", "rows.npy"
#: Columns of text with more different values than this are names, not groups.
MOST_LEVELS = 4096

Scale = Literal["log", "other"]


class AtlasMeta(BaseModel):
    """``atlas.json``: everything about an atlas but its numbers.

    Attributes
    ----------
    key
        What it was made of: see :func:`atlas_key`.
    genes
        Names in the order of the data.
    scale
        ``log``: values are logarithms of normalised expression; ``other``: they may be negative
        or unlogged, and fold changes mean nothing.
    has_counts
        Whether raw counts can be read as well.
    columns
        The columns of ``obs`` that can be read, each with all its levels.
    embeddings
        Name in ``obsm`` -> number of dimensions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = ATLAS_VERSION
    key: str
    n_cells: int
    genes: tuple[str, ...]
    scale: Scale
    has_counts: bool
    columns: tuple[Column, ...]
    embeddings: dict[str, int]


def atlas_key(fingerprint: str, roles: Roles) -> str:
    """Return the name of the atlas of some data: of their contents and of where counts are."""
    parts = (str(ATLAS_VERSION), fingerprint, roles.counts or "", roles.spliced or "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def atlas_root(workspace: Workspace) -> Path:
    """Return the folder of all atlases; safe to delete."""
    return workspace.cache / "atlas"


def atlas_folder(workspace: Workspace, key: str) -> Path:
    """Return where an atlas lies or will lie; the folder appears whole."""
    return atlas_root(workspace) / key
