"""Embeddings, graphs and ``uns``: kept where they are plain, left out where they are not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.sparse import issparse

from scdyn_core.data.checks.matrices import check_sparse
from scdyn_core.data.checks.names import key_names
from scdyn_core.data.findings import Finding
from scdyn_core.data.text import clean_text, listed
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData

_LARGEST_ARRAY = 1_000_000
_DEEPEST = 4


def check_annotations(adata: AnnData) -> list[Finding]:
    """Keep numeric embeddings, valid graphs and plain ``uns`` entries; report the rest."""
    findings: list[Finding] = []
    left_out: list[str] = []
    for slot in ("obsm", "varm", "obsp", "varp"):
        mapping = getattr(adata, slot)
        plain = {key: _plain_matrix(mapping[key]) for key in list(mapping)}
        left_out += [
            f"{slot}[{clean_text(key)!r}]" for key, value in plain.items() if value is None
        ]
        kept = {key: value for key, value in plain.items() if value is not None}
        names = key_names([str(key) for key in kept], slot, findings)
        setattr(adata, slot, dict(zip(names, kept.values(), strict=True)))
    entries = {str(key): _plain_entry(value) for key, value in adata.uns.items()}
    left_out += [f"uns[{clean_text(key)!r}]" for key, value in entries.items() if value is None]
    names = key_names(list(entries), "uns", findings)
    adata.uns = {
        name: value
        for name, value in zip(names, entries.values(), strict=True)
        if value is not None
    }
    adata.raw = None
    if left_out:
        found = f"not plain numbers or text, left out: {listed(left_out)}"
        findings.append(Finding(level="info", slot="uns, obsm, obsp", found=found))
    return findings


def _plain_matrix(value: Any) -> Any:
    if issparse(value):
        try:
            check_sparse(value, "")
        except InputError:
            return None
        return value.tocsr() if value.dtype.kind in "biuf" else None
    if isinstance(value, pd.DataFrame):
        value = value.to_numpy()
    usable = isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.ndim == 2
    return value if usable else None


def _plain_entry(value: Any, depth: int = 0) -> Any:
    """Return a value built of plain text, numbers, small arrays and dicts of them, or ``None``."""
    if isinstance(value, dict):
        if depth >= _DEEPEST:
            return None
        plain = {
            clean_text(key).replace("/", "_"): _plain_entry(entry, depth + 1)
            for key, entry in value.items()
        }
        return {key: entry for key, entry in plain.items() if key and entry is not None}
    if isinstance(value, str | bytes):
        return clean_text(value)
    if isinstance(value, bool | int | float | np.bool_ | np.integer | np.floating):
        return None if isinstance(value, float) and math.isnan(value) else value
    if isinstance(value, np.ndarray) and value.size <= _LARGEST_ARRAY:
        if value.dtype.kind in "biuf":
            return value
        if value.dtype.kind in "OUS":
            return np.array([clean_text(v) for v in value.reshape(-1)], dtype=object)
    return None
