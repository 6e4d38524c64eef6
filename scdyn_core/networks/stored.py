"""The table ``network`` of a run, which may be large: only what is looked at is read.

Columns: evidence, source, target, value, unit, stability, signed (whether the sign of the value
means anything).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from scdyn_core.networks.edges import COLUMNS

_TEXTS = ["evidence", "source", "target", "unit"]


def stored_evidence(file: Path) -> list[str]:
    """Return the kinds of evidence in the parquet file of the table, the first one first."""
    found = pq.read_table(
        file, columns=["evidence"], read_dictionary=["evidence"], partitioning=None
    )
    return [str(each) for each in pc.unique(found["evidence"].cast(pa.string())).to_pylist()]


def stored_edges(file: Path, evidence: Sequence[str] | None = None) -> pd.DataFrame:
    """Return edges between genes as a table of edges, texts as categories.

    Parameters
    ----------
    file
        The parquet file of the table.
    evidence
        Kinds that are read; ``None`` for all.

    Returns
    -------
    Columns as in ``edges.COLUMNS``; a weight is the size of the value over the largest of the
    same evidence.
    """
    # Without partitioning: a folder whose name has an equals sign is no column.
    read = pq.read_table(
        file,
        filters=None if evidence is None else [("evidence", "in", list(evidence))],
        read_dictionary=_TEXTS,
        partitioning=None,
    )
    return edges_between_genes(read.unify_dictionaries().to_pandas())


def edges_between_genes(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``network``, already read, as ``stored_edges`` would."""
    texts = {name: frame[name].astype("category") for name in _TEXTS}
    value = frame["value"].to_numpy(np.float64)
    size = np.abs(value)
    evidence = texts["evidence"].cat.codes.to_numpy()
    largest = np.zeros(len(texts["evidence"].cat.categories) + 1)
    np.maximum.at(largest, evidence, size)
    number = len(frame)
    gene = pd.Categorical(["gene"]).take(np.zeros(number, dtype=np.int64))
    edges = pd.DataFrame(
        {
            "source_kind": gene,
            "target_kind": gene,
            "weight": np.divide(size, largest[evidence], out=np.zeros(number), where=size > 0),
            "sign": np.where(frame["signed"].to_numpy(bool), np.sign(value), 0).astype(np.int64),
            "stability": frame["stability"].to_numpy(np.float64),
            "cell_type": np.full(number, None, dtype=object),
            "value": size,
            "positive": np.full(number, np.nan),
            **{name: pd.Categorical(column) for name, column in texts.items()},
        },
    )
    return edges[list(COLUMNS)]
