"""Ticks of a logarithmic axis that are plain numbers, few, and never only one.

Values so near to each other that no two such numbers lie between them get a linear axis, which
looks the same there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Steps within a decade, coarse to fine.
STEPS = ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9))
FEWEST = 3
MOST = 6
#: Least distance between ticks, in shares of the axis: nearer numbers lie on each other.
CLEAR = 0.1


def log_axis(values: NDArray[np.floating[Any]]) -> dict[str, Any]:
    """Return the settings of an axis for positive ``values``, logarithmic where that shows."""
    finite = values[np.isfinite(values) & (values > 0)]
    if len(finite) == 0:
        return {"type": "log"}
    low, high = float(finite.min()), float(finite.max())
    ticks: list[float] = []
    for steps in STEPS:
        ticks = _ticks(low, high, steps)
        if len(ticks) >= FEWEST:
            break
    if len(ticks) < 2:
        return {"type": "linear"}
    ticks = _apart(ticks, CLEAR * np.log(high / low))
    ticks = ticks[:: -(-len(ticks) // MOST)]
    return {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}


def _apart(ticks: list[float], gap: float) -> list[float]:
    """Leave out ticks too near to a larger one."""
    kept: list[float] = []
    for tick in reversed(ticks):
        if not kept or np.log(kept[-1] / tick) >= gap:
            kept.append(tick)
    return kept[::-1]


def _ticks(low: float, high: float, steps: tuple[int, ...]) -> list[float]:
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    every = [float(f"{step}e{decade}") for decade in decades for step in steps]
    return [tick for tick in every if low <= tick <= high]
