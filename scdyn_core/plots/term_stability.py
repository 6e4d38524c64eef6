"""Terms with their intervals, and beside them the share of replicates that kept each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.coefficient_map import term_label
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled

#: Meinshausen and Bühlmann 2010 (doi:10.1111/j.1467-9868.2010.00740.x) advise 0.6 to 0.9.
STABLE = 0.75
ROW_PIXELS = 22
PANEL_PIXELS = 34
_EDGES = 120
#: Sideways offset of the dots of single replicates, in rows.
_SPREAD = 0.16


def term_stability_figure(
    stability: pd.DataFrame, equations: pd.DataFrame, *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the coefficient of every term with its interval, equation by equation.

    Terms are ordered by size and coloured by sign; hollow ones are not stable (kept with one
    sign by fewer than ``STABLE`` of the replicates), small dots are single replicates. Where
    there are several replicates a second panel has the share that kept the term, with a line at
    the share expected by chance.

    Parameters
    ----------
    stability
        A run's table: equation, term, inclusion, chance, coefficient, low, high,
        sign_agreement, stability.
    equations
        The run's table of this name: replicate, equation, term, coefficient, active.
    palette
        Colours.
    """
    shown = stability[stability["inclusion"] > 0]
    numbers = sorted(stability["equation"].unique())
    several = equations["replicate"].nunique() > 1
    rows = [max(1, int((shown["equation"] == number).sum())) for number in numbers]
    height = _EDGES + sum(ROW_PIXELS * n + PANEL_PIXELS for n in rows)
    figure = make_subplots(
        rows=len(numbers),
        cols=2 if several else 1,
        row_heights=[float(n) for n in rows],
        column_widths=[0.7, 0.3] if several else None,
        horizontal_spacing=0.04,
        vertical_spacing=min(PANEL_PIXELS / height, 0.9 / max(len(numbers) - 1, 1)),
        shared_xaxes="columns",
        shared_yaxes="rows",
    )
    for row, number in enumerate(numbers, start=1):
        own = shown[shown["equation"] == number]
        own = own.sort_values("coefficient", key=abs)
        _coefficients(figure, own, row, palette)
        if several:
            _replicates(figure, own, equations[equations["equation"] == number], row, palette)
            _inclusion(figure, own, row, palette)
        figure.update_yaxes(
            tickvals=list(range(len(own))),
            ticktext=[term_label(str(term)) for term in own["term"]],
            range=[-0.7, max(len(own), 1) - 0.3],
            row=row,
            col=1,
        )
        figure.update_yaxes(title_text=f"dz<sub>{number}</sub>/dt", row=row, col=1)
    styled(figure, palette, height=height)
    figure.update_layout(showlegend=False, margin={"t": 16, "b": 56, "l": 92})
    figure.update_xaxes(showgrid=True, gridcolor=palette.grid)
    figure.update_yaxes(showline=False, ticks="")
    figure.update_xaxes(title_text="coefficient", row=len(numbers), col=1)
    if several:
        figure.update_xaxes(range=[0, 1.06], tickformat=".0%", tickvals=[0, 0.5, 1], col=2)
        figure.update_xaxes(title_text="share of replicates", row=len(numbers), col=2)
    return figure


def _coefficients(figure: go.Figure, own: pd.DataFrame, row: int, palette: Palette) -> None:
    colours = [_sign_colour(value, palette) for value in own["coefficient"]]
    low, high = own["low"].fillna(own["coefficient"]), own["high"].fillna(own["coefficient"])
    # One trace a sign: all error bars of a trace have one colour.
    for colour in dict.fromkeys(colours):
        chosen = np.array([other == colour for other in colours])
        part, at = own[chosen], np.flatnonzero(chosen)
        stable = part["stability"] >= STABLE
        figure.add_trace(
            go.Scatter(
                x=part["coefficient"],
                y=at,
                mode="markers",
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": (high[chosen] - part["coefficient"]).clip(lower=0),
                    "arrayminus": (part["coefficient"] - low[chosen]).clip(lower=0),
                    "color": colour,
                    "thickness": 1.5,
                    "width": 3,
                },
                marker={
                    "size": 8,
                    "color": [colour if whole else palette.background for whole in stable],
                    "line": {"color": colour, "width": 1.8},
                },
                customdata=np.column_stack(
                    [
                        [term_label(str(term)) for term in part["term"]],
                        _ranges(low[chosen], high[chosen]),
                        [f"{share:.0%}" for share in part["inclusion"]],
                        [f"{share:.0%}" for share in part["sign_agreement"]],
                    ]
                ),
                hovertemplate="<b>%{customdata[0]}</b>: %{x:.3g}<br>95 %: %{customdata[1]}<br>"
                "kept by %{customdata[2]} of replicates<br>same sign in %{customdata[3]}"
                "<extra></extra>",
            ),
            row=row,
            col=1,
        )
    figure.add_vline(x=0, line={"color": palette.muted, "width": 1}, row=row, col=1)


def _replicates(
    figure: go.Figure, own: pd.DataFrame, equations: pd.DataFrame, row: int, palette: Palette
) -> None:
    position = {term: index for index, term in enumerate(own["term"])}
    active = equations[equations["active"].astype(bool)]
    replicates = max(equations["replicate"].nunique() - 1, 1)
    number = active["replicate"].rank(method="dense") - 1
    figure.add_trace(
        go.Scatter(
            x=active["coefficient"],
            y=active["term"].map(position) + _SPREAD + 0.2 * number / replicates,
            mode="markers",
            marker={"size": 3.5, "color": palette.muted, "opacity": 0.8},
            customdata=active["replicate"] + 1,
            hovertemplate="replicate %{customdata}: %{x:.3g}<extra></extra>",
        ),
        row=row,
        col=1,
    )


def _inclusion(figure: go.Figure, own: pd.DataFrame, row: int, palette: Palette) -> None:
    figure.add_trace(
        go.Bar(
            x=own["inclusion"],
            y=list(range(len(own))),
            orientation="h",
            width=0.5,
            marker={
                "color": [_sign_colour(value, palette) for value in own["coefficient"]],
                "opacity": [1.0 if share >= STABLE else 0.45 for share in own["stability"]],
                "line": {"width": 0},
            },
            customdata=[term_label(str(term)) for term in own["term"]],
            hovertemplate="%{customdata}: kept by %{x:.0%} of replicates<extra></extra>",
        ),
        row=row,
        col=2,
    )
    if len(own):
        figure.add_trace(
            go.Scatter(
                x=[own["chance"].iloc[0]] * 2,
                y=[-0.6, len(own) - 0.4],
                mode="lines",
                line={"color": palette.ink, "dash": "dot", "width": 1.5},
                hovertemplate="by chance %{x:.0%}<extra></extra>",
            ),
            row=row,
            col=2,
        )


def _ranges(low: pd.Series, high: pd.Series) -> list[str]:
    return [f"{a:.3g} to {b:.3g}" for a, b in zip(low, high, strict=True)]


def _sign_colour(value: float, palette: Palette) -> str:
    return palette.diverging[2] if value < 0 else palette.diverging[-3]
