"""Where the cells of a perturbation lie on the map of the latents, over the control cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.cluster_colours import translucent
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.points import MOST_POINTS, MOST_VECTOR_POINTS, thinned
from scdyn_core.plots.style import equal_scales, legend_below, styled
from scdyn_core.plots.text import escaped

#: Panels of a grid, panels beside each other, and cells of the backdrop of each.
MOST_PANELS, COLUMNS, BACKDROP = 12, 4, 4_000
_PANEL, _EDGES = 200.0, 70.0


def perturbation_cells_figure(
    cells: pd.DataFrame, perturbation: str, controls: Sequence[str], *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the cells of a perturbation over control cells over all others.

    Parameters
    ----------
    cells
        A run's table: perturbation, umap_1, umap_2.
    perturbation, controls
        Names as they came.
    palette
        Colours.
    """
    label = cells["perturbation"].astype(str)
    own, control = label == perturbation, label.isin(list(controls)) & (label != perturbation)
    figure = go.Figure()
    # As many of the rest as leave room for those the figure is about.
    rest = thinned(cells[~own & ~control])
    for frame, name, colour, opacity, size in (
        (rest, "other perturbations", palette.faint, 0.8, 3.0),
        (thinned(cells[control]), "control", palette.muted, 0.55, 3.0),
        (thinned(cells[own]), f"<b>{escaped(perturbation)}</b>", palette.model, 0.9, 5.0),
    ):
        if len(frame):
            kind = go.Scatter if len(cells) <= MOST_VECTOR_POINTS else go.Scattergl
            figure.add_trace(
                kind(
                    x=frame["umap_1"], y=frame["umap_2"], mode="markers", hoverinfo="skip",
                    name=f"{name} ({len(frame):,} cells)",
                    marker={"size": _smaller(size, len(cells)), "color": colour,
                            "opacity": opacity},
                )
            )  # fmt: skip
    styled(figure, palette, height=520)
    _bare(figure)
    equal_scales(figure)
    figure.update_layout(xaxis_title_text="UMAP 1 of the latents", yaxis_title_text="UMAP 2")
    legend_below(figure)
    return figure


def perturbation_cells_grid_figure(
    cells: pd.DataFrame,
    shown: Sequence[str],
    controls: Sequence[str],
    *,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the same for several perturbations, one small panel each.

    Parameters
    ----------
    cells
        A run's table: perturbation, umap_1, umap_2.
    shown
        Perturbations (may be hostile), at most ``MOST_PANELS``.
    controls
        Labels of control cells, the backdrop.
    palette
        Colours.
    """
    shown = list(dict.fromkeys(shown))[:MOST_PANELS]
    label = cells["perturbation"].astype(str)
    control = cells[label.isin(list(controls))]
    backdrop = control.sample(min(len(control), BACKDROP), random_state=0)
    columns = max(1, min(COLUMNS, len(shown)))
    rows = max(1, -(-len(shown) // columns))
    figure = make_subplots(
        rows, columns, shared_xaxes="all", shared_yaxes="all", horizontal_spacing=0.02,
        vertical_spacing=min(0.12, 30 / (_PANEL * rows)),
        subplot_titles=[f"<b>{escaped(name)}</b> · {int((label == name).sum()):,}"
                        for name in shown],
    )  # fmt: skip
    for position, name in enumerate(shown):
        place = {"row": position // columns + 1, "col": position % columns + 1}
        own = cells[label == name]
        most = MOST_POINTS // max(len(shown), 1)
        own = own.sample(min(len(own), most), random_state=0)
        for frame, colour, size in ((backdrop, translucent(palette.muted, 0.35), 2.5),
                                    (own, palette.model, 4.0)):  # fmt: skip
            figure.add_trace(
                go.Scattergl(
                    x=frame["umap_1"], y=frame["umap_2"], mode="markers", hoverinfo="skip",
                    showlegend=False, marker={"size": _smaller(size, len(frame)), "color": colour},
                ), **place,
            )  # fmt: skip
    styled(figure, palette, height=_EDGES + _PANEL * rows)
    _bare(figure)
    figure.update_layout(margin={"l": 16, "r": 16, "b": 16})
    figure.update_annotations(font_size=12)
    return figure


def _smaller(size: float, n: int) -> float:
    """Return the size of points, smaller where there are many."""
    return float(max(1.5, size - 0.6 * np.log10(max(n / 1_000, 1.0))))


def _bare(figure: go.Figure) -> None:
    """Leave out ticks: a UMAP has no units."""
    figure.update_xaxes(ticks="", showticklabels=False, showline=False)
    figure.update_yaxes(ticks="", showticklabels=False, showline=False)
