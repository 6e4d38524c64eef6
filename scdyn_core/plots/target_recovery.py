"""Whether planted latents and targets were found, beside what simpler methods find."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import THIS_RUN, model_look
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

COLUMNS = 3
#: What the quantities compare.
MEANING = {
    "MCC": "latents (correlation)",
    "R2": "latents (variance explained)",
    "mask precision": "targets on that were planted",
    "mask recall": "planted targets that are on",
    "mask F1": "targets (F1)",
}
_ROW, _PANEL, _EDGES = 24.0, 78.0, 30.0


def target_recovery_figure(truth: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw every replicate as a dot and the mean of a model as a mark, a panel a quantity.

    Parameters
    ----------
    truth
        A run's table: quantity, model (may be hostile), replicate, value.
    palette
        Colours.
    """
    quantities = [name for name in MEANING if (truth["quantity"] == name).any()]
    quantities += [name for name in truth["quantity"].unique() if name not in MEANING]
    means = truth.groupby(["model", "quantity"])["value"].mean().unstack()
    order = means[quantities[:1]].mean(axis=1).sort_values(ascending=False, kind="stable").index
    models = [str(model) for model in order]
    columns = max(1, min(COLUMNS, len(quantities)))
    lines = max(1, -(-len(quantities) // columns))
    height = _EDGES + lines * (_PANEL + _ROW * len(models))
    figure = make_subplots(
        lines, columns, shared_yaxes=True, horizontal_spacing=0.04,
        vertical_spacing=min(_PANEL / height, 0.9 / max(lines - 1, 1)) if lines > 1 else 0,
        subplot_titles=[
            f"<b>{escaped(name)}</b><br>{MEANING[name]}" if name in MEANING
            else f"<b>{escaped(name)}</b>" for name in quantities
        ],
    )  # fmt: skip
    for position, quantity in enumerate(quantities):
        place = {"row": position // columns + 1, "col": position % columns + 1}
        own = truth[truth["quantity"] == quantity]
        for y, model in enumerate(models):
            values = own.loc[own["model"] == model, "value"].dropna()
            if len(values):
                _model(figure, values.to_numpy(dtype=np.float64), model, y, place, palette)
    styled(figure, palette, height=height)
    low = float(truth["value"].min()) if truth["value"].notna().any() else 0.0
    figure.update_xaxes(range=[low - 0.06, 1.04], showgrid=True, gridcolor=palette.grid, nticks=5)
    figure.update_yaxes(
        tickvals=list(range(len(models))), range=[len(models) - 0.4, -0.6], showline=False,
        ticks="", automargin=True,
        ticktext=[f"<b>{escaped(model)}</b>" if model == THIS_RUN else escaped(model)
                  for model in models],
    )  # fmt: skip
    figure.update_layout(showlegend=False, margin={"t": 56, "b": 36})
    figure.update_annotations(font_size=12)
    return figure


def _model(
    figure: go.Figure, values: np.ndarray[tuple[int], np.dtype[np.float64]], model: str, y: int,
    place: dict[str, int], palette: Palette,
) -> None:  # fmt: skip
    look = model_look(model, palette)
    if len(values) > 1:
        figure.add_trace(
            go.Scatter(
                x=values, y=[y + 0.28] * len(values), mode="markers", hoverinfo="skip",
                marker={"size": 5, "color": look.colour, "opacity": 0.7},
            ), **place,
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[values.mean()], y=[y], mode="markers", text=[escaped(model)],
            marker={"size": 12 if model == THIS_RUN else 9, "symbol": look.symbol,
                    "color": look.colour},
            hovertemplate=f"%{{text}}: %{{x:.3f}} (mean of {len(values)})<extra></extra>",
        ), **place,
    )  # fmt: skip
