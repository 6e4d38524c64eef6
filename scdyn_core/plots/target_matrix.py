"""Which perturbation shifts which latent: similar perturbations together, controls apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.target_matrix_marks import FRAMED, add_doubts, add_truth, pickable_squares
from scdyn_core.plots.target_matrix_rows import MOST_NAMED, Rows, write_row_names

#: Height of a row, bounds of all rows, room above, below, and below the legend, pixels.
_ROW, _LOWEST, _HIGHEST, _TOP, _BELOW, _LEGEND = 19.0, 120.0, 1_100.0, 58.0, 136.0, 80.0


def target_matrix_figure(
    target_matrix: pd.DataFrame,
    targets: pd.DataFrame,
    perturbations: pd.DataFrame,
    *,
    latents: pd.DataFrame | None = None,
    true_targets: pd.DataFrame | None = None,
    shown: Sequence[str] | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the shift of every latent that is on in most replicates; nothing where it is off.

    Every square can be clicked: ``customdata`` of its point is the row of ``perturbations`` and
    the number of the latent.

    Parameters
    ----------
    target_matrix
        A run's table: perturbation, latent, effect, effect_sd, stability, on.
    targets
        A run's table, for its ``order`` and ``latent_order``.
    perturbations
        A run's table: perturbation, kind, held_out. Names may be hostile.
    latents
        A run's table; its strongest genes are shown when a square is pointed at.
    true_targets
        Planted truth, outlined: perturbation, latent, on.
    shown
        Perturbations that have a row; all of them without it.
    palette
        Colours.
    """
    kinds = perturbations.set_index("perturbation")["kind"]
    true = None if true_targets is None else true_targets[true_targets["on"].astype(bool)]
    planted = set() if true is None else set(true["perturbation"])
    rows = Rows.of(target_matrix, targets, kinds, shown, planted)
    ordered = targets.groupby("latent")["latent_order"].first().sort_values(kind="stable")
    columns = [int(number) for number in ordered.index]
    table = _placed(target_matrix, rows, columns)
    height = _height(rows)
    pixels = (height - _TOP - _BELOW) / rows.height
    figure = go.Figure(_squares(table, rows, columns, pixels, palette))
    figure.data[0].colorbar.title.side = "bottom"
    styled(figure, palette, height=height)
    add_doubts(figure, table, palette)
    if true is not None:
        add_truth(figure, _placed(true, rows, columns), table, pixels, palette)
    figure.add_trace(pickable_squares(table, perturbations, latents, pixels))
    serves = target_matrix[target_matrix["on"].astype(bool)].groupby("latent").size()
    figure.update_xaxes(
        side="top", showline=False, ticks="", range=[-0.52, len(columns) - 0.48],
        showgrid=True, gridcolor=palette.grid, tickvals=list(range(len(columns))),
        ticktext=[f"<b>{number}</b><br>{serves.get(number, 0):,}" for number in columns],
        title_text="latent, and how many perturbations shift it",
    )  # fmt: skip
    if len(columns) > 25:
        figure.update_xaxes(tickfont_size=10)
    figure.update_yaxes(
        range=[rows.height - 0.45, -0.55], showline=False, ticks="", automargin=True,
        showgrid=len(rows.perturbations) <= MOST_NAMED, gridcolor=palette.grid,
    )  # fmt: skip
    figure.update_layout(
        margin={"l": 100, "r": 24, "t": _TOP, "b": _BELOW}, hoverdistance=60,
        legend={"orientation": "h", "x": 0, "y": _LEGEND / height, "yref": "container",
                "yanchor": "bottom"},
    )  # fmt: skip
    write_row_names(figure, rows, table, perturbations, height - _TOP - _BELOW, palette)
    _between(figure, rows, palette)
    return figure


def _placed(table: pd.DataFrame, rows: Rows, columns: list[int]) -> pd.DataFrame:
    """Return the entries that are drawn, with their place."""
    y = dict(zip(rows.perturbations, rows.y.tolist(), strict=True))
    x = {number: place for place, number in enumerate(columns)}
    placed = table.assign(x=table["latent"].map(x), y=table["perturbation"].map(y))
    return placed.dropna(subset=["x", "y"]).reset_index(drop=True)


def _height(rows: Rows) -> float:
    return float(np.clip(_ROW * rows.height, _LOWEST, _HIGHEST)) + _TOP + _BELOW


def _squares(
    table: pd.DataFrame, rows: Rows, columns: list[int], pixels: float, palette: Palette
) -> go.Heatmap:
    z = np.full((int(rows.height), len(columns)), np.nan)
    on = table[table["on"].astype(bool)]
    z[on["y"].to_numpy(dtype=int), on["x"].to_numpy(dtype=int)] = on["effect"]
    reach = float(on["effect"].abs().quantile(0.98)) if len(on) else 1.0
    reach = reach if reach > 0 else 1.0
    gap = 1.5 if pixels >= FRAMED else 0
    return go.Heatmap(
        x=list(range(len(columns))), y=list(range(len(z))), z=np.round(z, 3), zmin=-reach,
        zmax=reach, colorscale=palette.scale(palette.diverging), xgap=gap, ygap=gap,
        hoverinfo="skip", hoverongaps=False,
        colorbar={
            **colour_bar(f"shift (sd of the latent; colours end at ±{reach:.2g}), empty: off",
                         palette),
            "orientation": "h", "x": 0, "xanchor": "left", "len": 0.55, "y": 0,
            "yref": "container", "yanchor": "bottom", "ypad": 8,
        },
    )  # fmt: skip


def _between(figure: go.Figure, rows: Rows, palette: Palette) -> None:
    """Draw the line above the controls, and say what is not drawn or written otherwise."""
    free = sorted(set(range(int(rows.height))) - set(rows.y.astype(int).tolist()))
    for y in free:
        figure.add_hline(y=y, line={"color": palette.muted, "width": 1, "dash": "dot"})
    said = [f"{rows.left_out:,} perturbations that shift no latent are not drawn"
            if rows.left_out else "",
            "italics: held out of training" if _has_italics(figure) else ""]  # fmt: skip
    if any(said):
        figure.add_annotation(
            text="; ".join(filter(None, said)), xref="paper", yref="paper", x=0, y=0, yshift=-6,
            xanchor="left", yanchor="top", showarrow=False,
            font={"size": 12, "color": palette.muted},
        )  # fmt: skip


def _has_italics(figure: go.Figure) -> bool:
    written = [*(figure.layout.yaxis.ticktext or ()),
               *(note.text for note in figure.layout.annotations)]  # fmt: skip
    return any(text.startswith("<i>") for text in written)
