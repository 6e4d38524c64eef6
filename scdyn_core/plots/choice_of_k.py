"""How many clusters: what speaks for each number of them, and the trap that looks best."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.cluster_choice import ClusterChoice
from scdyn_core.plots.level_trap import TRAP
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

COLUMNS = 3
_ROW_PIXELS, _EDGES = 240, 140
#: Place in the palette and dashes of each algorithm.
_LOOKS = ((0, "solid"), (5, "dot"), (2, "dashdot"))


@dataclass(frozen=True)
class Measure:
    """One panel: its column of ``choice_of_k``, its title, and what its values mean."""

    column: str
    title: str
    meaning: str
    bounded: bool = True


MEASURES = (
    Measure("silhouette", "Separation", "silhouette (higher is better)"),
    Measure("halves", "Agreement of two halves of the cells", "ARI (higher is better)"),
    Measure("replicates", "Agreement of replicates", "ARI (higher is better)"),
    Measure("bic", "Fit, penalised for complexity", "BIC (lower is better)", bounded=False),
    Measure("level_share", "Trap: sorted by level, not by response",
            "share of level explained (near 0 is good)"),
)  # fmt: skip


def choice_of_k_figure(
    choice_of_k: pd.DataFrame, shown: ClusterChoice, *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw each measure over the number of clusters, one panel a measure.

    A ring marks the clustering the rule chose, a line the one that is shown.

    Parameters
    ----------
    choice_of_k
        A run's table: algorithm, k, bic, silhouette, halves, replicates, level_share, chosen.
        A measure that is nowhere known has no panel.
    shown
        The clustering on the page.
    palette
        Colours.
    """
    known = choice_of_k.dropna(axis="columns", how="all")
    measures = [each for each in MEASURES if each.column in known]
    columns = max(1, min(COLUMNS, len(measures)))
    rows = max(1, -(-len(measures) // columns))
    height = _EDGES + _ROW_PIXELS * rows
    figure = make_subplots(
        rows, columns, horizontal_spacing=0.09,
        vertical_spacing=min(90 / height, 0.9 / max(rows - 1, 1)),
        subplot_titles=[f"<b>{measure.title}</b>" for measure in measures],
    )  # fmt: skip
    styled(figure, palette, height=height)
    algorithms = list(dict.fromkeys(choice_of_k["algorithm"].astype(str)))
    for position, measure in enumerate(measures):
        place = {"row": position // columns + 1, "col": position % columns + 1}
        for number, algorithm in enumerate(algorithms):
            own = choice_of_k[choice_of_k["algorithm"].astype(str) == algorithm].sort_values("k")
            trace = _line(own, measure, algorithm, number, palette)
            trace.showlegend = position == 0 and len(algorithms) > 1
            figure.add_trace(trace, **place)
        figure.add_trace(_ring(choice_of_k, measure, palette, legend=position == 0), **place)
        figure.add_vline(
            x=shown.k, line={"color": palette.muted, "width": 1.5, "dash": "dash"}, **place
        )
        if measure.bounded:
            lowest = min(0.0, float(known[measure.column].min()))
            figure.update_yaxes(range=[lowest - 0.05, 1.05], **place)
        if measure.column == "level_share":
            figure.add_hrect(
                y0=TRAP, y1=1.05, fillcolor=palette.diverging[-3], opacity=0.12, line_width=0,
                layer="below", **place,
            )  # fmt: skip
        figure.update_yaxes(title_text=measure.meaning, **place)
    figure.add_trace(
        go.Scatter(
            x=[None], y=[None], mode="lines", name=f"shown: {shown.k}",
            line={"color": palette.muted, "width": 1.5, "dash": "dash"},
        ), row=1, col=1,
    )  # fmt: skip
    many = choice_of_k["k"].nunique() > 12
    figure.update_xaxes(title_text="number of clusters", dtick=None if many else 1)
    figure.update_annotations(font={"size": 12})
    legend_at_bottom(figure)
    return figure


def _line(
    own: pd.DataFrame, measure: Measure, algorithm: str, number: int, palette: Palette
) -> go.Scatter:
    hue, dash = _LOOKS[number % len(_LOOKS)]
    return go.Scatter(
        x=own["k"], y=own[measure.column], mode="lines+markers", name=escaped(algorithm),
        legendgroup=f"algorithm{number}",
        line={"color": palette.categorical[hue], "width": 2, "dash": dash},
        marker={"size": 7},
        hovertemplate="%{x} clusters: %{y:.3g}<extra>%{fullData.name}</extra>",
    )  # fmt: skip


def _ring(
    choice_of_k: pd.DataFrame, measure: Measure, palette: Palette, *, legend: bool
) -> go.Scatter:
    chosen = choice_of_k[choice_of_k["chosen"].astype(bool)]
    return go.Scatter(
        x=chosen["k"], y=chosen[measure.column], mode="markers", hoverinfo="skip",
        name="chosen by the rule", legendgroup="chosen", showlegend=legend,
        marker={"size": 16, "symbol": "circle-open", "color": palette.second_ink,
                "line": {"width": 2.5}},
    )  # fmt: skip
