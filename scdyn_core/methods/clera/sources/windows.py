"""Differences between windows of ordered cells: the published derivative.

Cells of a part are ordered by the role pseudotime, averaged in windows of ``window`` cells that
start every ``stride`` cells, and differentiated by central differences along the order. Where
transitions between cell types are known, a window is kept only if its cells are of one type or
of the two types of one transition. Time is the share of the part's cells that came before, so
that parts of any size move at one speed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.genes import most_variable, shared_count_genes
from scdyn_core.methods.clera.sources.moving import Matrix, Moving, SourceData
from scdyn_core.methods.clera.sources.types import cell_types, transitions
from scdyn_core.preprocess.size_factors import as_counts
from scdyn_core.reporter import Reporter

CAUTION = (
    "The order of the cells was found before the split, from all cells together; windows and "
    "differences were made inside each part."
)
#: Windows in a row that a central difference needs.
MIN_WINDOWS = 3


def windows_source(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> SourceData:
    """Build windows inside each part; the null puts the cells of each part in a random order.

    The expression is ``X``, which the recipe has normalised and logged.

    Raises
    ------
    ConfigError
        When a transition names an unknown cell type.
    TrainingError
        When a part has too few windows in a row.
    """
    adata = dataset.adata
    order = adata.obs[dataset.roles.pseudotime].to_numpy(dtype=np.float64)
    chosen = _genes(dataset, config, split)
    dense = as_counts(adata.X)[:, chosen].toarray()
    types, names = cell_types(dataset)
    pairs = [
        frozenset((names.index(start), names.index(end)))
        for start, end in transitions(config.lineage, names)
    ]
    rng = np.random.default_rng(seed)
    parts: dict[Part, Moving] = {}
    null: dict[Part, Moving] = {}
    for part in PARTS:
        cells = split.part_of(part)
        cells = cells[np.isfinite(order[cells])]
        ordered = cells[np.argsort(order[cells], kind="stable")]
        members = _members(ordered, config)
        runs = _runs(types[members], pairs, config.bridge_gaps)
        if not runs:
            raise TrainingError(
                f"windows, {part} part",
                found=f"{len(ordered)} ordered cells, of which no {MIN_WINDOWS} windows in a row "
                "can be made" + (" whose types the lineage lets mix" if pairs else ""),
                needed=f"at least {MIN_WINDOWS} windows of {config.window} cells in a row",
                fix="Use more cells, smaller windows, or more transitions in lineage.",
            )
        step = config.window_time or config.stride / len(ordered)
        parts[part] = _moving(dense, members, runs, step, types)
        # The null keeps the places of the windows and their gaps, and fills them at random.
        null[part] = _moving(dense, _members(rng.permutation(cells), config), runs, step, types)
    genes = tuple(np.asarray(adata.var_names)[chosen])
    return SourceData("windows", genes, parts, null, cautions=(CAUTION,))


def _genes(dataset: Dataset, config: CleraConfig, split: Split) -> NDArray[np.bool_]:
    """Mark the most variable genes among those with enough counts, by the training cells."""
    adata, roles = dataset.adata, dataset.roles
    train = as_counts(adata.X)[split.train]
    kept = np.ones(adata.n_vars, dtype=bool)
    if roles.spliced is not None and roles.unspliced is not None:
        spliced, unspliced = (as_counts(adata.layers[name])[split.train]
                              for name in (roles.spliced, roles.unspliced))  # fmt: skip
        kept = shared_count_genes(spliced, unspliced, config.min_shared_counts)
        if not kept.any():
            raise TrainingError(
                "windows",
                found=f"no gene with {config.min_shared_counts} shared spliced and unspliced "
                "counts in the training cells",
                needed="at least one",
                fix="Lower min_shared_counts.",
            )
    kept[kept] = most_variable(train[:, kept], config.genes)
    return kept


def _members(ordered: NDArray[np.int64], config: CleraConfig) -> NDArray[np.int64]:
    """Return the cells of every window, shape ``(windows, window)``."""
    starts = np.arange(0, len(ordered) - config.window + 1, config.stride)
    members: NDArray[np.int64] = ordered[starts[:, None] + np.arange(config.window)]
    return members


def _runs(
    types: NDArray[np.int64], pairs: Sequence[frozenset[int]], bridge_gaps: bool
) -> list[NDArray[np.int64]]:
    """Return the windows that are kept, cut where one between them is not.

    Parameters
    ----------
    types
        Types of the cells of every window, shape ``(windows, window)``.
    pairs
        Types that a window may mix; with none, windows mix as they come.
    bridge_gaps
        Take windows for neighbours whatever was left out between them.
    """
    kept = np.arange(len(types))
    if pairs:
        mixed = [frozenset(window.tolist()) for window in types]
        kept = np.flatnonzero([len(found) == 1 or found in pairs for found in mixed])
    gaps = np.array([], dtype=np.int64) if bridge_gaps else np.flatnonzero(np.diff(kept) > 1) + 1
    return [run for run in np.split(kept, gaps) if len(run) >= MIN_WINDOWS]


def _moving(
    expression: Matrix,
    members: NDArray[np.int64],
    runs: Sequence[NDArray[np.int64]],
    step: float,
    types: NDArray[np.int64],
) -> Moving:
    means = [expression[members[run]].mean(axis=1) for run in runs]
    kept = members[np.concatenate(runs)]
    return Moving(
        expression=np.concatenate(means),
        derivative=np.concatenate([np.gradient(values, step, axis=0) for values in means]),
        positions=kept[:, kept.shape[1] // 2],
        types=np.array([_majority(window) for window in types[kept]], dtype=np.int64),
    )


def _majority(types: NDArray[np.int64]) -> int:
    """Return the most frequent known type, the first by name where several are; -1 if none is."""
    known = types[types >= 0]
    return int(np.bincount(known).argmax()) if len(known) else -1
