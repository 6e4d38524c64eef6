"""How an effect runs through a network: from the genes that were changed to those that follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import networkx as nx
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.networks.carriers import layered
from scdyn_core.plots.network import network_figure
from scdyn_core.plots.network_what_if import LOG2
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar

HEIGHT = 560


def effect_graph_figure(
    carried: pd.DataFrame, change: pd.Series, *, held: Collection[str],
    kinds: Mapping[str, str] | None = None, unit: str = LOG2, palette: Palette = LIGHT,
) -> go.Figure:  # fmt: skip
    """Draw the edges that carry an effect, nodes painted by their change.

    Parameters
    ----------
    carried
        source, target (may be hostile), effect, contribution.
    change
        Node -> its change.
    held
        Nodes that were changed; they stand on the left.
    kinds
        Node -> kind; genes where not given.
    unit
        Of the change; markup is ours.
    palette
        Colours.
    """
    graph = nx.DiGraph()
    own = kinds or {}
    for node in dict.fromkeys([*held, *carried["source"], *carried["target"]]):
        graph.add_node(node, kind=own.get(node, "gene"), name=node)
    largest = float(carried["contribution"].abs().max()) if len(carried) else 1.0
    for edge in carried.to_dict("records"):
        graph.add_edge(
            str(edge["source"]), str(edge["target"]), sign=1 if edge["effect"] > 0 else -1,
            weight=abs(float(edge["contribution"])) / (largest or 1.0), stability=float("nan"),
            evidence="",
        )  # fmt: skip
    followers = change.reindex([node for node in graph if node not in held]).abs()
    reach = float(followers.max()) if len(followers) else 1.0
    reach = reach if np.isfinite(reach) and reach > 0 else 1.0
    painted = {node: _colour(float(change[node]) / reach, palette) for node in graph}
    figure = network_figure(graph, dict.fromkeys(graph, 1), layered(graph, held),
                            palette=palette, painted=painted)  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[None], y=[None], mode="markers", showlegend=False, hoverinfo="skip",
            marker={"color": [0.0], "cmin": -reach, "cmax": reach, "showscale": True,
                    "colorscale": palette.scale(palette.diverging),
                    "colorbar": colour_bar(unit, palette)},
        )
    )  # fmt: skip
    figure.update_layout(height=HEIGHT)
    # Layers have their own scale: distances mean nothing here.
    figure.update_yaxes(scaleanchor=None, range=[-0.95, 0.95])
    figure.update_xaxes(range=[-1.35, 1.7])
    return figure


def _colour(share: float, palette: Palette) -> str:
    """Return the colour of a change from -1 to 1."""
    colours = palette.diverging
    place = (np.clip(share, -1.0, 1.0) + 1) / 2 * (len(colours) - 1)
    return colours[round(float(place))]
