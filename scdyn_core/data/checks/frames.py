"""Columns of ``obs`` and ``var``: numbers, booleans, categories or plain text, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.api import types

from scdyn_core.data.checks.names import key_names
from scdyn_core.data.findings import Finding
from scdyn_core.data.text import clean_text, listed

if TYPE_CHECKING:
    from anndata import AnnData

#: Text with more distinct values than this share of the rows stays text.
_LARGEST_SHARE_OF_LEVELS = 0.5


def check_frames(adata: AnnData) -> list[Finding]:
    """Bring every column to a plain type, with clean names and levels."""
    findings: list[Finding] = []
    adata.obs = _plain_frame(adata.obs, "obs", findings)
    adata.var = _plain_frame(adata.var, "var", findings)
    return findings


def check_levels(adata: AnnData) -> list[Finding]:
    """Report categories with a single cell, and columns where values are missing."""
    findings: list[Finding] = []
    for name in adata.obs.columns:
        column = adata.obs[name]
        slot = f"obs[{name!r}]"
        if missing := int(column.isna().sum()):
            findings.append(
                Finding(
                    level="warning",
                    slot=slot,
                    found=f"{missing} cells have no value",
                    fix="These cells are left out where the column plays a role.",
                )
            )
        if not isinstance(column.dtype, pd.CategoricalDtype):
            continue
        counts = column.value_counts()
        single = [str(level) for level in counts.index[counts == 1]]
        # A column in which most levels are single names cells rather than groups.
        if single and len(single) <= 0.5 * len(counts):
            findings.append(
                Finding(
                    level="warning",
                    slot=slot,
                    found=f"{len(single)} categories have one cell only ({listed(single)})",
                    fix="Merge or remove them: one cell cannot be in train and test.",
                )
            )
    return findings


def _plain_frame(frame: pd.DataFrame, slot: str, findings: list[Finding]) -> pd.DataFrame:
    names = key_names([str(name) for name in frame.columns], f"{slot}.columns", findings)
    columns = {
        name: plain_column(frame.iloc[:, i], f"{slot}[{name!r}]", findings)
        for i, name in enumerate(names)
    }
    plain = pd.DataFrame(columns, index=frame.index)
    plain.index.name = None
    return plain


def plain_column(column: pd.Series, slot: str, findings: list[Finding]) -> pd.Series:
    """Return a column as bool, number, category of clean text, or clean text."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _plain_category(column, slot, findings)
    if types.is_bool_dtype(column.dtype) and not column.isna().any():
        return column.astype(bool)
    if types.is_complex_dtype(column.dtype):
        findings.append(Finding(level="info", slot=slot, found="complex numbers; read as text"))
    elif types.is_numeric_dtype(column.dtype) and not types.is_bool_dtype(column.dtype):
        if types.is_extension_array_dtype(column.dtype):
            return column.astype("float64")
        # HDF5 knows half precision, but little else does.
        return column.astype("float32") if column.dtype == np.float16 else column
    return _from_text(column)


def _plain_category(column: pd.Series, slot: str, findings: list[Finding]) -> pd.Series:
    levels = column.cat.categories
    used = set(column.cat.codes.unique()) - {-1}
    if len(used) < len(levels):
        unused = f"{len(levels) - len(used)} categories without a cell; removed"
        findings.append(Finding(level="info", slot=slot, found=unused))
        column = column.cat.remove_unused_categories()
        levels = column.cat.categories
    clean = [clean_text(level) for level in levels]
    if len(set(clean)) < len(clean):
        merged = "categories that differ only in spaces or control characters; merged"
        findings.append(Finding(level="warning", slot=slot, found=merged))
        text = column.map(dict(zip(levels, clean, strict=True)))
        return text.astype(object).astype("category")
    return (
        column.cat.rename_categories(clean).cat.as_ordered()
        if column.cat.ordered
        else (column.cat.rename_categories(clean))
    )


def _from_text(column: pd.Series) -> pd.Series:
    missing = column.isna()
    text = column.astype(object).where(missing, column.map(clean_text, na_action="ignore"))
    n_levels = text.nunique()
    if n_levels > max(2, _LARGEST_SHARE_OF_LEVELS * len(text)):
        return text.where(~missing, "")
    return text.where(~missing, None).astype("category")
