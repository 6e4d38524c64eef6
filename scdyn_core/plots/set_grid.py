"""The axes of a grid of dots: gene sets down, programs or clusters across."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from scdyn_core.plots.palette import Palette


def set_grid(
    figure: Figure, sets: Sequence[str], across: Sequence[str], title: str | None, palette: Palette
) -> None:
    """Style a figure whose points stand at whole numbers, the first set on top.

    Parameters
    ----------
    sets
        Names of the gene sets as they came.
    across
        Names of the columns, escaped already.
    title
        Title of the columns.
    """
    styled(figure, palette, height=140 + 24 * len(sets))
    figure.update_xaxes(
        tickvals=list(range(len(across))),
        ticktext=list(across),
        title_text=title,
        range=[-0.6, len(across) - 0.4],
        showline=False,
        ticks="",
    )
    figure.update_yaxes(
        tickvals=list(range(len(sets))),
        ticktext=[escaped(name.replace("_", " ").capitalize()) for name in sets],
        range=[len(sets) - 0.4, -0.6],
        automargin=True,
        showline=False,
        ticks="",
    )
