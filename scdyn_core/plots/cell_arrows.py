"""Where cells move on a map: velocities averaged on a grid, drawn over the cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.arrows import arrow_trace, grid_average, squares_for
from scdyn_core.plots.palette import Palette


def add_arrows(
    figure: go.Figure,
    xy: NDArray[np.float32],
    velocities: Sequence[NDArray[np.float32]],
    palette: Palette,
) -> None:
    """Draw velocities of the cells; the length of all is in units of the first.

    Parameters
    ----------
    xy
        Places, shape (cells, 2).
    velocities
        Each of shape (cells, 2); at most two.
    """
    whole = np.isfinite(xy).all(axis=1)
    if not velocities or not whole.any():
        return
    position = xy[whole].astype(np.float64)
    span = np.maximum(np.ptp(position, axis=0), 1e-12)
    squares, scale = squares_for(len(position)), None
    hues = (palette.ink, palette.second_ink)
    for velocity, hue in zip(velocities, hues, strict=False):
        mean = grid_average(position, velocity[whole].astype(np.float64), cells=squares)
        scale = mean.scale_for(span, squares) if scale is None else scale
        trace = arrow_trace(mean, span, cells=squares, colour=hue, name="", scale=scale)
        figure.add_trace(trace.update(showlegend=False))
