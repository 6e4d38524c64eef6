"""What models predict for perturbations without a visible effect, beside saying nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import (
    CONTROL,
    THIS_RUN,
    keep_colours,
    model_look,
    names,
)
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

#: An error that is drawn on a logarithmic axis.
WIDE = 5.0
_ROW, _EDGES = 30.0, 120.0


def unseen(perturbations: pd.DataFrame) -> pd.Series:
    """Return which rows of the table have no visible effect, the null control among them."""
    return ~perturbations["visible"].astype(bool) & (perturbations["kind"] != CONTROL)


def null_prediction_figure(errors: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the error of every model: its mean as a large point, each perturbation as a small one.

    Parameters
    ----------
    errors
        As ``false_positives`` returns them: model, perturbation (may be hostile), error (mean
        squared error over that of no change).
    palette
        Colours.
    """
    models = list(dict.fromkeys(errors["model"].astype(str)))
    place = {model: row for row, model in enumerate(models)}
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=errors["error"], y=errors["model"].map(place), mode="markers",
            marker={"size": 7, "color": palette.muted, "opacity": 0.55},
            text=[f"<b>{word}</b><br>{escaped(model)}: {error:.3g} times the error of no change"
                  for word, model, error in zip(names(errors["perturbation"]), errors["model"],
                                                errors["error"], strict=True)],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    mean = errors.groupby("model")["error"].mean()
    looks = [model_look(model, palette) for model in models]
    figure.add_trace(
        go.Scatter(
            x=[float(mean[model]) for model in models], y=list(place.values()), mode="markers",
            marker={"size": [15 if model == THIS_RUN else 12 for model in models],
                    "color": [look.colour for look in looks],
                    "symbol": [look.symbol for look in looks],
                    "line": {"width": [2 if look.symbol.endswith("open") else 0 for look in looks],
                             "color": [look.colour for look in looks]}},
            text=[f"<b>{escaped(model)}</b>: mean {mean[model]:.3g}" for model in models],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    styled(figure, palette, height=_EDGES + _ROW * max(len(models), 3))
    figure.add_vline(x=1, line={"color": palette.ink, "width": 1, "dash": "dot"})
    values = errors["error"].to_numpy(dtype=np.float64)
    wide = float(values.max()) > WIDE
    figure.update_xaxes(
        type="log" if wide else "linear", nticks=6, showgrid=True, gridcolor=palette.grid,
        title_text="error over that of no change (dotted: no change)",
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(place.values()), range=[len(models) - 0.4, -0.6], showline=False, ticks="",
        ticktext=[f"<b>{escaped(model)}</b>" if model == THIS_RUN else escaped(model)
                  for model in models], automargin=True,
    )  # fmt: skip
    figure.update_layout(showlegend=False)
    keep_colours(figure)
    return figure
