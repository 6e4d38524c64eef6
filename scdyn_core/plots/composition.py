"""How many cells each group has, and what each group is made of."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

MOST_GROUPS = 40
MOST_PARTS = 16


def composition_bars(
    counted: pd.DataFrame, palette: Palette, *, by: str, split: str | None, share: bool = False
) -> go.Figure:
    """Draw groups as horizontal bars, largest on top, stacked by part.

    Parameters
    ----------
    counted
        Columns ``group``, ``part``, ``cells``.
    by, split
        Names of the columns that were counted; may be hostile.
    share
        Draw percentages of each group instead of numbers of cells.
    """
    sizes = counted.groupby("group")["cells"].sum().sort_values(ascending=False)[:MOST_GROUPS]
    groups = [escaped(group) for group in sizes.index]
    parts = counted.groupby("part")["cells"].sum().sort_values(ascending=False).index[:MOST_PARTS]
    figure = go.Figure()
    for position, part in enumerate(parts):
        cells = counted[counted["part"] == part].set_index("group")["cells"].reindex(sizes.index)
        values = 100 * cells / sizes if share else cells
        figure.add_trace(
            go.Bar(
                y=groups,
                x=values.fillna(0),
                name=escaped(part),
                orientation="h",
                marker={"color": palette.categorical[position % len(palette.categorical)]},
                customdata=cells.fillna(0),
                hovertemplate="%{y}: %{customdata:,} cells<extra>%{fullData.name}</extra>",
            )
        )
    if split is None and not share:
        figure.update_traces(
            texttemplate="%{customdata:,}", textposition="outside", cliponaxis=False
        )
    figure.update_layout(
        barmode="stack", showlegend=split is not None, legend_title_text=escaped(split or "")
    )
    figure.update_xaxes(title="Cells in the group (%)" if share else "Cells")
    figure.update_yaxes(title=escaped(by), autorange="reversed", type="category", automargin=True)
    # A legend that is cut off scrolls, and nobody finds out.
    legend = 0 if split is None else 120 + 20 * len(parts)
    return styled(figure, palette, height=max(220, 110 + 24 * len(groups), legend))
