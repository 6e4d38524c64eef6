"""What the target of a perturbation acts on by a network, beside what its cells showed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import keep_colours, names, short_names
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

#: What is shown of a network, the first that it has.
EVIDENCE = ("direct effect", "alignment")
#: Edges that a figure has room for.
MOST_EDGES = 20
_ROW, _EDGES, LEAST_REACH = 22.0, 150.0, 0.1


def outgoing_edges(network: pd.DataFrame) -> pd.DataFrame:
    """Return the edges in some rows of a run's table ``network``, the strongest first.

    Parameters
    ----------
    network
        evidence, source, target, value, unit, stability, signed.

    Returns
    -------
    DataFrame
        The same columns; empty where no row is of an evidence that is shown.
    """
    evidence = next((one for one in EVIDENCE if (network["evidence"] == one).any()), None)
    own = network[network["evidence"] == evidence]
    order = own["value"].abs().sort_values(ascending=False, kind="stable").index
    return own.loc[order].reset_index(drop=True)


def outgoing_edges_figure(edges: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the edges of a target as lollipops, the strongest first.

    Parameters
    ----------
    edges
        As ``outgoing_edges`` returns them; names may be hostile. Stability is NaN with one
        replicate.
    palette
        Colours.
    """
    value = edges["value"].to_numpy(dtype=np.float64)
    places = np.arange(len(edges), dtype=np.float64)
    figure = go.Figure()
    signed = edges["signed"].to_numpy(dtype=bool)
    for chosen, name, colour in (
        (signed & (value > 0), "raises", palette.diverging[-3]),
        (signed & (value <= 0), "lowers", palette.diverging[1]),
        (~signed, "acts on", palette.model),
    ):
        if chosen.any():
            _lollipops(figure, edges[chosen], places[chosen], name, colour)
    styled(figure, palette, height=_EDGES + _ROW * max(len(edges), 3))
    figure.add_vline(x=0, line={"color": palette.ink, "width": 1})
    reach = max(LEAST_REACH, float(np.abs(value).max()))
    low, high = min(0.0, float(value.min())), max(0.0, float(value.max()))
    figure.update_xaxes(
        title_text=escaped(edges["unit"].iloc[0]), range=[low - 0.08 * reach, high + 0.08 * reach]
    )
    figure.update_yaxes(
        tickvals=places.tolist(), ticktext=short_names(edges["target"]),
        range=[len(edges) - 0.4, -0.6], showline=False, ticks="", automargin=True, showgrid=True,
        gridcolor=palette.grid,
    )  # fmt: skip
    legend_at_bottom(figure)
    keep_colours(figure)
    return figure


def _lollipops(
    figure: go.Figure, own: pd.DataFrame, places: np.ndarray[tuple[int], np.dtype[np.float64]],
    name: str, colour: str,
) -> None:  # fmt: skip
    stems = np.column_stack([np.zeros(len(own)), own["value"], np.full(len(own), np.nan)])
    figure.add_trace(
        go.Scatter(
            x=stems.ravel(), y=np.repeat(places, 3), mode="lines", hoverinfo="skip",
            line={"color": colour, "width": 3}, showlegend=False,
        )
    )  # fmt: skip
    steady = ~(own["stability"] < 1)
    pairs = zip(names(own["source"]), names(own["target"]), own["value"], own["stability"],
                strict=True)  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=own["value"], y=places, mode="markers", name=name,
            marker={"size": 11, "color": colour, "line": {"width": 2, "color": colour},
                    "symbol": ["circle" if sure else "circle-open" for sure in steady]},
            text=[f"<b>{source}</b> {name} <b>{target}</b>: {value:+.3g}"
                  + ("" if share != share else f"<br>in {share:.0%} of the replicates")
                  for source, target, value, share in pairs],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
