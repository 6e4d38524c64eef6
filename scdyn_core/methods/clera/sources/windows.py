"""Differences between windows of ordered cells: the published derivative.

Cells of a part are ordered by the role pseudotime, averaged in windows of ``window`` cells that
start every ``stride`` cells, and differentiated by central differences along the order. Time
is the share of the part's cells that came before, so that parts of any size move at one speed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.genes import as_counts, most_variable
from scdyn_core.methods.clera.sources.moving import Matrix, Moving, SourceData
from scdyn_core.reporter import Reporter

CAUTION = (
    "The order of the cells was found before the split, from all cells together; windows and "
    "differences were made inside each part."
)
#: Windows a part needs for a central difference.
MIN_WINDOWS = 3


def windows_source(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> SourceData:
    """Build windows inside each part; the null orders the cells of each part at random.

    The expression is ``X``, which the recipe has normalised and logged.
    """
    adata = dataset.adata
    order = adata.obs[dataset.roles.pseudotime].to_numpy(dtype=np.float64)
    expression = as_counts(adata.X)
    chosen = most_variable(expression[split.train], config.genes)
    dense = expression[:, chosen].toarray()
    rng = np.random.default_rng(seed)
    parts: dict[Part, Moving] = {}
    null: dict[Part, Moving] = {}
    for part in PARTS:
        cells = split.part_of(part)
        cells = cells[np.isfinite(order[cells])]
        ordered = cells[np.argsort(order[cells], kind="stable")]
        parts[part] = _windows(dense, ordered, config, part)
        null[part] = _windows(dense, rng.permutation(cells), config, part)
    genes = tuple(np.asarray(adata.var_names)[chosen])
    return SourceData("windows", genes, parts, null, cautions=(CAUTION,))


def _windows(
    expression: Matrix, ordered: NDArray[np.int64], config: CleraConfig, part: Part
) -> Moving:
    starts = np.arange(0, len(ordered) - config.window + 1, config.stride)
    if len(starts) < MIN_WINDOWS:
        raise TrainingError(
            f"windows, {part} part",
            found=f"{len(ordered)} ordered cells, which make {len(starts)} windows",
            needed=f"at least {MIN_WINDOWS} windows of {config.window} cells",
            fix="Use more cells or smaller windows.",
        )
    members = ordered[starts[:, None] + np.arange(config.window)]
    means = expression[members].mean(axis=1)
    return Moving(
        expression=means,
        derivative=np.gradient(means, config.window_time or config.stride / len(ordered), axis=0),
        positions=members[:, config.window // 2],
    )
