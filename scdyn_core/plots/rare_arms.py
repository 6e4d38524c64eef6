"""What an experiment says of ways of drawing cells: forest plots, and what each of them draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.forest import Panel, forest_figure
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import short, short_names
from scdyn_core.plots.rare_looks import UNIFORM, arm_look, arm_name, legend_room, share_axis
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped
from scdyn_core.training.resampling.words import NAMES

#: What the answer is drawn from: metric, the rows it is of (the first that is there), its title.
MEASURES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("reconstruction", ("all",), "Reconstruction error"),
    ("reconstruction", ("rare",), "Reconstruction error, rare types"),
    ("macro F1", ("all", "macro"), "Macro F1 of cell types"),
    ("recall", ("rare",), "Recall of rare types"),
)
#: How far the first and the last way of drawing stand from the middle of a row.
ASIDE = 0.24
#: Rows of a comparison that are no cell type.
WHOLES = ("all", "macro", "rare")


def arm_order(arms: Sequence[object] | pd.Series) -> list[str]:
    """Return ways of drawing cells in their usual order, without uniform."""
    there = dict.fromkeys(str(arm) for arm in arms)
    known = [arm for arm in NAMES if arm in there and arm != UNIFORM]
    return [*known, *[arm for arm in there if arm not in NAMES]]


def arm_forest_figure(arm_comparison: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw every way of drawing cells against uniform, in what matters most.

    Parameters
    ----------
    arm_comparison
        An experiment's table: arm, metric, cell_type, uniform, difference, low, high, better,
        verdict.
    palette
        Colours.
    """
    panels = []
    for metric, wholes, title in MEASURES:
        own = arm_comparison[arm_comparison["metric"] == metric]
        there = next((name for name in wholes if (own["cell_type"] == name).any()), None)
        rows = own[own["cell_type"] == there] if there else own.iloc[:0]
        if len(rows):
            panels.append(Panel(_named(rows), title, _reference(rows)))
    order = [arm_name(arm) for arm in arm_order(arm_comparison["arm"])]
    return forest_figure(panels, order, against="uniform", palette=palette)


def type_forest_figure(
    arm_comparison: pd.DataFrame, metric: str, types: Sequence[str], *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw one metric of every cell type, a panel a way of drawing cells.

    Parameters
    ----------
    arm_comparison
        An experiment's table.
    metric
        What is drawn.
    types
        Rows from top to bottom; names may be hostile.
    palette
        Colours.
    """
    own = arm_comparison[arm_comparison["metric"] == metric]
    own = own[own["cell_type"].isin(list(types))]
    names = {name: short(name) for name in types}
    panels = [
        Panel(rows.assign(row=rows["cell_type"].map(names)), arm_name(arm))
        for arm in arm_order(own["arm"])
        for rows in [own[own["arm"] == arm]]
    ]
    return forest_figure(
        panels, list(dict.fromkeys(names.values())), against="uniform", shared=True,
        palette=palette,
    )  # fmt: skip


def arm_mass_figure(arm_mass: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw what share of the drawn cells each type has under each way of drawing.

    Parameters
    ----------
    arm_mass
        An experiment's table: arm, seed, cell_type (may be hostile), share, mass.
    palette
        Colours.
    """
    told = arm_mass.groupby(["arm", "cell_type"], sort=False, observed=True, as_index=False).agg(
        share=("share", "mean"), mass=("mass", "mean")
    )
    types = told.groupby("cell_type", observed=True)["share"].mean().sort_values(kind="stable")
    places = {name: place for place, name in enumerate(types.index)}
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=100 * types.to_numpy(), y=list(places.values()), mode="markers",
            name="share of the cells (uniform)", hovertemplate="share %{x:.2g} %<extra></extra>",
            marker={"symbol": "line-ns-open", "size": 18, "color": palette.ink,
                    "line": {"width": 2.5}},
        )
    )  # fmt: skip
    arms = arm_order(told["arm"])
    for arm, aside in zip(arms, np.linspace(-ASIDE, ASIDE, len(arms)), strict=True):
        rows, look = told[told["arm"] == arm], arm_look(arm, palette)
        figure.add_trace(
            go.Scatter(
                x=100 * rows["mass"], y=[places[name] + aside for name in rows["cell_type"]],
                mode="markers", name=escaped(arm_name(arm)),
                marker={"symbol": look.symbol, "color": look.colour, "size": 10, "opacity": 0.9},
                text=[f"<b>{escaped(name)}</b>, {escaped(arm_name(arm))}<br>{100 * share:.2g} % of "
                      f"the cells, {100 * mass:.2g} % of what is drawn"
                      for name, share, mass in
                      zip(rows["cell_type"], rows["share"], rows["mass"], strict=True)],
                hovertemplate="%{text}<extra></extra>",
            )
        )  # fmt: skip
    room = legend_room(1 + len(arms))
    styled(figure, palette, height=68 + room + 30 * max(len(places), 3))
    values = 100 * np.concatenate([types.to_numpy(), told["mass"].to_numpy()])
    figure.update_xaxes(showgrid=True, gridcolor=palette.grid,
                        **share_axis(values, "share of what is drawn"))  # fmt: skip
    figure.update_yaxes(
        tickvals=list(places.values()), ticktext=short_names(list(places)), automargin=True,
        range=[len(places) - 0.4, -0.6], showline=False, ticks="", showgrid=True,
        gridcolor=palette.grid,
    )  # fmt: skip
    legend_at_bottom(figure)
    figure.update_layout(margin={"t": 16, "b": room})
    return figure


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(row=[arm_name(arm) for arm in rows["arm"]])


def _reference(rows: pd.DataFrame) -> str:
    value = float(rows["uniform"].mean())
    return f"uniform {value:,.{0 if abs(value) >= 100 else 3}f}" if np.isfinite(value) else ""
