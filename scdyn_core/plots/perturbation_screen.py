"""Whether a screen worked: cells, knock-down of the target, effect, agreement of guides."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.log_axis import log_axis
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import CONTROL, KINDS, keep_colours, kind_look
from scdyn_core.plots.points import MOST_VECTOR_POINTS
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

#: p value of a knock-down below which it is taken to be there.
KNOCKED_DOWN = 0.05
_HEIGHT = 700.0
_RANK = "perturbations, ranked"


def screen_quality_figure(perturbations: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw four checks of a screen; every point is a perturbation.

    Parameters
    ----------
    perturbations
        A run's table. The row of a perturbation is ``customdata[0]`` of its points. Names may be
        hostile.
    palette
        Colours.
    """
    words = [_words(row) for row in perturbations.to_dict("records")]
    table = perturbations.assign(row=np.arange(len(perturbations)), words=words)
    treated = table[table["kind"] != CONTROL]
    visible = treated["visible"].astype(bool)
    measured = treated[treated["knock_down"].notna()]
    down = (measured["knock_down"] < 0) & (measured["knock_down_p"] < KNOCKED_DOWN)
    guided = treated[treated["guide_agreement"].notna()]
    few = treated["cells"].median() if len(treated) else np.nan
    titles = (
        f"Cells (median {few:,.0f})",
        f"Knock-down of the target ({int(down.sum())} of {len(measured)} measured)",
        f"Effect ({int(visible.sum())} of {len(treated)} visible)",
        f"Agreement of guides ({len(guided)} with several)",
    )
    figure = make_subplots(
        2, 2, horizontal_spacing=0.13, vertical_spacing=0.19,
        subplot_titles=[f"<b>{title}</b>" for title in titles],
    )  # fmt: skip
    styled(figure, palette, height=_HEIGHT)

    def panel(
        own: pd.DataFrame, x: pd.Series, y: pd.Series, filled: pd.Series, row: int, col: int
    ) -> None:
        _panel(figure, own.assign(x=x, y=y, filled=filled), (row, col), palette)

    panel(treated, _rank(treated["cells"]), treated["cells"], visible, 1, 1)
    panel(measured, _rank(-measured["knock_down"]), measured["knock_down"], down, 1, 2)
    panel(treated, treated["cells"], treated["e_distance"], visible, 2, 1)
    panel(guided, guided["e_distance"], guided["guide_agreement"], visible.loc[guided.index], 2, 2)
    _axes(figure, treated, palette)
    _legend(figure, table, palette)
    return figure


def _rank(values: pd.Series) -> pd.Series:
    return values.rank(method="first", ascending=False)


def _panel(figure: go.Figure, own: pd.DataFrame, place: tuple[int, int], palette: Palette) -> None:
    kind_of = go.Scatter if len(own) <= MOST_VECTOR_POINTS else go.Scattergl
    size = 8 if len(own) <= 100 else 5
    for kind in KINDS:
        part = own[(own["kind"] == kind) & own["x"].notna() & own["y"].notna()]
        if part.empty:
            continue
        look = kind_look(kind, palette)
        figure.add_trace(
            kind_of(
                x=part["x"], y=part["y"], mode="markers", showlegend=False,
                marker={"size": size + 4 if kind not in ("single", "combination") else size,
                        "color": look.colour, "opacity": 0.85,
                        "line": {"width": 1.4, "color": look.colour},
                        "symbol": [look.symbol if on else f"{look.symbol}-open"
                                   for on in part["filled"].astype(bool)]},
                text=part["words"],
                customdata=[[row] for row in part["row"].tolist()],
                hovertemplate="%{text}<extra></extra>",
            ), row=place[0], col=place[1],
        )  # fmt: skip


def _words(row: dict[Hashable, Any]) -> str:
    text = (
        f"<b>{escaped(row['perturbation'])}</b> ({escaped(row['kind'])})<br>{row['cells']:,} cells"
    )
    text += f"<br>E-distance {row['e_distance']:.3g}{'' if row['visible'] else ', not visible'}"
    if np.isfinite(row["knock_down"]):
        text += f"<br>target log<sub>2</sub> {row['knock_down']:+.2f} (p {row['knock_down_p']:.2g})"
    if np.isfinite(row["guide_agreement"]):
        text += f"<br>{row['guides']:.0f} guides agree {row['guide_agreement']:.2f}"
    return text


def _axes(figure: go.Figure, treated: pd.DataFrame, palette: Palette) -> None:
    cells = treated["cells"].to_numpy(dtype=np.float64)
    spread = len(cells) > 0 and cells.max() > 3 * max(cells.min(), 1)
    scale = log_axis(cells) if spread else {"rangemode": "tozero"}
    figure.update_xaxes(title_text=_RANK, row=1, rangemode="tozero")
    figure.update_yaxes(title_text="cells", row=1, col=1, **scale)
    figure.update_yaxes(title_text="log<sub>2</sub> fold change", row=1, col=2)
    figure.update_xaxes(title_text="cells", row=2, col=1, **scale)
    figure.update_yaxes(title_text="E-distance to control", row=2, col=1)
    figure.update_xaxes(title_text="E-distance to control", row=2, col=2)
    figure.update_yaxes(title_text="mean correlation of their changes", row=2, col=2)
    for row, col in ((1, 2), (2, 1), (2, 2)):
        figure.add_hline(y=0, line={"color": palette.muted, "width": 1, "dash": "dash"}, row=row,
                         col=col)  # fmt: skip


def _legend(figure: go.Figure, table: pd.DataFrame, palette: Palette) -> None:
    """Explain colours, and filled against open, once for all panels."""
    for kind in KINDS:
        if kind != CONTROL and (table["kind"] == kind).any():
            look = kind_look(kind, palette)
            figure.add_trace(
                go.Scatter(x=[None], y=[None], mode="markers", name=kind,
                           marker={"size": 9, "color": look.colour, "symbol": look.symbol}),
                row=1, col=1,
            )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[None], y=[None], mode="markers", name="open: no visible effect, or no knock-down",
            marker={"size": 9, "color": palette.ink, "symbol": "circle-open",
                    "line": {"width": 1.5}},
        ), row=1, col=1,
    )  # fmt: skip
    legend_at_bottom(figure)
    keep_colours(figure)
