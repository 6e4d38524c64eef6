"""Raw RNA velocity: what unspliced counts say of the next spliced ones, gene by gene.

It points mostly out of the span of the cells, so a low-dimensional model can express little of
it; it is here to be compared with, and for genes that are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.dynamical import Kinetics, fit_dynamics
from scdyn_core.methods.clera.sources.moments import part_moments
from scdyn_core.methods.clera.sources.moving import Matrix, Moving, SourceData
from scdyn_core.methods.clera.sources.steady_state import fit_rates
from scdyn_core.reporter import Reporter, raise_if_cancelled

if TYPE_CHECKING:
    from anndata import AnnData


def velocity_source(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> SourceData:
    """Estimate velocity in every part with the rates of the training part.

    The null gives every cell the unspliced counts of another cell of its part: what the model
    of splicing makes of spliced counts alone.

    Raises
    ------
    TrainingError
        When a part has too few cells or too few genes carry velocity.
    """
    parts = part_moments(dataset, config, split, seed, reporter, len(PARTS))
    reporter.progress("velocity", len(PARTS), len(PARTS), "degradation rates")
    velocity = _kinetics(parts, config, reporter)
    rng = np.random.default_rng(seed)
    real: dict[Part, Moving] = {}
    null: dict[Part, Moving] = {}
    for part in PARTS:
        raise_if_cancelled(reporter)
        adata, positions = parts[part], split.part_of(part)
        spliced, unspliced = (np.asarray(adata.layers[name], dtype=np.float64)
                              for name in ("Ms", "Mu"))  # fmt: skip
        real[part] = Moving(spliced, _known(velocity(adata, unspliced)), positions)
        others = unspliced[rng.permutation(adata.n_obs)]
        null[part] = Moving(spliced, _known(velocity(adata, others)), positions)
    genes = tuple(parts["train"].var_names)
    return SourceData(f"RNA velocity ({config.velocity_mode})", genes, real, null)


def _kinetics(parts: dict[Part, AnnData], config: CleraConfig, reporter: Reporter) -> Kinetics:
    if config.velocity_mode == "dynamical":
        return fit_dynamics(parts, reporter)
    gamma = fit_rates(parts, config.velocity_mode)

    def steady_state(adata: AnnData, unspliced: Matrix) -> Matrix:
        change: Matrix = unspliced - gamma * np.asarray(adata.layers["Ms"], dtype=np.float64)
        return change

    return steady_state


def _known(velocity: Matrix) -> Matrix:
    """Take a velocity that scVelo cannot say for a cell as none."""
    return np.nan_to_num(velocity, nan=0.0, posinf=0.0, neginf=0.0)
