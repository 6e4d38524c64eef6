"""How the weights changed while a model learned."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.log_axis import log_axis
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import short_names
from scdyn_core.plots.rare_looks import share_axis
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

#: Types with a colour and a name of their own: those whose mass changed most.
MOST_NAMED = 8
#: Replicates with a line each; of more, the median and the range are drawn.
MOST_LINES = 8


def sampling_epochs_figure(
    sampling: pd.DataFrame, masses: pd.DataFrame | None = None, *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw effective sample size, largest weight, and the mass of every type over the epochs.

    Parameters
    ----------
    sampling
        A run's table: replicate, epoch, effective_share, most.
    masses
        A run's table ``sampling_mass``: replicate, epoch, cell_type (may be hostile), mass.
    palette
        Colours.
    """
    known = masses is not None and len(masses) > 0
    panels = ["effective sample size<br>(% of the cells)", "largest weight<br>(x uniform)"]
    panels += ["share of what<br>is drawn (%)"] if known else []
    figure = make_subplots(
        rows=1, cols=len(panels), subplot_titles=[f"<b>{panel}</b>" for panel in panels],
        horizontal_spacing=0.07,
    )  # fmt: skip
    for column, name, factor in ((1, "effective_share", 100.0), (2, "most", 1.0)):
        _replicates(figure, sampling, name, factor, column, palette)
    figure.update_yaxes(range=[0, 104], col=1)
    largest = sampling["most"].to_numpy(dtype=np.float64)
    figure.update_yaxes(**_from_one(largest), col=2)
    if masses is not None and known:
        _types(figure, masses, palette)
        drawn = 100 * masses["mass"].to_numpy(dtype=np.float64)
        figure.update_yaxes(**share_axis(drawn, "") | {"title_text": ""}, col=3)
    styled(figure, palette, height=412)
    figure.update_annotations(font={"size": 12})
    figure.update_xaxes(title_text="epoch")
    figure.update_yaxes(showgrid=True, gridcolor=palette.grid)
    figure.update_layout(margin={"l": 48, "t": 48}, legend={"font": {"size": 11}})
    return figure


def _replicates(
    figure: go.Figure, sampling: pd.DataFrame, name: str, factor: float, column: int,
    palette: Palette,
) -> None:  # fmt: skip
    lines = list(sampling.groupby("replicate"))
    many = len(lines) > MOST_LINES
    for number, (_, own) in enumerate([] if many else lines):
        hue = palette.categorical[0] if len(lines) == 1 else palette.baseline
        figure.add_trace(
            go.Scatter(
                x=own["epoch"], y=factor * own[name], showlegend=False,
                mode="lines+markers" if len(own) < 40 else "lines",
                line={"color": hue, "width": 1.5, "shape": "hv"}, marker={"size": 5},
                hovertemplate=f"replicate {number + 1}, epoch %{{x}}: %{{y:.3g}}<extra></extra>",
            ), row=1, col=column,
        )  # fmt: skip
    if len(lines) == 1:
        return
    told = sampling.groupby("epoch")[name].agg(["median", "min", "max"]) * factor
    if many:
        epochs = np.concatenate([told.index, told.index[::-1]])
        figure.add_trace(
            go.Scatter(
                x=epochs, y=np.concatenate([told["max"], told["min"][::-1]]), fill="toself",
                fillcolor=palette.model, opacity=0.18, line={"width": 0}, hoverinfo="skip",
                showlegend=False,
            ), row=1, col=column,
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=told.index, y=told["median"], mode="lines+markers" if len(told) < 40 else "lines",
            name="median of the replicates", showlegend=False, marker={"size": 5},
            line={"color": palette.model, "width": 2.5, "shape": "hv"},
            hovertemplate="median, epoch %{x}: %{y:.3g}<extra></extra>",
        ), row=1, col=column,
    )  # fmt: skip


def _types(figure: go.Figure, masses: pd.DataFrame, palette: Palette) -> None:
    wide = masses.pivot_table(
        index="epoch", columns="cell_type", values="mass", aggfunc="mean", observed=True, sort=False
    )  # fmt: skip
    wide = 100 * wide.sort_index()
    folds = np.log(wide.clip(lower=1e-6))
    moved = (folds.max() - folds.min()).sort_values(ascending=False, kind="stable")
    named = list(moved.index[:MOST_NAMED])
    quiet = [name for name in wide if name not in named]
    words = dict(zip([*quiet, *named], short_names([*quiet, *named]), strict=True))
    for name in [*quiet, *named]:
        own = wide[name].dropna()
        shown = name in named
        hue = palette.categorical[named.index(name)] if shown else palette.faint
        figure.add_trace(
            go.Scatter(
                x=own.index, y=own, name=words[name], showlegend=shown,
                mode="lines+markers" if len(own) < 40 else "lines",
                line={"color": hue, "width": 2 if shown else 1, "shape": "hv"},
                marker={"size": 5},
                hovertemplate=f"<b>{escaped(name)}</b><br>epoch %{{x}}: %{{y:.3g}} %"
                "<extra></extra>",
            ), row=1, col=3,
        )  # fmt: skip


def _from_one(weights: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, object]:
    """Return a logarithmic axis from 1 with room at both ends."""
    finite = weights[np.isfinite(weights)]
    high = max(float(finite.max()), 2.0) if len(finite) else 2.0
    room = 0.05 * np.log10(high)
    return {**log_axis(np.array([1.0, high])), "range": [-room, np.log10(high) + room]}
