"""Matrix-market folders: matrix, barcodes and features, as Cell Ranger and STARsolo write them."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scdyn_core.data.budget import in_words
from scdyn_core.data.findings import Finding
from scdyn_core.data.readers.tenx import expression_only
from scdyn_core.data.text import clean_text, listed, shown
from scdyn_core.data.unpack import gunzip
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData
    from scipy.sparse import csr_matrix

_CELLS = ("barcodes", "cells")
_GENES = ("features", "genes")
_ENDINGS = (".tsv", ".txt", ".csv", ".tsv.gz", ".txt.gz", ".csv.gz")
#: A value and its column, and once more while the matrix is turned.
_BYTES_PER_ENTRY = 32


def read_matrix_market(
    folder: Path, budget: int, *, matrix: Path | None = None
) -> tuple[AnnData, list[Finding]]:
    """Read a folder with one matrix, or with ``spliced`` and ``unspliced``, and its names.

    Parameters
    ----------
    folder
        Holds ``*.mtx``, ``*barcodes.tsv`` and ``*features.tsv`` or ``*genes.tsv``; each may
        be gzipped.
    budget
        Bytes the matrices may take.
    matrix
        The one matrix to read, when the user chose it among several.

    Raises
    ------
    InputError
        When a file is missing, damaged, too large, or when lengths do not fit.
    """
    from anndata import AnnData

    files = sorted(_regular_files(folder))
    matrices = [matrix] if matrix else [f for f in files if f.name.endswith((".mtx", ".mtx.gz"))]
    names = _layer_names(folder, matrices)
    prefix = _prefix(matrices[0]) if len(matrices) == 1 else ""
    with tempfile.TemporaryDirectory(prefix="scdyn-") as scratch:
        plain = _Plain(Path(scratch), budget)
        cells = _table(plain.of(_companion(folder, files, _CELLS, prefix)), "barcodes")
        genes = _table(plain.of(_companion(folder, files, _GENES, prefix)), "features")
        var = _var(genes)
        shape = (len(cells), len(var))
        layers = {
            name: _matrix(plain.of(file), shape, budget // len(matrices))
            for name, file in zip(names, matrices, strict=True)
        }
    obs = pd.DataFrame(index=pd.Index([clean_text(name) for name in cells[0]]))
    adata = AnnData(X=layers.pop("X", None), obs=obs, var=var, layers=layers)
    return expression_only(adata)


class _Plain:
    """Gives the unpacked version of each file, within one budget for all."""

    def __init__(self, scratch: Path, budget: int) -> None:
        self._scratch = scratch
        self._budget = budget

    def of(self, file: Path) -> Path:
        with file.open("rb") as head:
            packed = head.read(2) == b"\x1f\x8b"
        if not packed:
            return file
        target = self._scratch / f"{len(list(self._scratch.iterdir()))}"
        gunzip(file, target, self._budget)
        self._budget -= target.stat().st_size
        return target


def _regular_files(folder: Path) -> list[Path]:
    return [f for f in folder.iterdir() if stat.S_ISREG(f.lstat().st_mode)]


def _prefix(matrix: Path) -> str:
    name = matrix.name.removesuffix(".gz").removesuffix(".mtx")
    return name.removesuffix("matrix")


def _layer_names(folder: Path, matrices: list[Path]) -> list[str]:
    if len(matrices) == 1:
        return ["X"]
    names = [matrix.name.removesuffix(".gz").removesuffix(".mtx") for matrix in matrices]
    if {"spliced", "unspliced"} <= set(names):
        return names
    raise InputError(
        clean_text(folder.name),
        found=f"{len(matrices)} matrices ({listed(names)})" if matrices else "no .mtx file",
        needed="one .mtx file, or spliced.mtx with unspliced.mtx",
        fix="Put matrix.mtx, barcodes.tsv and features.tsv in one folder.",
    )


def _companion(folder: Path, files: list[Path], stems: tuple[str, ...], prefix: str) -> Path:
    for start in dict.fromkeys((prefix, "")):
        wanted = {start + stem + ending for stem in stems for ending in _ENDINGS}
        found = [file for file in files if file.name in wanted]
        if found:
            return found[0]
    ending = [f for f in files for s in stems for e in _ENDINGS if f.name.endswith(s + e)]
    if len(ending) == 1:
        return ending[0]
    raise InputError(
        clean_text(folder.name),
        found=f"no {stems[0]}.tsv beside the matrix",
        needed="matrix.mtx, barcodes.tsv and features.tsv (or genes.tsv)",
        fix="Put the three files in one folder, or choose all three when uploading.",
    )


def _table(path: Path, what: str) -> pd.DataFrame:
    try:
        return pd.read_csv(path, sep="\t", header=None, dtype=str, keep_default_na=False, quoting=3)
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError(
            what,
            found=f"not a table of names ({clean_text(error)})",
            needed="one name per line, columns separated by tabs",
            fix="Export the matrix again.",
        ) from error


def _var(genes: pd.DataFrame) -> pd.DataFrame:
    names = [clean_text(name) for name in genes[min(1, genes.shape[1] - 1)]]
    var = pd.DataFrame(index=pd.Index(names))
    if genes.shape[1] > 1:
        var["gene_ids"] = genes[0].to_numpy()
    if genes.shape[1] > 2:
        var["feature_types"] = genes[2].to_numpy()
    return var


def _matrix(path: Path, shape: tuple[int, int], budget: int) -> csr_matrix:
    from scipy.io import mminfo, mmread
    from scipy.sparse import csr_matrix

    try:
        rows, columns, entries, layout, field, _ = mminfo(path)
    except (ValueError, OverflowError, OSError) as error:
        raise _damaged(error) from error
    if (rows, columns) not in (shape, shape[::-1]):
        raise InputError(
            "matrix.mtx",
            found=f"{rows} × {columns} in its header",
            needed=f"{shape[1]} features × {shape[0]} barcodes as listed beside it",
            fix="Make sure that the three files belong together.",
        )
    size = rows * columns * 8 if layout == "array" else entries * _BYTES_PER_ENTRY
    if size > budget or field == "complex":
        raise InputError(
            "matrix.mtx",
            found=f"{entries} {shown(field)} values, {in_words(size)} in memory",
            needed=f"real numbers in at most {in_words(budget)}",
            fix="Take a part of the cells, or raise SCDYN_MEMORY_BUDGET_GB.",
        )
    try:
        matrix = csr_matrix(mmread(path))
    except (ValueError, OverflowError, OSError) as error:
        raise _damaged(error) from error
    # Square matrices are ambiguous; every tool writes features × barcodes.
    turned = matrix.T if matrix.shape == shape[::-1] else matrix
    return csr_matrix(turned, dtype=np.float32)


def _damaged(error: Exception) -> InputError:
    return InputError(
        "matrix.mtx",
        found=f"a damaged matrix-market file ({clean_text(error)})",
        needed="a complete file",
        fix="Export or download the matrix again.",
    )
