"""Gene sets × clusters: how much more of a set is in a cluster than to expect, and how surely."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.cluster_colours import cluster_name
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.set_dots import SURE, set_dots_figure

__all__ = ["SURE", "over_representation_figure"]


def over_representation_figure(
    found: pd.DataFrame, *, most: int = 20, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the gene sets with the smallest p-values in any cluster.

    Parameters
    ----------
    found
        A run's table ``over_representation``: cluster, gene_set, matched, overlap, expected, fold,
        p_adjusted, genes. Names may be hostile. Pairs without a common gene are not drawn.
    most
        Gene sets to draw.
    palette
        Colours.
    """
    clusters = sorted(int(number) for number in found["cluster"].unique())
    return set_dots_figure(
        found,
        found["cluster"].map(clusters.index),
        [str(number) for number in clusters],
        [cluster_name(number) for number in clusters],
        title="cluster",
        most=most,
        palette=palette,
    )
