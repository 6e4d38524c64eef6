"""One gene: its curve, its cluster, its value at any time, and the genes that behave like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.genes_choice import time_title
from dashboard._ui.genes_nearest import show_nearest
from dashboard._ui.genes_search import choose_compared, choose_gene
from dashboard._ui.genes_tables import genes_of_choice, needed, of_choice
from dashboard._ui.genes_views import groups_of
from dashboard._ui.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run

ALL_CELLS = "all"
PARTS = {
    "train": "the model was trained on it",
    "validation": "its bands were calibrated on it",
    "test": "the model did not see it in training",
}


def show_gene(run: Run, choice: ClusterChoice) -> None:
    """Draw what is known of one gene, and others beside it."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        gene = choose_gene(run)
    with right:
        compared = [name for name in choose_compared(run) if name != gene]
    curve, beside = st.columns([3, 2], gap="medium")
    with curve:
        _curve(run, gene)
        _value(run, gene)
    with beside:
        _numbers(run, choice, gene)
        show_nearest(run, choice, gene)
    if compared:
        _compare(run, [gene, *compared])


def _curve(run: Run, gene: str) -> None:
    from scdyn_core.plots.gene_curves import gene_curves_figure

    groups: list[str] = [ALL_CELLS]
    levels = groups_of(run)
    if levels:
        chosen = st.pills(
            "Cells",
            [ALL_CELLS, *levels],
            selection_mode="multi",
            default=[ALL_CELLS],
            format_func=lambda name: "all cells" if name == ALL_CELLS else plain(name),
            key=f"genes/groups/{run.id}",
            label_visibility="collapsed",
        )
        groups = chosen or groups
    curves, fitted = needed(run, "curves"), needed(run, "fitted")
    chart(
        gene_curves_figure(
            curves, fitted, [gene], groups=groups, columns=1, time_title=time_title(run),
            palette=palette(),
        ),
        name="gene_curve",
        key="genes/curve",
        data=fitted[fitted["gene"] == gene],
    )  # fmt: skip
    st.caption(
        "Points: measured means with 90 % intervals over cells. Line: what the model makes of "
        "them; band: 90 % for the mean of the gene, widened on genes it was not trained on."
    )


def _value(run: Run, gene: str) -> None:
    from scdyn_core.evaluation.curve_value import value_at

    fitted = needed(run, "fitted")
    curve = fitted[fitted["gene"] == gene].dropna(subset="fitted")
    if curve.empty:
        return
    first, last = float(curve["time"].min()), float(curve["time"].max())
    asked, answer = st.columns([2, 5], vertical_alignment="bottom")
    time = asked.number_input(
        "Value at time",
        min_value=first,
        max_value=last,
        value=(first + last) / 2,
        key=f"genes/time/{run.id}",
        format="%g",
        help="Any time between the first and the last that was measured",
    )
    found, start = value_at(curve, time), value_at(curve, first)
    answer.markdown(
        f"At {time:g}: **{found.fitted:.2f}** log2 (90 %: {found.low:.2f} to {found.high:.2f}), "
        f"**{2 ** (found.fitted - start.fitted):.2g}-fold** of the first time."
    )


def _numbers(run: Run, choice: ClusterChoice, gene: str) -> None:
    rows = genes_of_choice(run, choice)
    own = rows[rows["gene"] == gene].iloc[0]
    memberships = of_choice(run, "memberships", choice)
    soft = memberships[memberships["gene"] == gene].sort_values("membership", ascending=False)
    others = [f"cluster {int(c)}: {p:.0%}" for c, p in zip(soft["cluster"], soft["membership"],
                                                           strict=True)]  # fmt: skip
    cluster, change, onset, peak = st.columns([2, 2, 2, 2])
    cluster.metric("Cluster", int(own["cluster"]), help="Probability of " + "; ".join(others[:6]))
    change.metric("Change", f"{own['change']:+.2f}", help="Largest change since the first time, "
                  "log2")  # fmt: skip
    onset.metric("Onset", _time(own, "onset_time"), help="Half of the largest change is made")
    peak.metric("Peak", _time(own, "peak_time"), help="Time of the largest change")
    words = [f"**{plain(gene)}** belongs to cluster {int(own['cluster'])} with probability "
             f"{own['membership']:.0%}"]  # fmt: skip
    if "stability" in own and own["stability"] == own["stability"]:
        words.append(f"{own['stability']:.0%} of the replicates agree")
    if "half_life" in own and own["half_life"] == own["half_life"]:
        words.append(f"half of the change is lost {own['half_life']:.3g} after the peak")
    words.append(PARTS.get(own["part"], ""))
    st.markdown("; ".join(word for word in words if word) + ".")


def _time(row: pd.Series, column: str) -> str:
    return f"{row[column]:.3g}" if column in row and row[column] == row[column] else "none"


def _compare(run: Run, genes: list[str]) -> None:
    from scdyn_core.plots.gene_comparison import gene_comparison_figure

    curves = needed(run, "curves")
    st.subheader("Compared", anchor=False)
    chart(
        gene_comparison_figure(
            curves, needed(run, "fitted"), genes, time_title=time_title(run), palette=palette()
        ),
        name="compared_genes",
        key="genes/compared",
        data=curves[curves["gene"].isin(genes) & (curves["group"] == ALL_CELLS)],
    )
