"""What predicts a response without a model: the responses of other types."""

from __future__ import annotations

import numpy as np

from scdyn_core.evaluation.response.seen_types import SeenTypes, Values


def no_change(seen: SeenTypes, control: Values) -> Values:
    """Nothing happens."""
    return np.zeros_like(control)


def mean_shift(seen: SeenTypes, control: Values) -> Values:
    """Mean response of the types, every type counting alike."""
    return np.asarray(seen.shift.mean(axis=0))


def cell_weighted_mean_shift(seen: SeenTypes, control: Values) -> Values:
    """Mean response of the types, every cell counting alike."""
    return np.asarray(np.average(seen.shift, axis=0, weights=seen.cells))


def nearest_shift(seen: SeenTypes, control: Values) -> Values:
    """Response of the type whose control cells are nearest on average."""
    return np.asarray(seen.shift[int(np.argmin(seen.distances(control)))])


def similar_shift(seen: SeenTypes, control: Values, width: float) -> Values:
    """Mean response of the types, weighted by how near their control cells are."""
    return np.asarray(seen.similarity(control, width) @ seen.shift)


def baseline_shifts(seen: SeenTypes, control: Values, width: float) -> dict[str, Values]:
    """Return the change that every baseline predicts, ``(G,)``, for a mean of control cells."""
    return {
        "no change": no_change(seen, control),
        "mean shift": mean_shift(seen, control),
        "cell-weighted mean shift": cell_weighted_mean_shift(seen, control),
        "nearest type's shift": nearest_shift(seen, control),
        "similar types' shift": similar_shift(seen, control, width),
    }
