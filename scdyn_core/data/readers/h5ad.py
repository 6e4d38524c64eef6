"""AnnData files, of every version since 0.6."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import pandas as pd

from scdyn_core.data.findings import Finding
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData

_SLOTS = ("X", "obs", "var", "layers", "obsm", "obsp", "varm", "varp", "uns")


def read_h5ad(path: Path) -> tuple[AnnData, list[Finding]]:
    """Read an AnnData file that has passed the preflight.

    What cannot be read in ``uns`` and ``raw`` is left out and reported; elsewhere it is an
    error that names the slot.
    """
    from anndata import AnnData

    findings: list[Finding] = []
    with h5py.File(path, "r") as file, warnings.catch_warnings():
        # Old versions and repeated names are reported by our own checks.
        warnings.simplefilter("ignore")
        parts: dict[str, Any] = {}
        for slot in _SLOTS:
            if slot in file:
                parts[slot] = _read_slot(file, slot, path, findings)
        _restore_old_categories(parts)
        try:
            adata = AnnData(**parts)
        except Exception as error:  # anndata raises many kinds for parts that do not fit
            raise InputError(
                clean_text(path.name),
                found=f"parts that do not fit together ({clean_text(error)})",
                needed="obs, var, X and layers of matching lengths",
                fix="Open the file with anndata where it was made, and save it again.",
            ) from error
        findings += _counts_from_raw(file, adata)
    return adata, findings


def _read_slot(file: h5py.File, slot: str, path: Path, findings: list[Finding]) -> Any:
    element = file[slot]
    if slot == "uns" and isinstance(element, h5py.Group):
        return _read_uns(element, findings)
    value = _read(element, path, slot)
    if slot in ("obs", "var") and isinstance(element, h5py.Dataset):
        # Before anndata 0.7 these were structured arrays with the names as first field.
        frame = pd.DataFrame(value)
        return frame.set_index(frame.columns[0])
    return value


def _read(element: h5py.Group | h5py.Dataset, path: Path, slot: str) -> Any:
    from anndata.io import read_elem

    try:
        return read_elem(element)
    except Exception as error:  # whatever a malformed element makes the reader raise
        reason = clean_text(getattr(error, "__cause__", None) or error)
        raise InputError(
            f"{clean_text(path.name)}:{slot}",
            found=f"an element that cannot be read ({reason})",
            needed="an element as anndata writes it",
            fix=f"Open the file with anndata where it was made, repair {slot}, and save again.",
        ) from error


def _read_uns(group: h5py.Group, findings: list[Finding]) -> dict[str, Any]:
    from anndata.io import read_elem

    kept: dict[str, Any] = {}
    for key in group:
        try:
            kept[key] = read_elem(group[key])
        except Exception:  # unstructured: one unreadable entry must not cost the file
            findings.append(
                Finding(
                    level="info",
                    slot=f"uns[{clean_text(key)!r}]",
                    found="cannot be read; left out",
                )
            )
    return kept


def _restore_old_categories(parts: dict[str, Any]) -> None:
    """Give columns of files before anndata 0.7 their categories, which lay in ``uns``."""
    uns = parts.get("uns") or {}
    for slot in ("obs", "var"):
        frame = parts.get(slot)
        if not isinstance(frame, pd.DataFrame):
            continue
        for column in frame.columns:
            categories = uns.pop(f"{column}_categories", None)
            if categories is None or frame[column].dtype.kind not in "iu":
                continue
            names = dict(enumerate(clean_text(name) for name in categories))
            levels = list(dict.fromkeys(names.values()))
            frame[column] = pd.Categorical(frame[column].map(names), categories=levels)


def _counts_from_raw(file: h5py.File, adata: AnnData) -> list[Finding]:
    """Keep the counts that Seurat and CELLxGENE files put in ``raw``, for the genes of ``X``."""
    from anndata.io import read_elem

    from scdyn_core.data.checks.values import are_counts

    if "raw/X" not in file or "raw/var" not in file or "counts" in adata.layers:
        return []
    try:
        matrix, var = read_elem(file["raw/X"]), read_elem(file["raw/var"])
        positions = pd.Index(var.index).get_indexer(adata.var_names)
        usable = matrix.shape == (adata.n_obs, len(var)) and (positions >= 0).all()
        if usable:
            from scdyn_core.data.checks.matrices import check_sparse

            check_sparse(matrix, "raw.X")
            matrix = matrix[:, positions]
    except Exception:  # raw is a bonus: whatever is wrong with it, the file can do without
        usable = False
    if usable and are_counts(matrix):
        adata.layers["counts"] = matrix
        return [
            Finding(
                level="info",
                slot="raw",
                found="holds counts; kept as layers['counts'], rest left out",
            )
        ]
    return [
        Finding(
            level="info", slot="raw", found="left out: no counts for the same cells and genes in it"
        )
    ]
