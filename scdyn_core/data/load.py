"""The only way in: a file or folder of any format becomes a checked Dataset."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from scdyn_core.data.budget import memory_budget
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.findings import Finding
from scdyn_core.data.roles import Roles
from scdyn_core.data.sniff import FORMATS, kind_of_unpacked, sniff
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData


def load(
    path: Path,
    *,
    name: str | None = None,
    roles: Roles | None = None,
    budget_bytes: int | None = None,
) -> Dataset:
    """Open a file from outside.

    The format is told from the contents. HDF5 files pass a preflight before anything in them
    is read. Everything noticed is in ``Dataset.report``.

    Parameters
    ----------
    path
        ``.h5ad``, 10x ``.h5``, ``.loom``, CSV or TSV (gzipped or not), a matrix-market folder,
        one of its ``.mtx`` files, or a zip or tar of such a folder.
    name
        A short name for people; by default the file's own.
    roles
        Instead of the guessed ones.
    budget_bytes
        Memory the contents may take; by default :func:`memory_budget`.

    Raises
    ------
    InputError
        When the file cannot be read or must not be trusted.
    ConfigError
        When ``roles`` do not fit.
    """
    from scdyn_core.data.assignment import check_roles
    from scdyn_core.data.checks.run import check
    from scdyn_core.data.columns import describe
    from scdyn_core.data.fingerprint import fingerprint
    from scdyn_core.data.guess import as_roles, guess_roles
    from scdyn_core.data.times import add_numeric_times

    path = Path(path)
    budget = memory_budget() if budget_bytes is None else budget_bytes
    with warnings.catch_warnings():
        # The checks make them unique, and say so in the report.
        warnings.filterwarnings("ignore", ".* names are not unique", UserWarning)
        adata, findings = _read(path, budget)
        report = check(adata, clean_text(path.name), findings)
    times = add_numeric_times(adata)
    report = report.model_copy(update={"findings": (*report.findings, *times)})
    if roles is None:
        roles = as_roles(guess_roles(adata))
    else:
        check_roles(roles, describe(adata.obs), list(adata.layers))
    return Dataset(
        adata=adata,
        roles=roles,
        name=clean_text(name or _plain_name(path)) or "dataset",
        fingerprint=fingerprint(adata),
        report=report,
    )


def _read(path: Path, budget: int) -> tuple[AnnData, list[Finding]]:
    from scdyn_core.data.readers.matrix_market import read_matrix_market
    from scdyn_core.data.readers.table import read_table
    from scdyn_core.data.unpack import unpack_archive

    kind = sniff(path)
    if kind == "gzip":
        kind = kind_of_unpacked(path)
    if kind == "hdf5":
        return _read_hdf5(path, budget)
    if kind == "folder":
        return read_matrix_market(path, budget)
    if kind == "matrix market":
        return read_matrix_market(path.parent, budget, matrix=path)
    if kind in ("zip", "tar"):
        with tempfile.TemporaryDirectory(prefix="scdyn-") as folder:
            unpack_archive(path, Path(folder), budget)
            return read_matrix_market(Path(folder), budget)
    return read_table(path, budget)


def _read_hdf5(path: Path, budget: int) -> tuple[AnnData, list[Finding]]:
    import h5py

    from scdyn_core.data.preflight import preflight
    from scdyn_core.data.readers.h5ad import read_h5ad
    from scdyn_core.data.readers.loom import read_loom
    from scdyn_core.data.readers.paul15 import FIELDS, read_paul15
    from scdyn_core.data.readers.tenx import matrix_groups, read_10x

    preflight(path, budget)
    with h5py.File(path, "r") as file:
        slots = set(file)
        tenx = bool(matrix_groups(file))
    if {"obs", "var"} <= slots:
        return read_h5ad(path)
    if {"matrix", "row_attrs", "col_attrs"} <= slots:
        return read_loom(path)
    if tenx:
        return read_10x(path)
    if set(FIELDS) <= slots:
        return read_paul15(path)
    raise InputError(
        clean_text(path.name),
        found="an HDF5 file that is neither AnnData, 10x nor loom",
        needed=FORMATS,
        fix="Export the data with anndata, Cell Ranger or loompy.",
    )


def _plain_name(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    stem = Path(name).stem
    return stem or name
