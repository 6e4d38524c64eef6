"""A map of genes: those that respond alike lie together (UMAP)."""

from __future__ import annotations

import warnings

import numpy as np

from scdyn_core.methods.responses.pseudobulk import Matrix

NEIGHBOURS, DISTANCE = 15, 0.1


def gene_map(latent: Matrix, seed: int) -> Matrix:
    """Return two coordinates of every gene, shape ``(G, 2)``; for looking at only."""
    with warnings.catch_warnings():
        # It says what it lacks when it is imported, and that a fixed seed makes it run on one
        # core every time.
        warnings.simplefilter("ignore")
        import umap

        reducer = umap.UMAP(
            n_neighbors=min(NEIGHBOURS, len(latent) - 1),
            min_dist=DISTANCE,
            random_state=seed % 2**32,
            init="random" if len(latent) < 4 * NEIGHBOURS else "spectral",
        )
        return np.asarray(reducer.fit_transform(latent), dtype=np.float64)
