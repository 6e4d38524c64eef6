"""The strongest perturbations: effect, knock-down of the target, and genes changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import (
    CONTROL,
    KINDS,
    NULL,
    keep_colours,
    kind_look,
    names,
    short_names,
)
from scdyn_core.plots.style import legend_at_bottom, styled

PANELS = {
    "e_distance": "effect (E-distance)",
    "knock_down": "knock-down (log<sub>2</sub>)",
    "changed_genes": "genes changed",
    "latents_on": "latents shifted",
}
_ROW, _EDGES = 18.0, 150.0


def ranked(perturbations: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the ``most`` strongest, with the null control, and their ``row``; strongest first."""
    table = perturbations.assign(row=np.arange(len(perturbations)))
    table = table[table["kind"] != CONTROL].sort_values(
        "e_distance", ascending=False, kind="stable", na_position="last"
    )
    return table[(np.arange(len(table)) < most) | (table["kind"] == NULL).to_numpy()]


def effect_ranking_figure(
    perturbations: pd.DataFrame, *, most: int = 40, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the strongest perturbations in rows; rings have no effect that can be seen.

    Parameters
    ----------
    perturbations
        A run's table. The row of a perturbation is ``customdata[0]`` of its points. Names may be
        hostile.
    most
        Rows; the null control has one besides.
    palette
        Colours.
    """
    table = ranked(perturbations, most)
    panels = [name for name in PANELS if name in table and table[name].notna().any()]
    figure = make_subplots(1, max(len(panels), 1), shared_yaxes=True, horizontal_spacing=0.03)
    words = short_names(table["perturbation"])
    places = np.arange(len(table))
    for column, panel in enumerate(panels, start=1):
        for kind in KINDS:
            own = (table["kind"] == kind).to_numpy() & table[panel].notna().to_numpy()
            if own.any():
                figure.add_trace(
                    _points(table[own], places[own], panel, kind, palette, legend=column == 1),
                    row=1, col=column,
                )  # fmt: skip
        figure.update_xaxes(title_text=PANELS[panel], rangemode="tozero", nticks=5, col=column)
    styled(figure, palette, height=_EDGES + _ROW * max(len(table), 4))
    if "knock_down" in panels:
        figure.add_vline(
            x=0, line={"color": palette.muted, "width": 1}, row=1,
            col=panels.index("knock_down") + 1,
        )  # fmt: skip
    figure.update_yaxes(
        tickvals=places.tolist(), range=[len(table) - 0.4, -0.6], showgrid=True,
        gridcolor=palette.grid, showline=False, ticks="", tickfont_size=11,
    )  # fmt: skip
    figure.update_yaxes(ticktext=words, automargin=True, col=1)
    figure.update_xaxes(title_font_size=12)
    legend_at_bottom(figure)
    keep_colours(figure)
    return figure


def _points(
    own: pd.DataFrame, places: np.ndarray[tuple[int], np.dtype[np.int64]], panel: str, kind: str,
    palette: Palette, *, legend: bool,
) -> go.Scatter:  # fmt: skip
    look = kind_look(kind, palette)
    return go.Scatter(
        x=own[panel], y=places, mode="markers", cliponaxis=False, name=kind,
        legendgroup=kind, showlegend=legend,
        marker={"size": 9, "color": look.colour, "line": {"width": 1.5, "color": look.colour},
                "symbol": [look.symbol if visible else f"{look.symbol}-open"
                           for visible in own["visible"].astype(bool)]},
        text=[f"<b>{word}</b><br>{PANELS[panel]}: {value:.3g}"
              + ("" if visible else "<br>no effect that can be seen")
              for word, value, visible in zip(names(own["perturbation"]), own[panel],
                                              own["visible"].astype(bool), strict=True)],
        customdata=[[row] for row in own["row"].tolist()],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
