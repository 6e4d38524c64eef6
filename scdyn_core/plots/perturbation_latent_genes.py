"""The genes of one latent: what goes up and what goes down with it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import names, short_names
from scdyn_core.plots.style import styled

ROW_PIXELS, EDGES = 17, 110


def strongest_genes(latent_genes: pd.DataFrame, latent: int, each: int) -> pd.DataFrame:
    """Return at most ``each`` genes that go up and as many that go down, from up to down."""
    own = latent_genes[latent_genes["latent"] == latent]
    up = own[own["effect"] > 0].nlargest(each, "effect")
    down = own[own["effect"] < 0].nsmallest(each, "effect").iloc[::-1]
    return pd.concat([up, down], ignore_index=True)


def latent_genes_figure(
    latent_genes: pd.DataFrame, latent: int, *, each: int = 15, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the strongest genes of a latent, with the spread between replicates.

    Parameters
    ----------
    latent_genes
        A run's table: latent, gene (may be hostile), effect, effect_sd, rank.
    latent
        Its number.
    each
        Genes in each direction, at most.
    palette
        Colours.
    """
    genes = strongest_genes(latent_genes, latent, each)
    rises = genes["effect"].to_numpy() > 0
    words = names(genes["gene"])
    spread = genes["effect_sd"].fillna(0.0)
    figure = go.Figure(
        go.Bar(
            x=genes["effect"], y=list(range(len(genes))), orientation="h", showlegend=False,
            marker={"color": np.where(rises, palette.diverging[-3], palette.diverging[1]),
                    "line": {"width": 0}},
            error_x={"array": spread, "color": palette.ink, "thickness": 1, "width": 0,
                     "visible": bool((spread > 0).any())},
            text=[f"<b>{word}</b><br>{effect:+.3g}" + (f" ± {sd:.2g}" if sd > 0 else "")
                  + f"<br>rank {rank}"
                  for word, effect, sd, rank in
                  zip(words, genes["effect"], spread, genes["rank"], strict=True)],
            textposition="none", hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    styled(figure, palette, height=EDGES + ROW_PIXELS * max(len(genes), 4))
    figure.add_vline(x=0, line={"color": palette.ink, "width": 1})
    figure.update_layout(bargap=0.22)
    figure.update_xaxes(
        title_text=f"log<sub>2</sub> fold change for +1 sd of latent {latent}", nticks=6
    )
    figure.update_yaxes(
        tickvals=list(range(len(genes))),
        ticktext=[f"<i>{word}</i>" for word in short_names(genes["gene"])],
        range=[len(genes) - 0.4, -0.6], showline=False, ticks="", automargin=True,
        tickfont_size=11,
    )  # fmt: skip
    return figure
