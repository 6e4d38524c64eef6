"""Tables of cells × genes in text: comma, tab or semicolon, metadata columns first."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scdyn_core.data.findings import Finding
from scdyn_core.data.readers.table_layout import looks_turned, n_leading, name_column
from scdyn_core.data.readers.table_shape import TableShape, first_pass, too_large
from scdyn_core.data.readers.table_values import read_values
from scdyn_core.data.text import clean_text, listed
from scdyn_core.data.unpack import gunzip
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData


def read_table(path: Path, budget: int) -> tuple[AnnData, list[Finding]]:
    """Read a CSV or TSV file, gzipped or not.

    One pass counts the fields of every line within bounded memory; only a table that is
    rectangular and fits ``budget`` is parsed.

    Raises
    ------
    InputError
        With the line and column, for ragged rows, text among the numbers and wrong encoding.
    """
    with tempfile.TemporaryDirectory(prefix="scdyn-") as scratch:
        plain = path
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        if packed:
            plain = Path(scratch) / "table"
            gunzip(path, plain, budget)
        elif path.stat().st_size > budget:
            raise too_large(path, path.stat().st_size, budget)
        shape = first_pass(plain, path, budget)
        frame = read_values(plain, path, shape)
    return _to_cells(frame, shape, path)


def _to_cells(frame: pd.DataFrame, shape: TableShape, path: Path) -> tuple[AnnData, list[Finding]]:
    from anndata import AnnData

    n = n_leading(shape.header, shape.first_rows)
    names = [clean_text(name) for name in shape.header]
    if n == len(names):
        raise InputError(
            clean_text(path.name),
            found=f"no gene among the {n} columns ({listed(names)})",
            needed="columns of numbers, one per gene, after the columns about the cells",
            fix="Export the table as cells × genes.",
        )
    about = frame.iloc[:, :n].copy()
    about.columns = pd.Index([name or "cell" for name in names[:n]])
    key = name_column(list(about.columns), about) if about.columns.is_unique else None
    cells = about[key] if key else [f"cell_{i}" for i in range(len(frame))]
    values = frame.iloc[:, n:].to_numpy(dtype=np.float32)
    index = pd.Index([clean_text(cell) for cell in cells])
    if n == 1 and key and looks_turned(names[n:], list(index)):
        turned = AnnData(
            X=np.ascontiguousarray(values.T),
            obs=pd.DataFrame(index=pd.Index(names[n:])),
            var=pd.DataFrame(index=index),
        )
        return turned, [
            Finding(
                level="warning",
                slot="X",
                found="columns are named like cells, so the table was read as genes × cells",
                fix="Turn the table (cells as rows) if this is wrong.",
            )
        ]
    obs = about.drop(columns=[key] if key else []).set_axis(index, axis=0)
    adata = AnnData(X=values, obs=obs, var=pd.DataFrame(index=pd.Index(names[n:])))
    columns = f"{n} leading columns describe the cells ({listed(list(about.columns))})"
    return adata, [
        Finding(
            level="info",
            slot="obs",
            found=f"{columns if n else 'no column describes the cells'}; the other "
            f"{len(names) - n} are genes",
            fix="Put columns about the cells before the genes if one is missing here.",
        )
    ]
