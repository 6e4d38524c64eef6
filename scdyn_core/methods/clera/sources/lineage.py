"""Slope of expression along a pseudotime, lineage by lineage.

Along each lineage ``r`` is the rank of a cell's pseudotime among the lineage's cells of the same
part, from 0 to 1, and the derivative is the slope at ``r`` of a local linear regression of
expression on rank with a Gaussian kernel (Fan & Gijbels 1996). A cell on several lineages moves
with the mean of their slopes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.moments import part_moments
from scdyn_core.methods.clera.sources.moving import Matrix, Moving, SourceData
from scdyn_core.methods.clera.sources.order import order_inside_parts
from scdyn_core.methods.clera.sources.smoothing import smoothed_expression
from scdyn_core.methods.clera.sources.steady_state import fit_rates
from scdyn_core.methods.clera.sources.types import cell_types, lineages, transitions
from scdyn_core.reporter import Reporter, raise_if_cancelled

if TYPE_CHECKING:
    from anndata import AnnData

CAUTION = (
    "The slope depends on a cell's lineage and rank alone, so it is easier to predict than a "
    "velocity by construction, and its direction is that of the pseudotime: it is no evidence "
    "for that direction."
)
#: Fewer cells make no slope.
MIN_CELLS = 10
#: Cells at least that a kernel weighs within one width.
MIN_KERNEL_CELLS = 3
#: Places per kernel width at which slopes are computed; between them they are interpolated.
PLACES_PER_WIDTH = 4


def lineage_source(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> SourceData:
    """Build the slopes inside each part; the null permutes the pseudotime over its cells.

    Expression is the moments of the spliced counts of velocity genes where both kinds of counts
    are there, else ``X`` averaged over neighbours.

    Raises
    ------
    ConfigError
        When a transition names an unknown cell type.
    TrainingError
        When a part has too few cells on a lineage.
    """
    codes, names = cell_types(dataset)
    paths = lineages(transitions(config.lineage, names))
    members = [np.isin(codes, [names.index(name) for name in path]) for path in paths]
    given = dataset.adata.obs[dataset.roles.pseudotime].to_numpy(dtype=np.float64)
    smoothed = _expression(dataset, config, split, seed, reporter)
    raise_if_cancelled(reporter)
    reporter.progress("velocity", len(PARTS), len(PARTS) + 1, "order inside each part")
    order = order_inside_parts(smoothed, {part: given[split.part_of(part)] for part in PARTS})
    rng = np.random.default_rng(seed)
    real: dict[Part, Moving] = {}
    null: dict[Part, Moving] = {}
    for part in PARTS:
        raise_if_cancelled(reporter)
        cells, time = split.part_of(part), order.times[part]
        expression = np.asarray(smoothed[part].layers["Ms"], dtype=np.float64)
        timed = np.isfinite(time)
        lines = [timed & line[cells] for line in members] or [timed]
        shuffled = time.copy()
        shuffled[timed] = rng.permutation(time[timed])
        kept = np.logical_or.reduce(lines)
        for moving, along in ((real, time), (null, shuffled)):
            slopes = _slopes(expression, along, lines, config.lineage_bandwidth, part)
            moving[part] = Moving(expression[kept], slopes[kept], cells[kept])
    genes = tuple(smoothed["train"].var_names)
    return SourceData("lineage slope", genes, real, null, (order.caution, CAUTION))


def _expression(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> dict[Part, AnnData]:
    stages = len(PARTS) + 1
    if not {"spliced", "unspliced"} <= dataset.roles.assigned().keys():
        return smoothed_expression(dataset, config, split, seed, reporter, stages)
    parts = part_moments(dataset, config, split, seed, reporter, stages)
    # The genes of the velocity graph, so that the two sources compare.
    fit_rates(parts, "stochastic")
    return parts


def _slopes(
    expression: Matrix,
    time: NDArray[np.float64],
    lines: Sequence[NDArray[np.bool_]],
    bandwidth: float,
    part: Part,
) -> Matrix:
    """Return the mean slope over each cell's lineages; zero on none, shape ``(n, G)``."""
    total = np.zeros_like(expression)
    for line in lines:
        cells = np.flatnonzero(line)
        if len(cells) < MIN_CELLS:
            raise TrainingError(
                f"lineage, {part} part",
                found=f"{len(cells)} cells with a pseudotime on a lineage",
                needed=f"at least {MIN_CELLS}",
                fix="Use more cells, or leave the transition to the rarest type out.",
            )
        ordered = cells[np.argsort(time[cells], kind="stable")]
        total[ordered] += local_slopes(expression[ordered], bandwidth)
    times = np.sum(lines, axis=0)
    mean: Matrix = total / np.maximum(times, 1)[:, None]
    return mean


def local_slopes(ordered: Matrix, bandwidth: float) -> Matrix:
    """Return the slope of each column along evenly spaced ranks from 0 to 1.

    Parameters
    ----------
    ordered
        Values in the order of the ranks, shape ``(n, G)``.
    bandwidth
        Standard deviation of the kernel, in ranks.

    Returns
    -------
    Slopes of a local linear regression at every rank, units of the values, shape ``(n, G)``.
    """
    n = len(ordered)
    width = max(bandwidth, MIN_KERNEL_CELLS / n)
    ranks = (np.arange(n) + 0.5) / n
    places = np.linspace(0, 1, int(np.ceil(PLACES_PER_WIDTH / width)) + 1)
    offsets = ranks - places[:, None]
    weights = np.exp(-0.5 * np.square(offsets / width))
    s0, s1, s2 = (np.sum(weights * offsets**power, axis=1) for power in (0, 1, 2))
    # The slope of weighted least squares is linear in the values.
    smoother = (s0[:, None] * offsets - s1[:, None]) * weights / (s0 * s2 - s1**2)[:, None]
    at_places = smoother @ ordered
    upper = np.clip(np.searchsorted(places, ranks), 1, len(places) - 1)
    share = ((ranks - places[upper - 1]) / (places[upper] - places[upper - 1]))[:, None]
    slopes: Matrix = (1 - share) * at_places[upper - 1] + share * at_places[upper]
    return slopes
