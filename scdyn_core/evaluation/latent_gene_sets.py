"""Which gene sets the genes that a latent moves most are rich in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.over_representation import COLUMNS as TESTED
from scdyn_core.evaluation.over_representation import over_represented

#: How many of the genes that a latent moves most are tested, up and down together.
MOST_GENES = 50
COLUMNS = {
    "latent": "number of the latent",
    "direction": "genes that rise with the latent (up) or fall (down)",
    **{
        name.replace("cluster", "group"): meaning
        for name, meaning in TESTED.items()
        if name not in ("cluster", "cluster_genes", "overlap", "genes", "p_adjusted")
    },
    "group_genes": "genes tested: of those the latent moves most, the ones in this direction",
    "overlap": "genes of the set among them",
    "p_adjusted": "Benjamini-Hochberg adjusted p over all latents, directions and sets; takes "
    "genes for independent",
    "genes": "genes of the set among them",
}


def latent_gene_sets(
    latent_genes: pd.DataFrame, sets: Mapping[str, frozenset[str]], most: int = MOST_GENES
) -> pd.DataFrame:
    """Test every gene set in the genes that each latent raises or lowers most.

    Parameters
    ----------
    latent_genes
        One row a latent and gene: ``latent``, ``gene``, ``effect``, ``rank``; every latent with
        all genes of the run.
    sets
        Name -> genes in upper case.
    most
        Genes by ``rank`` that are tested, up and down together.

    Returns
    -------
    DataFrame
        ``COLUMNS``, the smallest p first; empty when no set has enough genes of the run.
    """
    genes = [str(gene) for gene in latent_genes["gene"].unique()]
    place = {gene: position for position, gene in enumerate(genes)}
    strongest = latent_genes[latent_genes["rank"] <= most]
    groups: dict[tuple[int, str], NDArray[np.int64]] = {}
    for latent in strongest["latent"].unique():
        own = strongest[strongest["latent"] == latent]
        for direction, moved in (("up", own["effect"] > 0), ("down", own["effect"] < 0)):
            names = own.loc[moved, "gene"]
            groups[int(latent), direction] = np.array([place[str(name)] for name in names], int)
    found = over_represented(genes, groups, sets)
    if found.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    found["latent"] = [latent for latent, _ in found["group"]]
    found["direction"] = [direction for _, direction in found["group"]]
    return found[list(COLUMNS)]
