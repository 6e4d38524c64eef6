"""CLERA's interaction network: latents that drive latents, and the genes that latents drive."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scdyn_core.methods.clera.couplings import couplings_of
from scdyn_core.methods.clera.gene_edges import TableReader, gene_edges, sign_of
from scdyn_core.networks.edges import checked_edges, comparable


def clera_edges(table: TableReader, replicate: int) -> pd.DataFrame | None:
    """Return the interaction network of one replicate as a table of edges.

    Latents act on latents through the active terms of the equations, on all held-out cells and on
    those of each cell type; they act on genes by the decoder's SHAP values where the run was
    explained, by knock-out, and, without SHAP values, by the decoder's mean derivative.

    Parameters
    ----------
    table
        The run's tables.
    replicate
        Which replicate.

    Returns
    -------
    Edges as in ``networks.edges.COLUMNS``; ``None`` when the run has no equations.
    """
    equations, latent = table("equations"), table("latent")
    if equations is None or latent is None:
        return None
    matched = table("alignment") is not None and equations["replicate"].nunique() > 1
    frames = [_latent_edges(equations, latent, table("cells"), replicate, matched=matched)]
    frames += list(gene_edges(table, replicate, matched=matched))
    filled = [frame for frame in frames if len(frame)]
    return comparable(checked_edges(pd.concat(filled, ignore_index=True))) if filled else None


def _latent_edges(
    equations: pd.DataFrame,
    latent: pd.DataFrame,
    cells: pd.DataFrame | None,
    replicate: int,
    *,
    matched: bool,
) -> pd.DataFrame:
    """Return edges between latents of one replicate, on all cells and on those of each type."""
    numbers = equations["replicate"].unique() if matched else [replicate]
    couplings = {int(each): couplings_of(equations, latent, cells, int(each)) for each in numbers}
    rows = []
    for cell_type, own in couplings[replicate].items():
        agree = [
            each[cell_type].present & (each[cell_type].direction == own.direction)
            for each in couplings.values()
        ]
        stability = np.mean(agree, axis=0) if matched else np.full(own.value.shape, np.nan)
        for target, source in zip(*np.nonzero(own.present), strict=True):
            if np.isfinite(own.value[target, source]):
                rows.append((f"z{source + 1}", f"z{target + 1}", own.value[target, source],
                             own.positive[target, source], stability[target, source],
                             cell_type))  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=["source", "target", "value", "positive", "stability", "cell_type"]
    )
    return frame.assign(
        source_kind="latent",
        target_kind="latent",
        weight=0.0,
        sign=sign_of(frame["positive"]),
        evidence="equation",
        unit="sd of the target per unit of time",
    )
