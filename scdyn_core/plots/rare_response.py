"""The predicted response of a type, gene by gene: beside what was measured, or alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import short
from scdyn_core.plots.point_labels import add_point_labels
from scdyn_core.plots.points import MOST_VECTOR_POINTS
from scdyn_core.plots.style import equal_scales, legend_at_bottom, styled
from scdyn_core.plots.text import escaped

CHANGE = "mean log-normalised, treated minus control"


def gene_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the change of every gene, mean over seeds.

    Parameters
    ----------
    rows
        Of the table ``unseen_genes``, of one held-out type, arm and predictor: gene, control,
        observed, predicted, de.

    Returns
    -------
    pandas.DataFrame
        gene, control, observed_change (NaN where nothing was observed), predicted_change, de; the
        largest change first, the observed one where it is known.
    """
    changed = rows.assign(
        observed_change=rows["observed"] - rows["control"],
        predicted_change=rows["predicted"] - rows["control"],
    )
    columns = ["control", "observed_change", "predicted_change"]
    told = changed.groupby("gene", sort=False, observed=True).agg(
        {**dict.fromkeys(columns, "mean"), "de": "any"}
    )
    size = told["observed_change"].where(told["observed_change"].notna(), told["predicted_change"])
    order = size.abs().sort_values(ascending=False, kind="stable").index
    return told.loc[order].reset_index()


def correlation(changes: pd.DataFrame) -> float:
    """Return Pearson's r of predicted and observed change; NaN where it is not defined."""
    own = changes[["observed_change", "predicted_change"]].dropna()
    if len(own) < 2 or bool((own.std() == 0).any()):
        return float("nan")
    return float(np.corrcoef(own.to_numpy(dtype=np.float64).T)[0, 1])


def response_figure(
    changes: pd.DataFrame,
    *,
    labelled: int = 12,
    genes: Sequence[str] = (),
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw predicted against observed change; on the dashed line the prediction is right.

    Parameters
    ----------
    changes
        Of ``gene_changes``, with observed changes. Genes may be hostile.
    labelled
        Differentially expressed genes that get their names, those that change most.
    genes
        Genes that get theirs in any case.
    palette
        Colours.
    """
    own = changes.dropna(subset=["observed_change", "predicted_change"]).reset_index(drop=True)
    xy = own[["observed_change", "predicted_change"]].to_numpy(dtype=np.float64)
    low, high = (float(xy.min()), float(xy.max())) if len(own) else (-1.0, 1.0)
    room = 0.06 * (high - low) or 0.5
    edge = [low - room, high + room]
    figure = go.Figure(
        go.Scatter(
            x=edge, y=edge, mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": palette.muted, "dash": "dash", "width": 1.2},
        )
    )  # fmt: skip
    marked, de = own["gene"].isin(list(genes)), own["de"].astype(bool)
    kind = go.Scatter if len(own) <= MOST_VECTOR_POINTS else go.Scattergl
    for chosen, name, colour, size in (
        (~de & ~marked, "other genes", palette.baseline, 5),
        (de & ~marked, "differentially expressed", palette.model, 7),
        (marked, "marked", palette.second_ink, 10),
    ):
        part = own[chosen]
        if part.empty:
            continue
        figure.add_trace(
            kind(
                x=part["observed_change"], y=part["predicted_change"], mode="markers",
                name=f"{name} ({len(part):,})",
                marker={"size": size, "color": colour, "opacity": 0.5 if size == 5 else 0.85},
                text=[f"<b>{escaped(gene)}</b><br>observed {seen:+.3f}<br>predicted {said:+.3f}"
                      for gene, seen, said in
                      zip(part["gene"], part["observed_change"], part["predicted_change"],
                          strict=True)],
                hovertemplate="%{text}<extra></extra>",
            )
        )  # fmt: skip
    styled(figure, palette, height=600)
    named = dict.fromkeys([*own.index[marked], *own.index[de][: max(labelled, 0)]])
    add_point_labels(
        figure, xy, list(named), [short(own["gene"][row]) for row in named], palette
    )  # fmt: skip
    figure.add_annotation(
        text=f"<b>r = {_number(correlation(own))}</b>, all {len(own):,} genes<br>"
        f"<b>r = {_number(correlation(own[de]))}</b>, {int(de.sum()):,} differentially expressed",
        xref="x domain", yref="y domain", x=0.02, y=0.98, xanchor="left", yanchor="top",
        align="left", showarrow=False, bgcolor=palette.background, opacity=0.9,
    )  # fmt: skip
    figure.update_xaxes(title_text=f"observed change ({CHANGE})", range=edge)
    figure.update_yaxes(title_text="predicted change", range=edge)
    equal_scales(figure)
    legend_at_bottom(figure)
    figure.update_layout(legend={"x": 0.5, "xanchor": "center"})
    return figure


def predicted_genes_figure(
    changes: pd.DataFrame, *, most: int = 15, genes: Sequence[str] = (), palette: Palette = LIGHT
) -> go.Figure:
    """Draw the genes that are predicted to change most, where nothing was measured.

    Parameters
    ----------
    changes
        Of ``gene_changes``. Genes may be hostile.
    most
        Genes up, and genes down.
    genes
        Genes that are drawn in any case.
    palette
        Colours.
    """
    ordered = changes.sort_values("predicted_change", ascending=False, kind="stable")
    up = ordered[ordered["predicted_change"] > 0].head(most)
    down = ordered[ordered["predicted_change"] < 0].tail(most)
    asked = ordered[ordered["gene"].isin(list(genes))]
    own = ordered.loc[ordered.index.isin([*up.index, *down.index, *asked.index])]
    colours = [palette.diverging[-2] if value > 0 else palette.diverging[1]
               for value in own["predicted_change"]]  # fmt: skip
    words = [
        f"<b>{escaped(short(gene))}</b>" if gene in set(genes) else escaped(short(gene))
        for gene in own["gene"]
    ]
    figure = go.Figure(
        go.Bar(
            y=list(range(len(own))), x=own["predicted_change"], orientation="h",
            marker={"color": colours}, width=0.72,
            text=[f"{value:+.2f}" for value in own["predicted_change"]], textposition="outside",
            cliponaxis=False, customdata=[escaped(gene) for gene in own["gene"]],
            hovertemplate="<b>%{customdata}</b>: %{x:+.3f}<extra></extra>",
        )
    )  # fmt: skip
    styled(figure, palette, height=100 + 19 * max(len(own), 4))
    figure.add_vline(x=0, line={"color": palette.ink, "width": 1})
    reach = 1.18 * float(own["predicted_change"].abs().max()) if len(own) else 1.0
    lowest = -reach if len(down) else -0.02 * reach
    figure.update_xaxes(title_text=f"predicted change ({CHANGE})",
                        range=[lowest, reach if len(up) else 0.02 * reach])  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(own))), ticktext=words, range=[len(own) - 0.4, -0.6],
        automargin=True, ticks="", showline=False, tickfont_size=11,
    )  # fmt: skip
    figure.update_layout(margin={"t": 12})
    return figure


def _number(value: float) -> str:
    return "not defined" if not np.isfinite(value) else f"{value:.3f}"
