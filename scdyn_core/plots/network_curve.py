"""Precision and recall of networks against known edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

#: Line styles of the networks that are not stressed: told apart without colours too.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def precision_recall_figure(
    curves: pd.DataFrame,
    *,
    pairs: int,
    edges: int,
    stressed: str | None = None,
    areas: pd.Series | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw a curve for every network, and what chance would give.

    Parameters
    ----------
    curves
        model (may be hostile), recall, precision; the strongest edges first.
    pairs, edges
        Pairs of genes scored, and how many are known edges.
    stressed
        The model drawn on top, in the colour of models.
    areas
        Model -> area under its curve, for the legend.
    palette
        Colours.
    """
    figure = go.Figure()
    chance = edges / pairs
    figure.add_trace(
        go.Scatter(
            x=[0, 1], y=[chance, chance], mode="lines", name=f"chance {_area(chance)}",
            line={"color": palette.muted, "width": 1.2, "dash": "dash"},
            hovertemplate=f"chance: {chance:.3g}<extra></extra>",
        )
    )  # fmt: skip
    models = list(dict.fromkeys(curves["model"]))
    others = [model for model in models if model != stressed]
    hues = [hue for hue in palette.categorical if hue != palette.model]
    for at, model in enumerate([*others, *([stressed] if stressed in models else [])]):
        own = curves[curves["model"] == model]
        top = model == stressed
        figure.add_trace(
            go.Scatter(
                # Precision holds from the point before: the area under the steps is the score.
                x=np.append(0.0, own["recall"]), y=np.append(own["precision"].iloc[:1],
                                                             own["precision"]),
                mode="lines", name=_label(model, areas, top),
                line={"color": palette.model if top else hues[at % len(hues)],
                      "width": 3 if top else 1.6, "shape": "vh",
                      "dash": "solid" if top else DASHES[at % len(DASHES)]},
                text=[escaped(model)] * (len(own) + 1),
                hovertemplate="%{text}<br>recall %{x:.2f}, precision %{y:.2f}<extra></extra>",
            )
        )  # fmt: skip
    styled(figure, palette, height=500)
    figure.update_xaxes(title_text="recall (share of the known edges found)", range=[0, 1.01])
    figure.update_yaxes(title_text="precision (share of these that are known)", range=[0, 1.03])
    legend_at_bottom(figure)
    figure.update_layout(margin={"b": 130}, legend={"traceorder": "reversed"})
    return figure


def _label(model: str, areas: pd.Series | None, top: bool) -> str:
    area = "" if areas is None or model not in areas else f" {_area(float(areas[model]))}"
    return f"<b>{escaped(model)}</b>{area}" if top else f"{escaped(model)}{area}"


def _area(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"
