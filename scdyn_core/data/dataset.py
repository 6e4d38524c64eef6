"""The Dataset: checked AnnData and the roles its parts play."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scdyn_core.data.findings import Report
from scdyn_core.data.roles import Roles

if TYPE_CHECKING:
    from anndata import AnnData


@dataclass(frozen=True)
class Dataset:
    """An AnnData that passed every check, with its roles. Read-only by convention.

    Attributes
    ----------
    adata
        Cells × genes. ``X`` is never ``None``; counts layers are never modified.
    roles
        Which column or layer plays which part.
    name
        A short name for people.
    fingerprint
        Hexadecimal digest of the contents (not of the roles).
    report
        What checking found.
    """

    adata: AnnData
    roles: Roles
    name: str
    fingerprint: str
    report: Report = field(default_factory=Report)

    def with_roles(self, roles: Roles) -> Dataset:
        """Return the same data with other roles."""
        return replace(self, roles=roles)
