"""Gene programs: which genes rise and fall along one latent."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped


def program_figure(
    programs: pd.DataFrame,
    replicate: int,
    latent: int,
    *,
    most: int = 12,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the genes with the strongest positive and negative effects of a latent.

    Parameters
    ----------
    programs
        A run's table: replicate, latent, gene, effect (change per sd of the latent).
    replicate, latent
        Which rows.
    most
        Genes of each sign.
    palette
        Colours.
    """
    rows = programs[(programs["replicate"] == replicate) & (programs["latent"] == latent)]
    up = rows[rows["effect"] > 0].nlargest(most, "effect")
    down = rows[rows["effect"] < 0].nsmallest(most, "effect")[::-1]
    genes = pd.concat([up, down])
    rising, falling = palette.diverging[-3], palette.diverging[1]
    figure = go.Figure(
        go.Bar(
            x=genes["effect"],
            y=list(range(len(genes))),
            orientation="h",
            marker_color=[rising if effect > 0 else falling for effect in genes["effect"]],
            text=[escaped(gene) for gene in genes["gene"]],
            textposition="none",
            hovertemplate="%{text}: %{x:.3g}<extra></extra>",
        )
    )
    styled(figure, palette, height=120 + 19 * len(genes))
    figure.update_layout(bargap=0.25)
    figure.update_xaxes(
        title_text=f"change per sd of z<sub>{latent}</sub> (expression, data units)",
        zeroline=True,
        zerolinecolor=palette.ink,
        zerolinewidth=1,
    )
    # Two genes may have the same name once shortened, so rows are numbers with names as labels.
    figure.update_yaxes(
        tickvals=list(range(len(genes))),
        ticktext=[f"<i>{escaped(gene)}</i>" for gene in genes["gene"]],
        autorange="reversed",
        showline=False,
        ticks="",
        automargin=True,
    )
    return figure
