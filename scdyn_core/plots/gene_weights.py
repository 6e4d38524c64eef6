"""The genes that move each latent, or each cell type's logit, most: one panel an output."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.gene_programs import ROW_HEIGHT
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

COLUMNS = 4


def gene_weights_figure(
    rows: pd.DataFrame, *, output: str, most: int = 15, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the mean size of attributions, coloured by their direction.

    Parameters
    ----------
    rows
        Attributions of one replicate: gene, the output, mean_abs, and slope or mean, whose sign
        is the direction.
    output
        Column that names the outputs.
    most
        Genes per output.
    palette
        Colours.
    """
    sign = "slope" if "slope" in rows else "mean"
    outputs = list(dict.fromkeys(rows[output]))
    columns = min(COLUMNS, len(outputs))
    lines = -(-len(outputs) // columns)
    height = lines * (110 + ROW_HEIGHT * most)
    figure = make_subplots(
        lines, columns, horizontal_spacing=min(0.1, 0.5 / columns),
        vertical_spacing=min(0.9, 90 / height) if lines > 1 else 0,
        subplot_titles=[_title(output, name) for name in outputs],
    )  # fmt: skip
    for number, name in enumerate(outputs):
        genes = rows[rows[output] == name].nlargest(most, "mean_abs")
        names = [escaped(gene) for gene in genes["gene"]]
        place = {"row": number // columns + 1, "col": number % columns + 1}
        rises = genes[sign].to_numpy() > 0
        figure.add_trace(
            go.Bar(
                x=genes["mean_abs"],
                y=list(range(len(genes))),
                orientation="h",
                marker_color=np.where(rises, palette.diverging[-3], palette.diverging[1]),
                text=names,
                textposition="none",
                hovertemplate="%{text}: %{x:.3g}<extra></extra>",
                showlegend=False,
            ),
            **place,
        )
        figure.update_yaxes(
            tickvals=list(range(len(genes))),
            ticktext=[f"<i>{gene}</i>" for gene in names],
            autorange="reversed",
            showline=False,
            ticks="",
            ticklabelstandoff=4,
            automargin=True,
            **place,
        )
    styled(figure, palette, height=height)
    unit = "sd" if output == "latent" else "logit"
    figure.update_xaxes(title_text=f"|attribution| ({unit})", nticks=4)
    figure.update_layout(bargap=0.25)
    return figure


def _title(output: str, name: object) -> str:
    return f"z<sub>{int(str(name))}</sub>" if output == "latent" else escaped(name)
