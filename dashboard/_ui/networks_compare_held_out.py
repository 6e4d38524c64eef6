"""Networks scored on cells that no model saw, beside their baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table
from dashboard._ui.run_tables import columns_of, table_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

HELD_OUT = "held-out cells"
_WORDS = (
    "Perturbed against control cells that no network saw. **Mean Wasserstein**: how far the "
    "targets of a network's edges move when their source is perturbed. **False omission rate**: "
    "how often a pair without an edge moves all the same. Both measure **total effects**, over all "
    "paths: a network of direct effects can be right and score below one of total effects."
)


def show_held_out(run: Run) -> None:
    """Draw the scores on held-out cells, where the run has them."""
    from scdyn_core.plots.network_comparison_scores import network_score_figure

    scores = table_of(run, "network_scores")
    if scores is None:
        return
    own = scores[scores["reference"] == HELD_OUT]
    if own.empty:
        return
    st.subheader("On held-out cells", anchor=False)
    st.caption(_WORDS)
    metrics = [str(metric) for metric in own["metric"].unique()]
    sizes = list(dict.fromkeys(_size(metric) for metric in metrics))
    size = sizes[0]
    if len(sizes) > 1:
        size = st.segmented_control(
            "Edges", sizes, default=sizes[0], required=True, key="networks/held_out_size",
            format_func=lambda name: name or "All edges of each",
            help="Networks of different sizes are comparable on as many strongest edges.",
        )  # fmt: skip
    rows = own[own["metric"].map(lambda metric: _size(str(metric)) == size)]
    chart(network_score_figure(rows, palette=palette()), name="network_held_out",
          key="networks/held_out", data=rows)  # fmt: skip
    folded_table(own, "The numbers", name="network_held_out", key="networks/held_out_table",
                 columns=columns_of(own))  # fmt: skip


def _size(metric: str) -> str:
    """Return which edges a metric is of: nothing for all, else as ``top 100``."""
    _, _, size = metric.partition(", ")
    return size
