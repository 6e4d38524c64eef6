"""Gene programs: which genes rise and fall along the latents."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

ROW_HEIGHT = 19


def strongest(
    programs: pd.DataFrame, replicate: int, latent: int, most: int, value: str = "effect"
) -> pd.DataFrame:
    """Return the genes that rise most along a latent, then those that fall most, top down."""
    rows = programs[(programs["replicate"] == replicate) & (programs["latent"] == latent)]
    up = rows[rows[value] > 0].nlargest(most, value)
    down = rows[rows[value] < 0].nsmallest(most, value)[::-1]
    return pd.concat([up, down])


def program_figure(
    programs: pd.DataFrame,
    replicate: int,
    latent: int,
    *,
    most: int = 12,
    value: str = "effect",
    unit: str = "expression",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the genes with the strongest positive and negative effects of a latent.

    Parameters
    ----------
    programs
        A run's table: replicate, latent, gene, and a signed value per sd of the latent.
    replicate, latent
        Which rows.
    most
        Genes of each sign.
    value
        Column to draw.
    unit
        Its unit.
    palette
        Colours.
    """
    return _figure(programs, replicate, [latent], most, (value, unit), palette)


def programs_figure(
    programs: pd.DataFrame,
    replicate: int,
    *,
    most: int = 10,
    value: str = "effect",
    unit: str = "expression",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw every program of a replicate beside the others, as ``program_figure``."""
    latents = sorted(int(number) for number in programs["latent"].unique())
    return _figure(programs, replicate, latents, most, (value, unit), palette)


def _figure(
    programs: pd.DataFrame,
    replicate: int,
    latents: list[int],
    most: int,
    shown: tuple[str, str],
    palette: Palette,
) -> go.Figure:
    # Wide enough for names of genes between the panels.
    figure = make_subplots(cols=len(latents), horizontal_spacing=min(0.11, 0.5 / len(latents)))
    longest = 1
    for column, latent in enumerate(latents, start=1):
        genes = strongest(programs, replicate, latent, most, shown[0])
        longest = max(longest, len(genes))
        _add_bars(figure, column, latent, genes, shown, palette)
    styled(figure, palette, height=120 + ROW_HEIGHT * longest)
    figure.update_layout(bargap=0.25, showlegend=False)
    return figure


def _add_bars(
    figure: go.Figure,
    column: int,
    latent: int,
    genes: pd.DataFrame,
    shown: tuple[str, str],
    palette: Palette,
) -> None:
    value, unit = shown
    rising, falling = palette.diverging[-3], palette.diverging[1]
    names = [escaped(gene) for gene in genes["gene"]]
    figure.add_trace(
        go.Bar(
            x=genes[value],
            y=list(range(len(genes))),
            orientation="h",
            marker_color=[rising if effect > 0 else falling for effect in genes[value]],
            text=names,
            textposition="none",
            hovertemplate="%{text}: %{x:.3g}<extra></extra>",
        ),
        row=1,
        col=column,
    )
    figure.update_xaxes(
        title_text=f"change per sd of z<sub>{latent}</sub><br>({unit})",
        zeroline=True,
        zerolinecolor=palette.ink,
        zerolinewidth=1,
        nticks=5,
        row=1,
        col=column,
    )
    # Two genes may have the same name once shortened, so rows are numbers with names as labels.
    figure.update_yaxes(
        tickvals=list(range(len(genes))),
        ticktext=[f"<i>{name}</i>" for name in names],
        autorange="reversed",
        showline=False,
        ticks="",
        ticklabelstandoff=4,
        automargin=True,
        row=1,
        col=column,
    )
