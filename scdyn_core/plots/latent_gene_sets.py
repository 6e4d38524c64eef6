"""Gene sets × latents: which sets the genes that a latent moves most are rich in."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.set_dots import SURE, set_dots_figure

__all__ = ["SURE", "latent_gene_sets_figure"]

_ARROWS = {"up": "↑", "down": "↓"}
_WORDS = {"up": "rising", "down": "falling"}


def latent_gene_sets_figure(
    found: pd.DataFrame, *, most: int = 20, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the gene sets with the smallest p-values in any latent, up and down by themselves.

    Parameters
    ----------
    found
        A run's table ``latent_gene_sets``: latent, direction, gene_set, matched, overlap,
        expected, fold, p, p_adjusted, genes. Names may be hostile.
    most
        Gene sets to draw.
    palette
        Colours.
    """
    rows = zip(found["latent"], found["direction"], strict=True)
    every = [(int(latent), str(direction)) for latent, direction in rows]
    # Up before down: the reverse of the alphabet.
    groups = sorted(set(every), key=lambda group: (group[0], group[1] == "down"))
    return set_dots_figure(
        found,
        pd.Series([groups.index(group) for group in every], index=found.index),
        [f"{latent} {_ARROWS[direction]}" for latent, direction in groups],
        [f"latent {latent}, {_WORDS[direction]} genes" for latent, direction in groups],
        title="latent, with rising (↑) and falling (↓) genes",
        most=most,
        palette=palette,
    )
