"""The strongest edges of one node: what acts on it, and what it acts on."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.network_look import SIGN_WORDS, opacity, sign_colours
from scdyn_core.plots.network_ranking import shortened
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped, node_name

#: Pixels of a bar, and of everything round the bars.
BAR, AROUND = 19, 62


def neighbours_figure(
    regulators: pd.DataFrame, targets: pd.DataFrame, *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw signed weights as bars, in two groups.

    Parameters
    ----------
    regulators
        Edges that enter the node, the strongest first, columns as in ``networks.edges``.
    targets
        Edges that leave it.
    palette
        Colours.
    """
    rows = [(edge, "source") for edge in regulators.to_dict("records")]
    gap = 1 if rows and len(targets) else 0
    rows += [(edge, "target") for edge in targets.to_dict("records")]
    at = [n + (gap if n >= len(regulators) else 0) for n in range(len(rows))]
    colours = sign_colours(palette)
    names = [node_name(edge[f"{end}_kind"], edge[end]) for edge, end in rows]
    figure = go.Figure(
        go.Bar(
            x=[edge["weight"] * (-1 if edge["sign"] < 0 else 1) for edge, _ in rows],
            y=at,
            orientation="h",
            marker={
                "color": [colours[edge["sign"]] for edge, _ in rows],
                "opacity": [opacity(edge["stability"]) for edge, _ in rows],
            },
            customdata=[_told(edge, name) for (edge, _), name in zip(rows, names, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    styled(figure, palette, height=AROUND + BAR * (len(rows) + gap))
    figure.update_layout(bargap=0.25, margin={"l": 10, "r": 10, "t": 6, "b": 42})
    figure.update_xaxes(title_text="weight; − lowers", zeroline=True, zerolinecolor=palette.muted)
    figure.update_yaxes(
        tickvals=at,
        ticktext=[escaped(shortened(name)) for name in names],
        autorange="reversed",
        showline=False,
        ticks="",
        automargin=True,
    )
    return figure


def _told(edge: dict[Hashable, Any], name: str) -> str:
    stability = float(edge["stability"])
    shared = "" if math.isnan(stability) else f", in {stability:.0%} of the replicates"
    return f"{escaped(name)}: {edge['weight']:.3g}, {SIGN_WORDS[edge['sign']]}{shared}"
