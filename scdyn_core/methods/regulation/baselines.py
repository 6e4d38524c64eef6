"""Networks that need no model, from the same cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scdyn_core.evaluation.network.correlation import correlation
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.mean_shift import mean_shift
from scdyn_core.evaluation.network.partial_correlation import partial_correlation
from scdyn_core.evaluation.network.regression_trees import TreeSettings, regression_trees
from scdyn_core.methods.perturbations.values import ScreenCells
from scdyn_core.reporter import Reporter

#: Genes of which each is predicted by trees: more take minutes.
MOST_TARGETS = 600
_TREES, _CELLS = 50, 1000


def baseline_networks(
    cells: ScreenCells, nodes: Sequence[str], seed: int, reporter: Reporter
) -> dict[str, NetworkEstimate]:
    """Estimate networks from the training cells.

    Trees are left out for very many genes, and all but the mean shift where no node is measured.

    Parameters
    ----------
    nodes
        Genes that edges may leave.
    """
    learned = cells.whole().of(cells.part == "train")
    measured = [name for name in nodes if name in set(cells.genes)]
    found = {"mean shift": mean_shift(learned, cells.labelled.genes)}
    if measured:
        found["correlation"] = correlation(learned.values, cells.genes, measured)
        found["partial correlation"] = partial_correlation(learned.values, cells.genes, measured)
    if measured and len(cells.genes) <= MOST_TARGETS:
        settings = TreeSettings(trees=_TREES, most_cells=_CELLS, seed=seed % 2**32)
        found["regression trees"] = regression_trees(
            learned.values, cells.genes, measured, settings=settings, reporter=reporter
        )
    return {name: known_sources(each, nodes) for name, each in found.items()}


def known_sources(estimate: NetworkEstimate, nodes: Sequence[str]) -> NetworkEstimate:
    """Return an estimate from all nodes; those it does not know have no edges."""
    value = estimate.of(nodes, estimate.targets)
    return NetworkEstimate(
        tuple(nodes), estimate.targets, np.asarray(value), estimate.unit, estimate.signed
    )
