"""Gene sets × programs: score as colour, adjusted p-value as size, a ring where axes are beaten."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.set_grid import set_grid
from scdyn_core.plots.style import colour_bar
from scdyn_core.plots.text import escaped

#: Adjusted p-values below this are drawn no larger.
SMALLEST_P = 1e-6
CHANCE = 0.05


def enrichment_figure(
    enrichment: pd.DataFrame, *, most: int = 20, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the gene sets that score furthest from 0 in any program.

    Parameters
    ----------
    enrichment
        A run's table: program, gene_set, matched, score, p_adjusted, random_sets, random_axes.
    most
        Gene sets to draw.
    palette
        Colours.
    """
    furthest = enrichment.assign(distance=enrichment["score"].abs()).groupby("gene_set")["distance"]
    sets = list(furthest.max().nlargest(most).index)
    programs = sorted(enrichment["program"].unique(), key=lambda name: (len(name), name))
    rows = enrichment[enrichment["gene_set"].isin(sets)]
    reach = float(rows["score"].abs().max()) if len(rows) else 1.0
    evidence = -np.log10(rows["p_adjusted"].clip(lower=SMALLEST_P).to_numpy(dtype=np.float64))
    beaten = (rows["random_axes"] <= CHANCE).to_numpy()
    figure = go.Figure(
        go.Scatter(
            x=[programs.index(name) for name in rows["program"]],
            y=[sets.index(name) for name in rows["gene_set"]],
            mode="markers",
            marker={
                "size": 6 + 14 * np.sqrt(evidence / -np.log10(SMALLEST_P)),
                "color": rows["score"],
                "colorscale": palette.scale(palette.diverging),
                "cmin": -reach or -1.0,
                "cmax": reach or 1.0,
                "line": {
                    "width": np.where(beaten, 2.0, 0.5),
                    "color": np.where(beaten, palette.ink, palette.muted),
                },
                "colorbar": colour_bar("score (t)", palette),
            },
            text=[
                f"{escaped(name)} in {escaped(program)}<br>{matched} genes"
                for name, program, matched in zip(
                    rows["gene_set"], rows["program"], rows["matched"], strict=True
                )
            ],
            customdata=rows[["score", "p_adjusted", "random_sets", "random_axes"]],
            hovertemplate="%{text}<br>score %{customdata[0]:.2f}, adjusted p %{customdata[1]:.2g}"
            "<br>as far: %{customdata[2]:.1%} of random sets, %{customdata[3]:.1%} of random axes"
            "<extra></extra>",
            showlegend=False,
        )
    )
    names = [f"{escaped(name)[0]}<sub>{escaped(name)[1:]}</sub>" for name in programs]
    set_grid(figure, sets, names, None, palette)
    return figure
