"""RNA velocity with one degradation rate a gene (scVelo), fitted on the training part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.split import Part
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.sources.moments import MIN_VELOCITY_GENES
from scdyn_core.methods.clera.sources.quiet import quiet

if TYPE_CHECKING:
    from anndata import AnnData


def fit_rates(
    parts: dict[Part, AnnData], mode: Literal["stochastic", "deterministic"]
) -> NDArray[np.float64]:
    """Fit degradation rates on the training part, keep velocity genes, fill ``velocity``.

    Parameters
    ----------
    parts
        Parts with moments; each is replaced by one with the velocity genes only, and the layer
        ``velocity``.

    Returns
    -------
    Degradation rate of each gene kept, per unit of splicing time, shape ``(G,)``.
    """
    import scvelo as scv

    train = parts["train"]
    with quiet():
        scv.tl.velocity(train, mode=mode)
    # scVelo leaves a column out whose values are all alike: every gene passed.
    believable = np.asarray(train.var.get("velocity_genes", np.ones(train.n_vars)), dtype=bool)
    raise_if_few(believable)
    gamma: NDArray[np.float64] = train.var["velocity_gamma"].to_numpy()
    for part, adata in parts.items():
        adata.layers["velocity"] = adata.layers["Mu"] - gamma * adata.layers["Ms"]
        adata.var["velocity_genes"] = believable
        parts[part] = adata[:, believable].copy()
    kept: NDArray[np.float64] = gamma[believable]
    return kept


def raise_if_few(believable: NDArray[np.bool_]) -> None:
    """Raise ``TrainingError`` where fewer genes carry velocity than give a direction."""
    if believable.sum() < MIN_VELOCITY_GENES:
        raise TrainingError(
            "velocity",
            found=f"{int(believable.sum())} genes whose unspliced counts predict their change",
            needed=f"at least {MIN_VELOCITY_GENES}",
            fix="Check the roles spliced and unspliced, or choose another derivative.",
        )
