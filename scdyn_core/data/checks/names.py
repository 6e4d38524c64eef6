"""Names of cells, genes, columns and layers: text, clean, and each once."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.data.findings import Finding
from scdyn_core.data.text import clean_text, listed

if TYPE_CHECKING:
    from anndata import AnnData

_MISSING = {"", "nan", "None", "NaN", "<NA>"}


def check_names(adata: AnnData) -> list[Finding]:
    """Clean the names of cells and genes and make them unique; say what was changed."""
    findings: list[Finding] = []
    adata.obs_names = unique_names(adata.obs_names, "cell", "obs_names", findings)
    adata.var_names = unique_names(adata.var_names, "gene", "var_names", findings)
    return findings


def unique_names(given: pd.Index, kind: str, slot: str, findings: list[Finding]) -> pd.Index:
    """Return clean, unique names; a repeated name gets ``-1``, ``-2`` …, an empty one a number."""
    names = [clean_text(name) for name in given]
    empty = [i for i, name in enumerate(names) if name in _MISSING]
    for i in empty:
        names[i] = f"unnamed_{kind}_{i}"
    altered = [str(old) for old, new in zip(given, names, strict=True) if str(old) != new]
    if empty:
        findings.append(
            Finding(
                level="warning",
                slot=slot,
                found=f"{len(empty)} {kind}s have no name; numbered as {names[empty[0]]!r}",
                fix=f"Give every {kind} a name.",
            )
        )
    if len(altered) > len(empty):
        findings.append(
            Finding(
                level="warning",
                slot=slot,
                found=f"{len(altered) - len(empty)} names had control characters, spaces at the "
                "ends or were too long; cleaned",
                fix="Use plain text of at most 200 characters.",
            )
        )
    repeated = [name for name, n in Counter(names).items() if n > 1]
    if not repeated:
        return pd.Index(names, dtype=object)
    findings.append(
        Finding(
            level="warning",
            slot=slot,
            found=f"{len(repeated)} {kind} names occur more than once ({listed(repeated)}); "
            "the later ones were numbered",
            fix=f"Merge or rename these {kind}s if they are the same."
            if kind == "gene"
            else "Check that no cell is in the data twice.",
        )
    )
    return _numbered(names)


def key_names(given: list[str], slot: str, findings: list[Finding]) -> list[str]:
    """Return names usable as keys of columns and layers: no slash, not reserved, each once."""
    names = []
    for i, name in enumerate(given):
        plain = clean_text(name).replace("/", "_") or f"unnamed_{i}"
        names.append("index_" if plain in ("_index", "index") else plain)
    names = list(_numbered(names)) if len(set(names)) < len(names) else names
    altered = [str(old) for old, new in zip(given, names, strict=True) if str(old) != new]
    if altered:
        found = f"renamed to plain, unique names: {listed(altered)}"
        findings.append(Finding(level="info", slot=slot, found=found))
    return names


def _numbered(names: list[str]) -> pd.Index:
    from anndata.utils import make_index_unique

    with warnings.catch_warnings():
        # It warns where "A-1" is already taken, and then takes the next number, as we want.
        warnings.simplefilter("ignore", UserWarning)
        unique: pd.Index = make_index_unique(pd.Index(names, dtype=object))
    return unique
