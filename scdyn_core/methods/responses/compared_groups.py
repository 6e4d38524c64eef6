"""The same genes in other cells: curves of every level of the compared role."""

from __future__ import annotations

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.methods.responses.config import ResponseConfig
from scdyn_core.methods.responses.groups import group_of, sampling_times
from scdyn_core.methods.responses.input import gene_input
from scdyn_core.methods.responses.offset import common_difference
from scdyn_core.methods.responses.pseudobulk import FEWEST_CELLS, Curves, Matrix, curves


def group_curves(
    dataset: Dataset, config: ResponseConfig, learned: Curves, offset: Matrix
) -> dict[str, tuple[Curves, Matrix]]:
    """Return curves and offset of every level with enough cells; genes as in ``gene_input``.

    The offset of a group is what most genes differ by from the learned cells, so that a
    difference between groups is one of genes, not of depth.
    """
    levels = group_of(dataset, config)
    if levels is None:
        return {}
    found = gene_input(dataset, config)
    times = sampling_times(dataset)
    groups = {}
    for level in sorted(set(levels)):
        chosen = levels == level
        at, cells = np.unique(times[chosen & np.isfinite(times)], return_counts=True)
        at = at[cells >= FEWEST_CELLS]
        if len(at) < 1:
            continue
        own = curves(found.values, times, at, chosen, fewest_times=1)
        groups[str(level)] = own, _offset(own, learned, offset, config)
    return groups


def _offset(own: Curves, learned: Curves, offset: Matrix, config: ResponseConfig) -> Matrix:
    """Compare every time of a group with each learned one; the one most genes agree on decides.

    Cells that were not stimulated are all like the first time; stimulated ones are most like
    those of the same time.
    """
    if config.offset_of(len(own.mean)) == "none":
        return np.zeros(len(own.times))
    without = learned.mean - offset
    shifts = []
    for mean, se in zip(own.mean.T, own.se.T, strict=True):
        known = [
            common_difference(mean - other, np.hypot(se, error))
            for other, error in zip(without.T, learned.se.T, strict=True)
        ]
        shifts.append(max(known, key=lambda each: each[1])[0])
    return np.array(shifts)
