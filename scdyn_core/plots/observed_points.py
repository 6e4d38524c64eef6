"""What was measured of a gene and what was fitted to it, as traces of any figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.cluster_colours import translucent
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import escaped
from scdyn_core.plots.time_axis import TimeAxis

#: Half the width of a 90 % interval in standard errors.
NINETY = 1.6449
#: Least span of an axis, log2: noise around a flat gene must not look like a response.
LEAST_SPAN = 1.5
EXPRESSION = "expression, log<sub>2</sub>"
FOLD_CHANGE = "change, log<sub>2</sub> fold"


def observed_trace(
    rows: pd.DataFrame,
    axis: TimeAxis,
    *,
    colour: str,
    name: str,
    reference: float = 0.0,
    lines: bool = False,
) -> go.Scatter:
    """Return measured means with their 90 % intervals.

    Parameters
    ----------
    rows
        Rows of ``curves`` of one gene and group: time, cells, expression, se.
    colour
        Of points and intervals.
    name
        Legend text (may be hostile).
    reference
        Subtracted from the expression, log2.
    lines
        Whether to join the points, where no fitted curve does.
    """
    own = rows.sort_values("time")
    return go.Scatter(
        x=axis.place(own["time"]),
        y=own["expression"] - reference,
        mode="lines+markers" if lines else "markers",
        name=escaped(name),
        line={"color": colour, "width": 1.8},
        marker={"size": 7, "color": colour},
        error_y={"type": "data", "array": NINETY * own["se"], "color": colour, "thickness": 1.4,
                 "width": 3},
        text=[f"{time:g}" for time in own["time"]],
        customdata=np.column_stack([NINETY * own["se"], own["cells"]]),
        hovertemplate="<b>%{fullData.name}</b> at %{text}: %{y:.2f} ± %{customdata[0]:.2f}"
        "<br>mean of %{customdata[1]:,} cells, 90 % interval<extra></extra>",
    )  # fmt: skip


def fitted_traces(
    rows: pd.DataFrame, axis: TimeAxis, *, colour: str, name: str, reference: float = 0.0
) -> list[go.Scatter]:
    """Return the band of a fitted curve, then the curve.

    Parameters
    ----------
    rows
        Rows of ``fitted`` of one gene: time, fitted, low, high.
    colour, name, reference
        As for ``observed_trace``.
    """
    own = rows.sort_values("time")
    x = axis.place(own["time"])
    low, high = own["low"] - reference, own["high"] - reference
    band = go.Scatter(
        x=[*x, *x[::-1]], y=[*high, *low[::-1]], mode="lines", fill="toself",
        fillcolor=translucent(colour, 0.18), line={"width": 0}, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip
    line = go.Scatter(
        x=x, y=own["fitted"] - reference, mode="lines", name=escaped(name),
        line={"color": colour, "width": 2.4}, text=[f"{time:.3g}" for time in own["time"]],
        hovertemplate="<b>%{fullData.name}</b> at %{text}: %{y:.2f}<extra></extra>",
    )  # fmt: skip
    return [band, line]


def first_fitted(rows: pd.DataFrame) -> float:
    """Return the fitted value of one gene at its first time; NaN without rows."""
    own = rows.sort_values("time")["fitted"]
    return float(own.iloc[0]) if len(own) else float("nan")


def group_hues(groups: Sequence[str], palette: Palette) -> dict[str, str]:
    """Return the colour of every group of cells; all cells together are in ink."""
    named = [group for group in groups if group != "all"]
    # The first hue is that of the fitted curve.
    hues = palette.categorical[1:]
    return {"all": palette.ink} | {name: hues[at % len(hues)] for at, name in enumerate(named)}


def expression_range(own: pd.DataFrame, curve: pd.DataFrame | None = None) -> list[float] | None:
    """Return the range of an axis for rows of ``curves`` and, where given, of ``fitted``."""
    spread = NINETY * own["se"].fillna(0.0)
    ends = [own["expression"] - spread, own["expression"] + spread]
    ends += [] if curve is None else [curve["low"], curve["high"]]
    known = np.concatenate(ends)
    if not np.isfinite(known).any():
        return None
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    half, middle = max(high - low, LEAST_SPAN) * 0.54, (low + high) / 2
    return [middle - half, middle + half]


def known_genes(genes: Sequence[str], frame: pd.DataFrame) -> list[str]:
    """Return the genes a table has rows of, each once, in the order given."""
    known = set(frame["gene"])
    return [gene for gene in dict.fromkeys(genes) if gene in known]
