"""Expected displacement on the velocity graph: the default derivative.

RNA velocity (La Manno et al. 2018, doi:10.1038/s41586-018-0414-6; scVelo, Bergen et al. 2020,
doi:10.1038/s41587-020-0591-3) points mostly out of the span of the data. The displacement a
cell expects on scVelo's velocity graph stays inside it: with transition probabilities ``T``
and smoothed spliced expression ``x``, ``dx_i = Σ_j (T_ij - 1/k_i) (x_j - x_i)`` over the ``k_i``
neighbours ``j``. Neighbours, moments and graph are built inside each part; gene choice, size
targets, principal components and degradation rates come from the training part. The training
part is seen at the density of the parts that are scored.
"""

from __future__ import annotations

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.displacement import (
    common_displacement,
    destroy_directions,
    displacement,
    displacement_at_density,
)
from scdyn_core.methods.clera.sources.moments import part_moments
from scdyn_core.methods.clera.sources.moving import Matrix, Moving, SourceData
from scdyn_core.methods.clera.sources.steady_state import fit_rates
from scdyn_core.reporter import Reporter, raise_if_cancelled


def graph_source(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> SourceData:
    """Build the displacement in every part, and its null from velocities without direction.

    Raises
    ------
    TrainingError
        When a part has too few cells or too few genes carry velocity.
    """
    stages = 2 * len(PARTS)
    parts = part_moments(dataset, config, split, seed, reporter, stages)
    fit_rates(parts, "stochastic")
    rng = np.random.default_rng(seed)
    average = np.asarray(parts["train"].layers["velocity"]).mean(axis=0)
    scored = min(len(split.validation), len(split.test))
    real: dict[Part, Moving] = {}
    null: dict[Part, Moving] = {}
    common: dict[Part, Matrix] = {}
    for done, part in enumerate(PARTS, start=len(PARTS)):
        raise_if_cancelled(reporter)
        reporter.progress("velocity", done, stages, f"velocity graph: {part}")
        adata, positions = parts[part], split.part_of(part)
        common[part] = common_displacement(adata, average)
        expression = np.asarray(adata.layers["Ms"], dtype=np.float64)
        if part == "train" and config.graph_rounds:
            moving, still = (
                displacement_at_density(
                    adata, scored, config, rng, reporter, directionless=directionless
                )
                for directionless in (False, True)
            )
        else:
            moving = displacement(adata)
            destroy_directions(adata, rng, turns=config.null_turns)
            still = displacement(adata)
        real[part] = Moving(expression, moving, positions)
        null[part] = Moving(expression, still, positions)
    names = tuple(parts["train"].var_names)
    return SourceData("velocity graph", names, real, null, common=common)
