"""All checks, in the order in which each can rely on those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scdyn_core.data.checks.annotations import check_annotations
from scdyn_core.data.checks.contents import check_counts, check_empty, check_size, fill_x
from scdyn_core.data.checks.frames import check_frames, check_levels
from scdyn_core.data.checks.matrices import check_matrices, check_values
from scdyn_core.data.checks.names import check_names, key_names
from scdyn_core.data.findings import Finding, Report
from scdyn_core.data.rejected import RejectedData

if TYPE_CHECKING:
    from anndata import AnnData

_ORDER = {"error": 0, "warning": 1, "info": 2}


def check(adata: AnnData, place: str, found: list[Finding]) -> Report:
    """Bring ``adata`` to its plain form, in place, and report everything noticed.

    Parameters
    ----------
    adata
        As a reader made it.
    place
        The name of the file, for messages.
    found
        What the reader noticed already.

    Raises
    ------
    InputError
        When the data cannot be used at all; ``RejectedData`` with the whole report when it
        has findings of level ``error``.
    """
    findings = list(found)
    check_size(adata, place)
    layers = key_names(list(adata.layers), "layers", findings)
    for old, new in zip(list(adata.layers), layers, strict=True):
        if old != new:
            adata.layers[new] = adata.layers.pop(old)
    findings += check_matrices(adata)
    findings += fill_x(adata, place)
    findings += check_names(adata)
    findings += check_frames(adata)
    findings += check_annotations(adata)
    findings += check_values(adata)
    report = _worst_first(findings)
    if report.of_level("error"):
        raise RejectedData(place, report)
    findings += check_counts(adata)
    findings += check_empty(adata)
    findings += check_levels(adata)
    return _worst_first(findings)


def _worst_first(findings: list[Finding]) -> Report:
    return Report(findings=tuple(sorted(findings, key=lambda finding: _ORDER[finding.level])))
