"""Which edges of a large network are looked at."""

from __future__ import annotations

import pandas as pd


def strongest(
    edges: pd.DataFrame, most: int, *, kind: str = "gene", minimum: float = 0.0
) -> pd.DataFrame:
    """Return the strongest targets of every source.

    A target that one source brings in keeps its edges from the other sources too, as long as
    they are no weaker than the weakest edge that was brought in: genes shared by sources stay
    shared, and no noise comes with them.

    Parameters
    ----------
    edges
        One edge for each pair (``merged``).
    most
        Targets of the kind ``kind`` that each source brings in; edges to other kinds all stay.
    kind
        Kind of the targets that are counted.
    minimum
        Smallest weight that stays.
    """
    edges = edges[edges["weight"] >= minimum]
    counted = edges["target_kind"] == kind
    ranked = edges[counted].sort_values(["weight", "target"], ascending=[False, True])
    brought = ranked.groupby(["source_kind", "source"], sort=False).head(most)
    if brought.empty:
        return edges[~counted]
    shared = counted & edges["target"].isin(brought["target"])
    strong = shared & (edges["weight"] >= brought["weight"].min())
    kept: pd.DataFrame = edges[~counted | strong | edges.index.isin(brought.index)]
    return kept
