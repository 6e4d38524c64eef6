"""What each program does to one gene, and in which cell types."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.text import escaped


def gene_answer_figure(
    rows: pd.DataFrame,
    value: str,
    typed: pd.DataFrame | None,
    *,
    unit: str = "expression",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the effect of every latent on a gene, and the mean attribution type by type.

    Parameters
    ----------
    rows
        One row a latent: latent and the value.
    value
        Column with the signed effect.
    typed
        Rows latent, cell_type, mean of the gene; ``None`` where they are not known.
    unit
        Unit of both.
    palette
        Colours.
    """
    several = typed is not None
    figure = make_subplots(
        cols=2 if several else 1, column_widths=[0.4, 0.6] if several else None,
        shared_yaxes=True, horizontal_spacing=0.05,
    )  # fmt: skip
    latents = [int(number) for number in rows["latent"]]
    rising, falling = palette.diverging[-3], palette.diverging[1]
    figure.add_trace(
        go.Bar(
            x=rows[value],
            y=list(range(len(latents))),
            orientation="h",
            marker_color=np.where(rows[value] > 0, rising, falling),
            hovertemplate="%{x:.3g}<extra></extra>",
            showlegend=False,
        ),
        row=1,
        col=1,
    )
    types: list[str] = []
    if typed is not None:
        types = list(dict.fromkeys(typed["cell_type"].astype(str)))
        names = typed["cell_type"].astype(str)
        grid = typed.assign(cell_type=names).pivot(
            index="latent", columns="cell_type", values="mean"
        )
        values = grid.reindex(index=latents, columns=types).to_numpy(dtype=np.float64)
        reach = float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
        figure.add_trace(
            go.Heatmap(
                x=list(range(len(types))),
                y=list(range(len(latents))),
                z=values,
                zmin=-reach,
                zmax=reach,
                colorscale=palette.scale(palette.diverging),
                xgap=1,
                ygap=1,
                colorbar=colour_bar(f"attribution ({unit})", palette),
                hovertemplate="%{z:.3g}<extra></extra>",
            ),
            row=1,
            col=2,
        )
    styled(figure, palette, height=200 + 40 * len(latents))
    figure.update_layout(bargap=0.35)
    figure.update_xaxes(
        title_text=f"change per sd of the latent ({unit})", zeroline=True,
        zerolinecolor=palette.ink, zerolinewidth=1, row=1, col=1,
    )  # fmt: skip
    if several:
        figure.update_xaxes(
            tickvals=list(range(len(types))), ticktext=[escaped(name) for name in types],
            tickangle=-40, automargin=True, showline=False, ticks="", row=1, col=2,
        )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(latents))),
        ticktext=[f"z<sub>{latent}</sub>" for latent in latents],
        range=[len(latents) - 0.5, -0.5],
        showline=False,
        ticks="",
    )
    return figure
