"""What each cell type is of the cells, and of what is drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import short_names
from scdyn_core.plots.rare_looks import share_axis, times
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

#: Types that are drawn, the rarest.
MOST_TYPES = 50
#: No type should be drawn less often than this share of its cells.
FLOOR = 0.5
_ROW, _EDGES = 24.0, 150.0


def type_masses(sampling_mass: pd.DataFrame) -> pd.DataFrame:
    """Return share and mass of every type after the last refresh, over the replicates.

    Parameters
    ----------
    sampling_mass
        A run's table: replicate, epoch, cell_type, cells, share, mass.

    Returns
    -------
    pandas.DataFrame
        cell_type, cells, share, mass (mean over replicates), low and high (their range),
        times (mass over share); the rarest first.
    """
    last = sampling_mass.groupby("replicate")["epoch"].transform("max")
    rows = sampling_mass[sampling_mass["epoch"] == last]
    found = rows.groupby("cell_type", sort=False, observed=True).agg(
        cells=("cells", "first"), share=("share", "first"), mass=("mass", "mean"),
        low=("mass", "min"), high=("mass", "max"),
    )  # fmt: skip
    found["times"] = found["mass"] / found["share"]
    return found.sort_values("share", kind="stable").reset_index()


def type_mass_figure(masses: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the way from the share of a type's cells to the share of what is drawn.

    Parameters
    ----------
    masses
        Of ``type_masses``, or the same columns. Names may be hostile.
    palette
        Colours.
    """
    own = masses.head(MOST_TYPES).reset_index(drop=True)
    places = np.arange(len(own))
    share, mass = 100 * own["share"].to_numpy(), 100 * own["mass"].to_numpy()
    least = 0.1 * share.min() if len(own) else 0.01
    drawn = np.maximum(mass, least)
    figure = go.Figure()
    gap = np.full(len(own), np.nan)
    figure.add_trace(
        go.Scatter(
            x=np.column_stack([share, drawn, gap]).ravel(), y=np.repeat(places, 3), mode="lines",
            line={"color": palette.muted, "width": 2}, hoverinfo="skip", showlegend=False,
        )
    )  # fmt: skip
    figure.add_trace(_marks(share, places, "share of the cells", "circle-open",
                            palette.ink, 10, own, 2))  # fmt: skip
    figure.add_trace(_marks(FLOOR * share, places, "half of that share", "line-ns-open",
                            palette.muted, 10, own, 2))  # fmt: skip
    for chosen, name, colour, symbol in (
        (mass >= share, "drawn more often", palette.diverging[-2], "triangle-right"),
        (mass < share, "drawn less often", palette.diverging[1], "triangle-left"),
    ):
        if chosen.any():
            marks = _marks(
                drawn[chosen], places[chosen], name, symbol, colour, 13, own[chosen], 0
            )  # fmt: skip
            marks.error_x = {
                "type": "data", "symmetric": False, "color": colour, "thickness": 1.2, "width": 4,
                "array": 100 * own["high"][chosen] - drawn[chosen],
                "arrayminus": np.maximum(drawn[chosen] - 100 * own["low"][chosen], 0),
            }  # fmt: skip
            figure.add_trace(marks)
    styled(figure, palette, height=_EDGES + _ROW * max(len(own), 3))
    ends = np.concatenate([FLOOR * share, share, drawn, 100 * own["high"]]) if len(own) else share
    figure.update_xaxes(showgrid=True, gridcolor=palette.grid, **share_axis(ends, "share"))
    figure.update_yaxes(
        tickvals=places.tolist(), ticktext=short_names(own["cell_type"]), automargin=True,
        range=[len(own) - 0.4, -0.6], showline=False, ticks="",
    )  # fmt: skip
    for place, value in zip(places.tolist(), own["times"], strict=True):
        figure.add_annotation(
            x=1, xref="paper", y=place, text=f"{times(value)}x", xanchor="left", showarrow=False,
            font={"size": 12, "color": palette.ink}, xshift=8,
        )  # fmt: skip
    legend_at_bottom(figure)
    figure.update_layout(margin={"r": 64, "t": 16, "b": 92})
    return figure


def _marks(
    x: np.ndarray[tuple[int], np.dtype[np.float64]], y: np.ndarray[tuple[int], np.dtype[np.int64]],
    name: str, symbol: str, colour: str, size: float, own: pd.DataFrame, line: float,
) -> go.Scatter:  # fmt: skip
    return go.Scatter(
        x=x, y=y, mode="markers", name=name,
        marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": line}},
        text=[f"<b>{escaped(name)}</b><br>{cells:,} cells, {100 * share:.2g} % of all<br>"
              f"{100 * mass:.2g} % of what is drawn"
              for name, cells, share, mass in
              zip(own["cell_type"], own["cells"], own["share"], own["mass"], strict=True)],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
