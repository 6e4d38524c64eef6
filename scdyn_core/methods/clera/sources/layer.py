"""A velocity layer of the user's own."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.genes import most_variable
from scdyn_core.methods.clera.sources.moving import Matrix, Moving, SourceData
from scdyn_core.reporter import Reporter

CAUTION = (
    "The velocity layer was estimated before the split, from all cells together: neighbouring "
    "training and test cells share their smoothing, so every share on test cells, the model's "
    "and the baselines', is optimistic, and no null can be made."
)


def layer_source(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> SourceData:
    """Take the derivative from the layer with the role velocity.

    The expression it belongs to is the layer ``Ms`` where scVelo left one, else ``X``. Genes
    whose velocity is missing anywhere, or that scVelo did not believe, are left out. The layer
    was made before the split and cannot be made again here, so it has no null.
    """
    adata = dataset.adata
    velocity = _dense(adata.layers[dataset.roles.velocity])
    known = np.isfinite(velocity).all(axis=0) & (velocity != 0).any(axis=0)
    if "velocity_genes" in adata.var:
        known &= adata.var["velocity_genes"].to_numpy(dtype=bool)
    if not known.any():
        raise TrainingError(
            f"layers[{dataset.roles.velocity!r}]",
            found="no gene with a finite velocity in every cell",
            needed="at least one",
            fix="Give the role velocity to another layer, or choose another derivative.",
        )
    smoothed = "Ms" in adata.layers
    expression = _dense((adata.layers["Ms"] if smoothed else adata.X)[:, known])
    train = expression[split.train]
    chosen = most_variable(np.log1p(train) if smoothed else train, config.genes)
    expression, velocity = expression[:, chosen], velocity[:, known][:, chosen]
    parts: dict[Part, Moving] = {}
    for part in PARTS:
        cells = split.part_of(part)
        parts[part] = Moving(expression[cells], velocity[cells], cells)
    genes = tuple(np.asarray(adata.var_names)[known][chosen])
    return SourceData("velocity layer", genes, parts, cautions=(CAUTION,))


def _dense(matrix: object) -> Matrix:
    dense = matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)  # type: ignore[attr-defined]
    return np.asarray(dense, dtype=np.float64)
