"""Genes worth a look first, as a run found them: the strongest of every topic in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scdyn_core.evaluation.selection import chosen_replicate
from scdyn_core.runs.cell_columns import damaged
from scdyn_core.runs.tables import read_columns

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

#: Genes that fit a figure.
MOST = 12
#: A change counts up to this false discovery rate.
_LEVEL = 0.05


def suggested_genes(run: Run, most: int = MOST) -> list[str]:
    """Return genes that a run says most of, at most so many; none where it says nothing of genes.

    Of latents the genes they move most, of a network its largest sources, of responses the genes
    that change most, of types those that tell them apart.

    Raises
    ------
    RunError
        When a table cannot be read.
    """
    for table, read in _SOURCES.items():
        if table not in run.tables:
            continue
        try:
            found = read(run)
        except (OSError, ValueError, KeyError) as error:
            raise damaged(run, table) from error
        if len(found):
            return _in_turn(found, most)
    return []


def _in_turn(found: pd.DataFrame, most: int) -> list[str]:
    """Return the genes with the largest strength of every topic, one of each after another."""
    known = found.dropna(subset=["strength"])
    ranks = known.groupby("topic", sort=False)["strength"].rank(ascending=False, method="first")
    ordered = known["gene"].iloc[np.argsort(ranks.to_numpy(), kind="stable")]
    return [str(gene) for gene in ordered.drop_duplicates().iloc[:most]]


def _columns(run: Run, table: str, columns: Sequence[str], replicate: int | None) -> pd.DataFrame:
    return read_columns(run.table_file(table), columns, replicate)


def _rows(topic: pd.Series | str, gene: pd.Series, strength: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"topic": topic, "gene": gene.astype(object), "strength": strength.abs()})


def _programs(run: Run) -> pd.DataFrame:
    best = chosen_replicate(run.table("replicates") if "replicates" in run.tables else None)
    rows = _columns(run, "programs", ["latent", "gene", "effect"], best)
    return _rows(rows["latent"], rows["gene"], rows["effect"])


def _latent_genes(run: Run) -> pd.DataFrame:
    rows = _columns(run, "latent_genes", ["latent", "gene", "effect"], None)
    return _rows(rows["latent"], rows["gene"], rows["effect"])


def _network(run: Run) -> pd.DataFrame:
    rows = _columns(run, "network", ["evidence", "source", "value"], None)
    first = rows[rows["evidence"] == rows["evidence"].iloc[0]] if len(rows) else rows
    strength = first["value"].abs().groupby(first["source"].astype(object)).sum()
    return _rows("sources", strength.index.to_series(), strength)


def _unseen(run: Run) -> pd.DataFrame:
    names = ["held_out", "gene", "control", "predicted"]
    rows = _columns(run, "unseen_genes", names, None)
    return _rows(rows["held_out"].astype(object), rows["gene"], rows["predicted"] - rows["control"])


def _responses(run: Run) -> pd.DataFrame:
    names = ["perturbation", "gene", "log2_fold_change", "p_adjusted"]
    rows = _columns(run, "responses", names, None)
    sure = rows[rows["p_adjusted"] < _LEVEL]
    return _rows(sure["perturbation"].astype(object), sure["gene"], sure["log2_fold_change"])


def _types(run: Run) -> pd.DataFrame:
    rows = _columns(run, "type_expression", ["cell_type", "gene", "denoised"], None)
    level = np.log1p(rows["denoised"])
    apart = level - level.groupby(rows["gene"].astype(object)).transform("mean")
    return _rows(rows["cell_type"].astype(object), rows["gene"], apart)


def _changes(run: Run) -> pd.DataFrame:
    if "change" not in run.table("genes"):
        return pd.DataFrame()
    rows = _columns(run, "genes", ["gene", "change"], None)
    return _rows("genes", rows["gene"], rows["change"])


#: Table -> what it says of genes; the first that a run has is asked.
_SOURCES: dict[str, Callable[[Run], pd.DataFrame]] = {
    "programs": _programs,
    "latent_genes": _latent_genes,
    "network": _network,
    "unseen_genes": _unseen,
    "responses": _responses,
    "type_expression": _types,
    "genes": _changes,
}
