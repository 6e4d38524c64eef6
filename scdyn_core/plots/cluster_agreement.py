"""Clusters of this run beside those of simpler methods, and the trap of sorting by level."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.level_trap import TRAP
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

THIS_RUN = "this run"
#: Columns of the table as people call them, with what is better.
MEASURES = {
    "truth": "agreement with<br>the planted classes",
    "halves": "agreement of two<br>halves of the cells",
    "silhouette": "separation<br>(silhouette)",
    "agreement": "agreement with<br>this run",
    "level_share": "trap: share of<br>level explained",
}
_ROW_PIXELS, _EDGES = 30, 190


def cluster_agreement_figure(baselines: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw one row a method and one panel a measure.

    Methods whose clusters explain more than ``TRAP`` of the genes' level are vermilion crosses
    in every panel: they may be the most stable of all and still say nothing of responses.

    Parameters
    ----------
    baselines
        A run's table: baseline (may be hostile), k, halves, silhouette, agreement, level_share,
        truth where classes were planted. The row ``this run`` stands on top.
    palette
        Colours.
    """
    shown = [name for name in MEASURES if name in baselines and baselines[name].notna().any()]
    first = (baselines["baseline"] == THIS_RUN).to_numpy()
    table = pd.concat([baselines[first], baselines[~first]], ignore_index=True)
    trapped = (table["level_share"] > TRAP).to_numpy()
    own = (table["baseline"] == THIS_RUN).to_numpy()
    figure = make_subplots(
        1, max(len(shown), 1), shared_yaxes=True, horizontal_spacing=0.025,
        subplot_titles=[MEASURES[name] for name in shown],
    )  # fmt: skip
    styled(figure, palette, height=_EDGES + _ROW_PIXELS * len(table))
    looks = (
        ("this run", own, {"symbol": "diamond", "size": 13, "color": palette.model}),
        ("other methods", ~own & ~trapped, {"symbol": "circle", "size": 10,
                                            "color": palette.baseline}),
        ("sorted by level: the trap", ~own & trapped, {"symbol": "x", "size": 10,
                                                       "color": palette.diverging[-3]}),
    )  # fmt: skip
    for column, measure in enumerate(shown, start=1):
        for words, rows, marker in looks:
            part = table[rows]
            figure.add_trace(
                go.Scatter(
                    x=part[measure], y=part.index, mode="markers", marker=marker, name=words,
                    legendgroup=words, showlegend=column == 1 and len(part) > 0,
                    text=[escaped(name) for name in part["baseline"]],
                    hovertemplate="%{text}: %{x:.3f}<extra></extra>",
                ), row=1, col=column,
            )  # fmt: skip
        lowest = min(0.0, float(table[measure].min()))
        figure.update_xaxes(range=[lowest - 0.06, 1.06], row=1, col=column)
        if measure == "level_share":
            figure.add_vrect(
                x0=TRAP, x1=1.06, fillcolor=palette.diverging[-3], opacity=0.12, line_width=0,
                layer="below", row=1, col=column,
            )  # fmt: skip
    same = table["k"].nunique() == 1
    names = [
        escaped(name) + ("" if same else f" ({k} clusters)")
        for name, k in zip(table["baseline"], table["k"], strict=True)
    ]
    figure.update_yaxes(
        tickvals=list(range(len(table))),
        ticktext=[f"<b>{name}</b>" if on else name for name, on in zip(names, own, strict=True)],
        range=[len(table) - 0.5, -0.5], showline=False, ticks="", automargin=True,
    )  # fmt: skip
    figure.update_xaxes(showgrid=True, gridcolor=palette.grid, tickvals=[0, 0.5, 1])
    figure.update_annotations(font={"size": 12})
    legend_at_bottom(figure)
    figure.update_layout(margin={"t": 56, "b": 84})
    return figure
