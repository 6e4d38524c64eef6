"""A velocity layer of the user's own."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Split
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.genes import most_variable
from scdyn_core.methods.clera.sources.moving import Matrix, Moving, SourceData
from scdyn_core.reporter import Reporter


def layer_source(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> SourceData:
    """Take expression from ``X`` and the derivative from the layer with the role velocity.

    Genes whose velocity is missing anywhere are left out, as scVelo marks genes it could not
    fit. The null shuffles the velocities over the cells of each part.
    """
    adata = dataset.adata
    velocity = _dense(adata.layers[dataset.roles.velocity])
    known = np.isfinite(velocity).all(axis=0) & (velocity != 0).any(axis=0)
    if not known.any():
        raise TrainingError(
            f"layers[{dataset.roles.velocity!r}]",
            found="no gene with a finite velocity in every cell",
            needed="at least one",
            fix="Give the role velocity to another layer, or choose another derivative.",
        )
    expression = _dense(adata.X[:, known])
    chosen = most_variable(expression[split.train], config.genes)
    expression, velocity = expression[:, chosen], velocity[:, known][:, chosen]
    rng = np.random.default_rng(seed)
    parts = {
        part: Moving(expression[cells], velocity[cells], cells)
        for part in PARTS
        if len(cells := split.part_of(part))
    }
    null = {
        part: Moving(m.expression, rng.permutation(m.derivative), m.positions)
        for part, m in parts.items()
    }
    genes = tuple(np.asarray(adata.var_names)[known][chosen])
    return SourceData("velocity layer", genes, parts, null)


def _dense(matrix: object) -> Matrix:
    dense = matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)  # type: ignore[attr-defined]
    return np.asarray(dense, dtype=np.float64)
