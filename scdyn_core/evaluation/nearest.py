"""The samples nearest to one of them: those that a model thinks most alike."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

_COORDINATE = re.compile(r"z[1-9]\d*")


def nearest(latent: pd.DataFrame, gene: str, most: int) -> pd.DataFrame:
    """Return the genes nearest to one gene in a latent space.

    Parameters
    ----------
    latent
        One row a gene: column ``gene`` and coordinates ``z1 … zd``, of one replicate.
    gene
        The gene in question.
    most
        Genes to return.

    Returns
    -------
    DataFrame
        ``gene``, ``distance`` (Euclidean, unit of the coordinates) and ``closer`` (share of all
        other genes that are at most as far away), nearest first; empty when the gene is not there.
    """
    names = latent["gene"].to_numpy()
    columns = [column for column in latent.columns if _COORDINATE.fullmatch(str(column))]
    z = latent[columns].to_numpy(dtype=np.float64)
    at = np.flatnonzero(names == gene)
    if not len(at):
        return pd.DataFrame({"gene": [], "distance": [], "closer": []})
    distance = np.sqrt(((z - z[at[0]]) ** 2).sum(axis=1))
    others = np.flatnonzero(np.arange(len(z)) != at[0])
    order = others[np.argsort(distance[others], kind="stable")]
    rank = np.searchsorted(np.sort(distance[others]), distance[order], side="right")
    return pd.DataFrame(
        {
            "gene": names[order],
            "distance": distance[order],
            "closer": rank / max(len(others), 1),
        }
    ).head(most)
