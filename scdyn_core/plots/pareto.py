"""Candidates by what they cost and what they buy: terms, validation error, stability."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.text import escaped


def pareto_figure(candidates: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the share explained on validation cells against the number of terms.

    Candidates that no other beats in share, terms and stability at once are circles, the others
    crosses; the line is the front of share and terms alone; a ring marks the chosen one.

    Parameters
    ----------
    candidates
        Columns ``name`` (may be hostile), ``active_terms``, ``validation_derivative_share``,
        ``stability`` (NaN where unknown: grey), ``merit``, ``front``, ``chosen``. The position of a
        row is the ``customdata`` of its point.
    palette
        Colours.
    """
    terms = candidates["active_terms"].to_numpy(dtype=float)
    share = candidates["validation_derivative_share"].to_numpy(dtype=float)
    figure = go.Figure()
    steps = staircase(terms, share)
    figure.add_trace(
        go.Scatter(
            x=terms[steps],
            y=share[steps],
            mode="lines",
            line={"color": palette.muted, "width": 1.2, "dash": "dot", "shape": "hv"},
            hoverinfo="skip",
        )
    )
    chosen = candidates["chosen"].to_numpy(dtype=bool)
    figure.add_trace(
        go.Scatter(
            x=terms[chosen],
            y=share[chosen],
            mode="markers",
            marker={
                "size": 26,
                "symbol": "circle-open",
                "color": palette.second_ink,
                "line": {"width": 2.5},
            },
            hoverinfo="skip",
            unselected={"marker": {"opacity": 1.0}},
        )
    )
    known = candidates["stability"].notna().to_numpy()
    for part in (known, ~known):
        if part.any():
            figure.add_trace(_points(candidates, np.flatnonzero(part), palette))
    styled(figure, palette, height=420)
    figure.update_layout(showlegend=False, margin={"t": 20})
    figure.update_xaxes(title_text="terms in the equations", **_whole_numbers(terms))
    figure.update_yaxes(
        title_text="derivative share, validation cells", showgrid=True, gridcolor=palette.grid
    )
    return figure


def staircase(terms: NDArray[np.float64], share: NDArray[np.float64]) -> list[int]:
    """Return the rows that explain more than every one with as few terms, fewest terms first."""
    best, rows = -np.inf, []
    for row in np.lexsort((-share, terms)):
        if share[row] > best:
            best = share[row]
            rows.append(int(row))
    return rows


def _points(candidates: pd.DataFrame, rows: NDArray[np.intp], palette: Palette) -> go.Scatter:
    """Return the points of the candidates in ``rows``, whose stability is known or is not."""
    own = candidates.iloc[rows]
    known = bool(own["stability"].notna().all())
    return go.Scatter(
        x=own["active_terms"],
        y=own["validation_derivative_share"],
        mode="markers",
        customdata=rows,
        text=[_words(row) for _, row in own.iterrows()],
        hovertemplate="%{text}<extra></extra>",
        marker={
            "size": [15 if on else 11 for on in own["front"]],
            "symbol": ["circle" if on else "x" for on in own["front"]],
            "color": own["stability"] if known else palette.baseline,
            "colorscale": palette.scale(palette.sequential),
            "colorbar": colour_bar("stability", palette),
            "showscale": known,
            "opacity": 1.0,
            "line": {"width": 1, "color": palette.ink},
        },
        # A point that is not picked stays as it is: the picture is the message, not the pick.
        unselected={"marker": {"opacity": 1.0}},
    )


def _words(row: pd.Series) -> str:
    stability = "unknown" if np.isnan(row["stability"]) else f"{row['stability']:.2f}"
    return (
        f"<b>{escaped(row['name'])}</b><br>{int(row['active_terms'])} terms, share "
        f"{row['validation_derivative_share']:.3f}<br>stability {stability}<br>"
        f"merit {row['merit']:.2f}"
    )


def _whole_numbers(terms: NDArray[np.float64]) -> dict[str, object]:
    """Return the range and a whole step between ticks: there is no half a term."""
    low, high = float(terms.min()), float(terms.max())
    room = max(1.0, 0.08 * (high - low))
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000)
    step = next((step for step in steps if (high - low) / step <= 8), steps[-1])
    return {"range": [low - room, high + room], "dtick": step}
