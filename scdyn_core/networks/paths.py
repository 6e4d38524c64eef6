"""Which chains of edges carry an effect from one gene to another."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

#: Edges of the longest chain, and chains that are followed further at every step.
LONGEST, FOLLOWED = 4, 3_000


def strongest_paths(
    edges: pd.DataFrame,
    sources: Collection[str],
    target: str,
    *,
    most: int = 10,
    longest: int = LONGEST,
) -> pd.DataFrame:
    """Return the strongest chains from some genes to another.

    The effect of a chain is the product of the effects of its edges; the total effect is the sum
    over all chains, also those that come by a gene twice, which are left out here. Of very many
    chains the strongest are followed at every step, so that in a dense network of many genes
    one may be missed.

    Parameters
    ----------
    edges
        source, target, effect; one row a pair.
    sources, target
        Where chains begin and end; none comes by another source.
    most
        Chains returned.
    longest
        Edges of the longest chain.

    Returns
    -------
    pandas.DataFrame
        ``genes`` (tuple, from source to target), ``effect``; the strongest first.
    """
    inner = edges[~edges["target"].isin(list(sources))]
    onward = {
        str(source): list(zip(own["target"], own["effect"], strict=True))
        for source, own in inner.groupby("source", sort=False)
    }
    into = dict(zip(*inner.loc[inner["target"] == target, ["source", "effect"]].to_numpy().T,
                    strict=True)) if (inner["target"] == target).any() else {}  # fmt: skip
    chains: list[tuple[tuple[str, ...], float]] = [((source,), 1.0) for source in sources]
    found: list[tuple[tuple[str, ...], float]] = []
    for length in range(1, longest + 1):
        found += [
            ((*genes, target), effect * float(into[genes[-1]]))
            for genes, effect in chains
            if genes[-1] in into
        ]
        if length < longest:
            chains = _longer(chains, onward, target)
    found.sort(key=lambda chain: (-abs(chain[1]), chain[0]))
    return pd.DataFrame(found[:most], columns=["genes", "effect"]).astype({"effect": np.float64})


def _longer(
    chains: list[tuple[tuple[str, ...], float]],
    onward: dict[str, list[tuple[str, float]]],
    target: str,
) -> list[tuple[tuple[str, ...], float]]:
    longer = [
        ((*genes, gene), effect * further)
        for genes, effect in chains
        for gene, further in onward.get(genes[-1], ())
        if gene != target and gene in onward and gene not in genes
    ]
    longer.sort(key=lambda chain: -abs(chain[1]))
    return longer[:FOLLOWED]
