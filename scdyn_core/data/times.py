"""Sampling times written as text: ``6h``, ``day 3``, ``D7``, ``E15.5``, ``30 min``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.data.findings import Finding
from scdyn_core.data.readers.table_layout import tokens

if TYPE_CHECKING:
    from anndata import AnnData

TIME_WORDS = frozenset({
    "time", "times", "timepoint", "timepoints", "hour", "hours", "hr", "hrs", "h", "day",
    "days", "d", "stage", "week", "weeks", "minute", "minutes", "min", "hpf", "age",
})  # fmt: skip
_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_UNITS = r"(?:hours?|hrs?|hpf|h|days?|d|weeks?|wks?|w|minutes?|mins?|m|seconds?|s)"
_BEFORE = re.compile(rf"^(?:time[ _-]?|t|day[ _-]?|d|e|p|hour[ _-]?|h)[ _-]?{_NUMBER}$", re.I)
_AFTER = re.compile(rf"^{_NUMBER}[ _-]?({_UNITS})?$", re.I)


def parse_times(levels: list[str]) -> list[float] | None:
    """Return the time of every level, ``None`` unless all are times in the same unit."""
    found: list[float] = []
    forms: set[str] = set()
    for level in levels:
        after, before = _AFTER.match(level.strip()), _BEFORE.match(level.strip())
        if after:
            found.append(float(after[1]))
            forms.add((after[2] or "").lower()[:1])
        elif before:
            found.append(float(before[1]))
            forms.add(level.strip()[0].lower())
        else:
            return None
    # "0" beside "6h" has no unit and needs none.
    return found if len(forms - {""}) <= 1 and len(set(found)) > 1 else None


def add_numeric_times(adata: AnnData) -> list[Finding]:
    """Add ``<column>_numeric`` beside every text column of times."""
    findings: list[Finding] = []
    for name in list(adata.obs.columns):
        column = adata.obs[name]
        if not isinstance(column.dtype, pd.CategoricalDtype):
            continue
        target = f"{name}_numeric"
        levels = [str(level) for level in column.cat.categories]
        times = parse_times(levels) if TIME_WORDS & set(tokens(str(name))) else None
        if times is None or target in adata.obs:
            continue
        values = column.astype(object).map(dict(zip(levels, times, strict=True)))
        adata.obs[target] = values.astype("float64")
        findings.append(
            Finding(
                level="info",
                slot=f"obs[{name!r}]",
                found=f"times as text; obs[{target!r}] holds them as numbers",
            )
        )
    return findings
