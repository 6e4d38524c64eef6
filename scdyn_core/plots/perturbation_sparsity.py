"""How many latents each perturbation shifts, for every sparsity that could have been chosen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.cluster_colours import translucent
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import CONTROL, NULL, names, short_names
from scdyn_core.plots.style import colour_bar, legend_at_bottom, styled

#: Lines drawn one by one; where there are more, those that keep a latent longest.
MOST_LINES = 400
#: Numbers on the axes of sparsity and threshold, at most.
MOST_TICKS = 8
_LINES, _ROW, _EDGES = 260.0, 16.0, 220.0


def closing(path: pd.DataFrame) -> pd.Series:
    """Return the largest sparsity at which a perturbation has a latent in most replicates."""
    mean = path.groupby(["perturbation", "sparsity"])["latents_on"].mean().reset_index()
    open_ = mean[mean["latents_on"] > 0.5].groupby("perturbation")["sparsity"].max()
    return open_.reindex(path["perturbation"].unique()).fillna(0.0)


def sparsity_path_figure(
    sparsity_path: pd.DataFrame,
    perturbations: pd.DataFrame,
    *,
    labelled: int = 12,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the path of every perturbation, the null control boldly, and below the longest by name.

    A sparsity that is right leaves the null control at 0.

    Parameters
    ----------
    sparsity_path
        A run's table: sparsity (nats per cell), threshold (sd), replicate, perturbation,
        latents_on, chosen. Replicates are averaged.
    perturbations
        A run's table: perturbation, kind. Names may be hostile.
    labelled
        Perturbations in the map below, those that keep a latent longest.
    palette
        Colours.
    """
    kinds = perturbations.set_index("perturbation")["kind"]
    own = sparsity_path[sparsity_path["perturbation"].map(kinds) != CONTROL]
    wide = own.pivot_table(index="perturbation", columns="sparsity", values="latents_on")
    last = closing(own) if len(own) else pd.Series(dtype=float)
    order = pd.DataFrame({"last": last, "size": wide.sum(axis=1)}).sort_values(
        ["last", "size"], ascending=False, kind="stable"
    )
    null = [name for name in order.index if kinds.get(name) == NULL]
    treated = [name for name in order.index if name not in set(null)]
    shown = [*null, *treated[: max(labelled, 0)]]
    height = _LINES + _ROW * max(len(shown), 2) + _EDGES
    figure = make_subplots(
        2, 1, vertical_spacing=0.04,
        row_heights=[_LINES, _ROW * max(len(shown), 2)],
    )  # fmt: skip
    x = np.log10(wide.columns.to_numpy(dtype=np.float64))
    _lines(figure, wide.loc[treated[:MOST_LINES]], wide.loc[null], x, palette)
    styled(figure, palette, height=height)
    _map(figure, wide.loc[shown], x, palette)
    thresholds = own.groupby("sparsity")["threshold"].first()
    _axes(figure, thresholds, float(np.nanmax(wide.to_numpy(), initial=1.0)))
    chosen = own.loc[own["chosen"].astype(bool), "sparsity"].unique()
    for value in chosen[:1]:
        for row in (1, 2):
            figure.add_vline(x=float(np.log10(value)), row=row, col=1,
                             line={"color": palette.ink, "width": 1.5, "dash": "dash"})  # fmt: skip
        figure.add_annotation(
            text=f"chosen: {value:g}", x=float(np.log10(value)), xref="x", yref="y domain", y=0.98,
            xanchor="left", xshift=5, showarrow=False, font={"size": 12, "color": palette.ink},
        )  # fmt: skip
    legend_at_bottom(figure)
    figure.update_layout(margin={"t": 64})
    return figure


def _lines(
    figure: go.Figure, wide: pd.DataFrame, null: pd.DataFrame, x: object, palette: Palette
) -> None:
    many = len(wide) > 60
    for position, (name, values) in enumerate(wide.iterrows()):
        figure.add_trace(
            go.Scatter(
                x=x, y=values, mode="lines", name="perturbations", legendgroup="perturbations",
                showlegend=position == 0, text=names([name]) * len(values),
                line={"color": translucent(palette.model, 0.25 if many else 0.55), "width": 1.4},
                hovertemplate="<b>%{text}</b>: %{y:.2g} latents<extra></extra>",
            ), row=1, col=1,
        )  # fmt: skip
    for position, (name, values) in enumerate(null.iterrows()):
        figure.add_trace(
            go.Scatter(
                x=x, y=values, mode="lines+markers", name="null control (must reach 0)",
                legendgroup="null", showlegend=position == 0, text=names([name]) * len(values),
                line={"color": palette.second_ink, "width": 4}, marker={"size": 8},
                hovertemplate="<b>%{text}</b> (null control): %{y:.2g} latents<extra></extra>",
            ), row=1, col=1,
        )  # fmt: skip


def _map(figure: go.Figure, wide: pd.DataFrame, x: object, palette: Palette) -> None:
    if wide.empty:
        return
    words = names(wide.index.tolist())
    most = float(wide.to_numpy().max())
    # Nothing on is empty, as in the matrix of targets.
    z = wide.where(wide > 0).to_numpy(dtype=np.float64)
    figure.add_trace(
        go.Heatmap(
            x=x, y=list(range(len(wide))), z=z, zmin=0, zmax=max(most, 1.0), ygap=1,
            colorscale=palette.scale(palette.sequential), hoverongaps=False,
            text=[[word] * z.shape[1] for word in words],
            hovertemplate="<b>%{text}</b>: %{z:.2g} latents<extra></extra>",
            colorbar={**colour_bar("latents shifted", palette), "len": 0.5, "y": 0.02,
                      "yanchor": "bottom"},
        ), row=2, col=1,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(wide))), ticktext=short_names(list(wide.index)),
        range=[len(wide) - 0.5, -0.5],
        showline=False, ticks="", tickfont_size=11, automargin=True, row=2,
    )  # fmt: skip


def _axes(figure: go.Figure, thresholds: pd.Series, top: float) -> None:
    """Say on top which shift a sparsity lets through, and at the bottom how large it is."""
    x = np.log10(thresholds.index.to_numpy(dtype=np.float64))
    step = max(1, -(-len(x) // MOST_TICKS))
    if len(x):
        edge = float(np.diff(x).mean()) / 2 if len(x) > 1 else 0.5
        figure.update_xaxes(
            tickvals=x[::step].tolist(), range=[float(x.min()) - edge, float(x.max()) + edge]
        )
    figure.update_xaxes(
        side="top", ticktext=[f"{value:.2g}" for value in thresholds.iloc[::step]],
        title_text="smallest shift that stays (sd of the latent)", row=1,
    )  # fmt: skip
    figure.update_xaxes(
        ticktext=[f"{value:.2g}" for value in thresholds.index[::step]],
        title_text="sparsity (nats per cell)", row=2,
    )  # fmt: skip
    figure.update_yaxes(title_text="latents shifted", row=1, range=[-0.03 * top, 1.06 * top])
