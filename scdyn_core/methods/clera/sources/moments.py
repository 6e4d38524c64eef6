"""Smoothed spliced and unspliced counts of every part, on what the training part fixes.

Neighbours and moments are found inside each part; gene choice, size targets and the principal
components in which neighbours are sought come from the training part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.genes import most_variable, shared_count_genes
from scdyn_core.methods.clera.sources.smoothing import (
    NEIGHBOUR_COMPONENTS,
    average_neighbours,
)
from scdyn_core.preprocess.size_factors import (
    Counts,
    as_counts,
    median_total,
    size_normalise,
)
from scdyn_core.reporter import Reporter, raise_if_cancelled

if TYPE_CHECKING:
    from anndata import AnnData

#: Fewer genes with a believable velocity than this give no direction.
MIN_VELOCITY_GENES = 5


@dataclass(frozen=True)
class _Learned:
    """What the training part fixes for every part."""

    genes: NDArray[np.bool_]
    spliced_target: float
    unspliced_target: float
    components: PCA


def part_moments(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter, stages: int
) -> dict[Part, AnnData]:
    """Return every part with neighbours and the moments ``Ms`` and ``Mu`` of the chosen genes.

    Parameters
    ----------
    stages
        Steps of the whole source, of which these are the first three.

    Raises
    ------
    TrainingError
        When a part has too few cells or too few genes have both kinds of counts.
    """
    layers, roles = dataset.adata.layers, dataset.roles
    spliced = as_counts(layers[roles.spliced])
    unspliced = as_counts(layers[roles.unspliced])
    learned = _learn(spliced[split.train], unspliced[split.train], config, seed)
    names = np.asarray(dataset.adata.var_names)[learned.genes]
    parts: dict[Part, AnnData] = {}
    for done, part in enumerate(PARTS):
        raise_if_cancelled(reporter)
        reporter.progress("velocity", done, stages, f"neighbours and moments: {part}")
        cells = split.part_of(part)
        parts[part] = _moments(spliced[cells], unspliced[cells], learned, config, part)
        parts[part].var_names = names
    return parts


def _learn(spliced: Counts, unspliced: Counts, config: CleraConfig, seed: int) -> _Learned:
    target = median_total(spliced)
    kept = shared_count_genes(spliced, unspliced, config.min_shared_counts)
    if kept.sum() < MIN_VELOCITY_GENES:
        raise TrainingError(
            "velocity",
            found=f"{int(kept.sum())} genes with {config.min_shared_counts} shared spliced and "
            "unspliced counts in the training cells",
            needed=f"at least {MIN_VELOCITY_GENES}",
            fix="Lower min_shared_counts, or check that the roles spliced and unspliced are right.",
        )
    log_expression = size_normalise(spliced, target).log1p()[:, kept]
    kept[kept] = most_variable(log_expression, config.genes)
    log_expression = size_normalise(spliced, target).log1p()[:, kept]
    count = min(NEIGHBOUR_COMPONENTS, *(size - 1 for size in log_expression.shape))
    components = PCA(count, random_state=seed).fit(log_expression.toarray())
    return _Learned(kept, target, median_total(unspliced), components)


def _moments(
    spliced: Counts,
    unspliced: Counts,
    learned: _Learned,
    config: CleraConfig,
    part: Part,
) -> AnnData:
    """Return one part with neighbours and the moments ``Ms`` and ``Mu``."""
    import anndata

    normal = size_normalise(spliced, learned.spliced_target)[:, learned.genes]
    adata = anndata.AnnData(normal.copy())
    adata.layers["spliced"] = normal
    adata.layers["unspliced"] = size_normalise(unspliced, learned.unspliced_target)[
        :, learned.genes
    ]
    adata.obsm["X_pca"] = learned.components.transform(normal.log1p().toarray())
    average_neighbours(adata, {"Ms": "spliced", "Mu": "unspliced"}, config, part)
    return adata
