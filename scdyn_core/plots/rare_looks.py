"""What ways of drawing cells are called and look like, and the colours of weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from scdyn_core.plots.log_axis import log_axis
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.perturbation_looks import Look
from scdyn_core.training.resampling.words import NAMES

UNIFORM = "uniform"
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "star", "x")
#: Weights beyond are drawn in the last colour; and the least span of the scale.
_CLIP_QUANTILE, _LEAST = 0.995, 2.0
_TICKS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_MOST_TICKS = 3
#: Shares that span more are drawn on a logarithmic axis.
_WIDE = 6.0


def arm_name(arm: object) -> str:
    """Return what a way of drawing cells is called; unknown ones (may be hostile) as they are."""
    return NAMES.get(str(arm), str(arm))


def arm_look(arm: str, palette: Palette) -> Look:
    """Return colour and symbol of a way of drawing cells, the same in every figure."""
    if arm == UNIFORM:
        return Look(palette.baseline, "circle-open")
    number = list(NAMES).index(arm) if arm in NAMES else len(NAMES)
    return Look(
        palette.categorical[(number - 1) % len(palette.categorical)],
        _SYMBOLS[(number - 1) % len(_SYMBOLS)],
    )


def weight_scale(palette: Palette) -> list[list[float | str]]:
    """Return a signed colour scale whose middle, a weight of 1, can still be seen."""
    low, high = palette.diverging[:3], palette.diverging[-3:]
    return palette.scale((*low, palette.faint, *high))


def weight_reach(weights: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Return the weight at the end of the colour scale, which reaches as far below 1 as above."""
    positive = weights[np.isfinite(weights) & (weights > 0)]
    if not len(positive):
        return _LEAST
    folds = np.exp(np.abs(np.log(positive)))
    return max(float(np.quantile(folds, _CLIP_QUANTILE)), _LEAST)


def weight_ticks(reach: float) -> list[float]:
    """Return few plain numbers from ``1 / reach`` to ``reach``, as many below 1 as above."""
    inside = [tick for tick in _TICKS if tick <= reach * 1.001]
    kept = inside[:: -(-len(inside) // _MOST_TICKS)]
    return [*[1 / tick for tick in reversed(kept)], 1.0, *kept]


def share_axis(percent: np.ndarray[tuple[int], np.dtype[np.float64]], title: str) -> dict[str, Any]:
    """Return the settings of an axis of shares: logarithmic where they differ much."""
    values = percent[np.isfinite(percent) & (percent > 0)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (1.0, 100.0)
    if high < _WIDE * low:
        # Equal shares are not to be told apart by their last digits.
        room = max(0.05 * (high - low), 0.05 * high)
        return {"title_text": f"{title} (%)", "range": [max(low - room, 0.0), high + room]}
    room = 0.04 * np.log10(high / low)
    return {
        "title_text": f"{title} (%, logarithmic)",
        **log_axis(values),
        "range": [np.log10(low) - room, np.log10(high) + room],
    }


def legend_room(entries: int) -> float:
    """Return the pixels below the axes for their title and a legend of two columns."""
    return 64.0 + 20.0 * -(-entries // 2)


def times(value: float) -> str:
    """Return a weight for people: ``0.5``, ``1``, ``8.3``, ``120``."""
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"
