"""Effects on genes in sds of the genes, so that genes of any abundance can be compared."""

from __future__ import annotations

import pandas as pd

#: Columns of effects that are stored in units of the expression.
AMOUNTS = ("effect", "mean", "mean_abs", "sd", "slope")
GENE_SD, EXPRESSION = "gene sd", "expression"


def known_sds(genes: pd.DataFrame | None) -> pd.Series | None:
    """Return the sd of every gene by name, or ``None`` where genes were not measured in it.

    Parameters
    ----------
    genes
        A run's table ``genes``: gene, sd.
    """
    if genes is None or "sd" not in genes or (genes["sd"] == 1).all():
        return None
    return genes.set_index("gene")["sd"]


def in_gene_sds(rows: pd.DataFrame, sds: pd.Series) -> pd.DataFrame:
    """Return effects in sds of the genes.

    Parameters
    ----------
    rows
        Column ``gene`` and some of ``AMOUNTS``, in units of the expression.
    sds
        As ``known_sds``.
    """
    sd = rows["gene"].map(sds)
    amounts = [column for column in AMOUNTS if column in rows]
    changed = rows.assign(**{column: rows[column] / sd for column in amounts})
    changed.attrs["columns"] = {
        name: meaning.replace("units of the expression", "sds of the gene")
        for name, meaning in rows.attrs.get("columns", {}).items()
    }
    return changed
