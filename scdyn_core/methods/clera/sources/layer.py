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
    "and the baselines', is optimistic. Its null gives every cell the velocity of another cell "
    "of its part. That shows how much can be predicted without knowing which cell moves where; "
    "it cannot show how much the making of the layer, which is not repeated, put into it."
)


def layer_source(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> SourceData:
    """Take the derivative from the layer with the role velocity.

    The expression it belongs to is the layer ``Ms`` where scVelo left one, else ``X``. Genes
    whose velocity is missing anywhere, or that scVelo did not believe, are left out. The layer
    was made before the split and cannot be made again here: the null permutes its rows over
    the cells of each part.
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
    rng = np.random.default_rng(seed)
    real: dict[Part, Moving] = {}
    null: dict[Part, Moving] = {}
    for part in PARTS:
        cells = split.part_of(part)
        real[part] = Moving(expression[cells], velocity[cells], cells)
        null[part] = Moving(expression[cells], velocity[rng.permutation(cells)], cells)
    genes = tuple(np.asarray(adata.var_names)[known][chosen])
    return SourceData("velocity layer", genes, real, null, cautions=(CAUTION,))


def _dense(matrix: object) -> Matrix:
    dense = matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)  # type: ignore[attr-defined]
    return np.asarray(dense, dtype=np.float64)
