"""Small tables of edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scdyn_core.networks.indexed import IndexedNetwork


def edge_table(
    rows: Sequence[tuple[str, str, float]], *, kind: str = "latent", target_kind: str = "latent"
) -> pd.DataFrame:
    """Edges from source, target and weight."""
    frame = pd.DataFrame(rows, columns=["source", "target", "weight"])
    return frame.assign(
        source_kind=kind,
        target_kind=target_kind,
        sign=1,
        stability=np.nan,
        evidence="equation",
        positive=np.nan,
    )


def planted(groups: int, size: int, seed: int, *, inside: float, outside: float) -> pd.DataFrame:
    """Edges of a random graph: more likely between nodes of the same group."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(groups * size):
        for j in range(i):
            likely = inside if i // size == j // size else outside
            if rng.random() < likely:
                rows.append((f"n{i:03d}", f"n{j:03d}", float(rng.uniform(0.5, 1.0))))
    return edge_table(rows)


def merged(edges: pd.DataFrame) -> pd.DataFrame:
    """One edge for each pair of nodes, as a table."""
    return IndexedNetwork.of(edges).frame()
