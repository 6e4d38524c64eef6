"""A loss of several runs on one axis."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.cluster_colours import translucent
from scdyn_core.plots.log_axis import log_axis
from scdyn_core.plots.metric_rows import losses_of
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

#: Columns of metrics that are no loss.
_NO_LOSS = frozenset({"phase", "epoch", "epoch_total", "part", "replicate"})


def loss_comparison_figure(
    metrics: Mapping[str, pd.DataFrame],
    *,
    term: str = "loss",
    part: str = "validation",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the median over the replicates of each run, and their range as a band.

    Parameters
    ----------
    metrics
        Name of a run -> its metrics (epoch_total, part, replicate, losses); names may be hostile.
    term
        Which loss; runs without it are left out.
    part
        ``train`` or ``validation``.
    palette
        Colours.
    """
    figure = go.Figure()
    curves = loss_curves(metrics, term=term, part=part)
    for position, name in enumerate(metrics):
        curve = curves[curves["run"] == name]
        hue = palette.categorical[position % len(palette.categorical)]
        if curve.empty:
            continue
        if (curve["highest"] > curve["lowest"]).any():
            figure.add_trace(
                go.Scatter(
                    x=[*curve["epoch"], *curve["epoch"][::-1]],
                    y=[*curve["highest"], *curve["lowest"][::-1]],
                    fill="toself", fillcolor=translucent(hue, 0.15), mode="none",
                    legendgroup=escaped(name), showlegend=False, hoverinfo="skip",
                )
            )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=curve["epoch"],
                y=curve["median"],
                mode="lines",
                name=escaped(name),
                legendgroup=escaped(name),
                line={"color": hue},
            )
        )
    styled(figure, palette, height=420)
    figure.update_layout(showlegend=True)
    legend_at_bottom(figure)
    figure.update_xaxes(title_text="epoch")
    losses = curves[["lowest", "median", "highest"]].to_numpy(dtype=float).ravel()
    figure.update_yaxes(title_text=f"{escaped(part)} {escaped(term).replace('_', ' ')}")
    if (losses > 0).all():
        figure.update_yaxes(**log_axis(losses))
    return figure


def loss_curves(
    metrics: Mapping[str, pd.DataFrame], *, term: str = "loss", part: str = "validation"
) -> pd.DataFrame:
    """Return ``run``, ``epoch``, and ``lowest``, ``median`` and ``highest`` over the replicates."""
    frames = []
    for name, rows in metrics.items():
        own = losses_of(rows)
        if term not in own or "part" not in own:
            continue
        by_epoch = own[own["part"] == part].dropna(subset=[term]).groupby("epoch_total")[term]
        found = by_epoch.agg(lowest="min", median="median", highest="max").rename_axis("epoch")
        frames.append(found.reset_index().assign(run=name))
    columns = ["run", "epoch", "lowest", "median", "highest"]
    if not frames:
        return pd.DataFrame(columns=columns).astype(dict.fromkeys(columns[1:], float))
    return pd.concat(frames, ignore_index=True)[columns]


def loss_terms(metrics: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the losses that two runs or more have, the whole loss first."""
    found: dict[str, int] = {}
    for rows in metrics.values():
        for column in losses_of(rows).columns:
            if column not in _NO_LOSS and pd.api.types.is_numeric_dtype(rows[column]):
                found[str(column)] = found.get(str(column), 0) + 1
    shared = [name for name, runs in found.items() if runs > 1]
    return sorted(shared, key=lambda name: name != "loss")
