"""The table ``network`` of a run, which may be large: only what is looked at is read.

Columns: replicate, evidence, source, target, value (signed), unit, stability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from scdyn_core.networks.edges import COLUMNS

_TEXTS = ["evidence", "source", "target", "unit"]


def replicates_and_evidence(file: Path) -> tuple[list[int], list[str]]:
    """Return the replicates, sorted, and the kinds of evidence, the first one first."""
    found = pq.read_table(
        file, columns=["replicate", "evidence"], read_dictionary=["evidence"], partitioning=None
    )
    kinds = [str(each) for each in pc.unique(found["evidence"].cast(pa.string())).to_pylist()]
    return sorted(int(each) for each in pc.unique(found["replicate"]).to_pylist()), kinds


def stored_edges(
    file: Path, *, replicate: int | None = None, evidence: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return edges between genes as a table of edges, texts as categories.

    Parameters
    ----------
    file
        The parquet file of the table.
    replicate
        Which replicate; ``None`` for the mean of all, in which an edge that a replicate does not
        have counts as 0. Its stability is that of the edge with the sign of the mean. Evidence
        that does not depend on the seed is stored once, and is that of every replicate.
    evidence
        Kinds that are read; ``None`` for all.

    Returns
    -------
    Columns as in ``edges.COLUMNS``; a weight is the size of the value over the largest of the
    same evidence.
    """
    counts = _replicates_of(file)
    kinds = [kind for kind in counts if evidence is None or kind in evidence]
    once = [kind for kind in kinds if counts[kind] == 1]
    wanted: list[list[tuple[str, str, object]]] = [[("evidence", "in", kinds)]]
    if replicate is not None:
        wanted[0].append(("replicate", "==", replicate))
        wanted += [[("evidence", "in", once)]] if once else []
    # Without partitioning: a folder whose name has an equals sign is no column.
    read = pq.read_table(file, filters=wanted, read_dictionary=_TEXTS, partitioning=None)
    frame: pd.DataFrame = read.unify_dictionaries().to_pandas()
    for name in _TEXTS:
        frame[name] = frame[name].astype("category")
    return _as_edges(_mean(frame, counts) if replicate is None else frame)


def edges_between_genes(frame: pd.DataFrame, replicate: int | None = None) -> pd.DataFrame:
    """Return the table ``network``, already read, as ``stored_edges`` would."""
    counts = frame.groupby("evidence", observed=True)["replicate"].nunique()
    own = frame
    if replicate is not None:
        own = frame[(frame["replicate"] == replicate) | (frame["evidence"].map(counts) == 1)]
    own = own.assign(**{name: own[name].astype("category") for name in _TEXTS})
    return _as_edges(
        _mean(own, dict(zip(counts.index.astype(str), counts, strict=True)))
        if replicate is None
        else own
    )


def _replicates_of(file: Path) -> dict[str, int]:
    """Return how many replicates have each kind of evidence, the first one first."""
    found = pq.read_table(file, columns=["evidence", "replicate"], partitioning=None)
    pairs = found.group_by(["evidence", "replicate"], use_threads=False).aggregate([])
    return dict(Counter(map(str, pairs["evidence"].to_pylist())))


def _mean(frame: pd.DataFrame, replicates: Mapping[str, int]) -> pd.DataFrame:
    """Return one row an edge and evidence: the mean of the signed values over its replicates."""
    if max(replicates.values(), default=1) == 1:
        return frame
    codes = [frame[name].cat.codes.to_numpy(np.int64) for name in ("evidence", "source", "target")]
    sizes = [len(frame[name].cat.categories) for name in ("evidence", "source", "target")]
    pair = (codes[0] * sizes[1] + codes[1]) * sizes[2] + codes[2]
    _, first, of_pair = np.unique(pair, return_index=True, return_inverse=True)
    value = frame["value"].to_numpy(np.float64)
    number = np.array([replicates[kind] for kind in frame["evidence"].cat.categories])
    mean = np.bincount(of_pair, weights=value, minlength=len(first)) / number[codes[0][first]]
    agrees = np.sign(value) == np.sign(mean)[of_pair]
    stability = np.full(len(first), np.nan)
    np.fmax.at(stability, of_pair[agrees], frame["stability"].to_numpy(np.float64)[agrees])
    joined = frame.take(first).assign(value=mean, stability=stability)
    left: pd.DataFrame = joined[joined["value"] != 0]
    return left


def _as_edges(frame: pd.DataFrame) -> pd.DataFrame:
    size = frame["value"].abs().to_numpy(np.float64)
    evidence = frame["evidence"].cat.codes.to_numpy()
    largest = np.zeros(len(frame["evidence"].cat.categories) + 1)
    np.maximum.at(largest, evidence, size)
    number = len(frame)
    gene = pd.Categorical(["gene"]).take(np.zeros(number, dtype=np.int64))
    edges = pd.DataFrame(
        {
            "source": frame["source"].to_numpy(),
            "target": frame["target"].to_numpy(),
            "source_kind": gene,
            "target_kind": gene,
            "weight": np.divide(size, largest[evidence], out=np.zeros(number), where=size > 0),
            "sign": np.sign(frame["value"].to_numpy()).astype(np.int64),
            "stability": frame["stability"].to_numpy(np.float64),
            "evidence": frame["evidence"].to_numpy(),
            "cell_type": np.full(number, None, dtype=object),
            "value": size,
            "unit": frame["unit"].to_numpy(),
            "positive": np.full(number, np.nan),
        },
    )
    for name in ("source", "target", "evidence", "unit"):
        edges[name] = pd.Categorical(frame[name])
    return edges[list(COLUMNS)]
