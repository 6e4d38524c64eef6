"""Where each latent of a plane stands still."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.plane import Plane
from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.palette import Palette

CONTOUR_CELLS = 81


def add_nullclines(
    figure: go.Figure,
    field: LearnedField,
    plane: Plane,
    low: Values,
    high: Values,
    near: Callable[[Values], NDArray[np.bool_]],
    palette: Palette,
) -> None:
    """Draw the nullclines of both latents of the plane where ``near`` allows."""
    sides = [np.linspace(low[axis], high[axis], CONTOUR_CELLS) for axis in (0, 1)]
    x, y = (values.ravel() for values in np.meshgrid(*sides))
    slopes = plane.velocity(field, x, y)
    slopes[~near(np.column_stack([x, y]))] = np.nan
    latents = ((plane.first, "dash"), (plane.second, "dot"))
    for column, (latent, dash) in enumerate(latents):
        slope = slopes[:, column]
        seen = slope[np.isfinite(slope)]
        if not len(seen) or seen.min() * seen.max() >= 0:
            continue
        figure.add_trace(
            go.Contour(
                x=sides[0],
                y=sides[1],
                z=slope.reshape(CONTOUR_CELLS, CONTOUR_CELLS),
                contours={"start": 0, "end": 0, "size": 1, "coloring": "none"},
                line={"color": palette.second_ink, "width": 1.4, "dash": dash},
                name=f"dz<sub>{latent + 1}</sub>/dt = 0",
                showlegend=True,
                showscale=False,
                hoverinfo="skip",
            )
        )
