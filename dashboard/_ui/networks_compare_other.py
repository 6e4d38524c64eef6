"""Two networks side by side: what they share, beyond chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.networks_compare_data import Origin, networks_of, origin_of, pair_of
from dashboard._ui.networks_compare_words import shared_words
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.networks.gene_network import GeneNetwork
    from scdyn_core.runs.run import Run

_SIZES = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
_EDGES = {
    "source": "gene that acts",
    "target": "gene that is acted on",
    "among": "in which network it is among the strongest",
    "rank_a": "rank in the first network; 1 is the strongest",
    "rank_b": "rank in the second",
    "strength_a": "strength in the first",
    "strength_b": "strength in the second",
    "sign_a": "1 raises, -1 lowers, 0 unknown",
    "sign_b": "1 raises, -1 lowers, 0 unknown",
}


def show_other_run(networks: Mapping[str, GeneNetwork], origin: Origin, other: Run) -> None:
    """Compare the networks of a run, which come from ``origin``, with those of another."""
    theirs = networks_of(other, 0)
    if not theirs:
        st.info("That run has no network between genes.", icon=":material/hub:")
        return
    show_other(networks, theirs, "that run: ", (*origin, *origin_of(other, 0)))


def show_other(
    ours: Mapping[str, GeneNetwork],
    theirs: Mapping[str, GeneNetwork],
    prefix: str,
    origin: Origin,
) -> None:
    """Let the user choose one network of each side, and compare these.

    ``origin`` says where both sides come from.
    """
    left, right = st.columns(2)
    first = left.selectbox("First", list(ours), key="networks/first")
    offered = list(theirs) if prefix else [name for name in theirs if name != first]
    # The same kind of evidence of another run says most.
    start = offered.index(first) if first in offered else 0
    second = right.selectbox("Second", offered, index=start, key=f"networks/second/{prefix}{first}")
    from dataclasses import replace

    other = theirs[second]
    show_pair(
        ours[first], replace(other, name=f"{prefix}{other.name}") if prefix else other, origin
    )


def show_pair(first: GeneNetwork, second: GeneNetwork, origin: Origin) -> None:
    """Draw what two networks share; ``origin`` says where both come from."""
    from scdyn_core.networks.comparison import edges_in
    from scdyn_core.plots.network_comparison import overlap_figure, weights_figure

    pair, names = pair_of(first, second, origin), (first.name, second.name)
    for sentence in shared_words(pair.told, names):
        st.markdown(sentence)
    if pair.curve.empty:
        return
    k = _choose_size(int(pair.curve["k"].max()))
    edges = edges_in(pair.both, k)
    left, right = st.columns(2, gap="medium")
    with left:
        chart(overlap_figure(pair.curve, palette=palette()), name="network_overlap",
              key="networks/overlap", data=pair.curve)  # fmt: skip
    with right:
        chart(
            weights_figure(edges, names, (first.unit, second.unit), palette=palette()),
            name="network_weights",
            key="networks/weights",
        )
    st.caption(
        f"The {k:,} strongest edges of each, between genes that both know. First: "
        f"{plain(names[0])}; second: {plain(names[1])}."
    )
    table(edges[list(_EDGES)], name="network_shared_edges", key="networks/shared", columns=_EDGES,
          formats={"strength_a": "%.3g", "strength_b": "%.3g"}, height=320)  # fmt: skip


def _choose_size(most: int) -> int:
    sizes = [size for size in _SIZES if size < most] + [most]
    if len(sizes) == 1:
        return most
    start = next((size for size in sizes if size >= 100), sizes[-1])
    chosen: int = st.select_slider(
        "Strongest edges of each", sizes, value=start, key=f"networks/sizes/{most}",
        format_func=lambda size: f"{size:,}",
    )  # fmt: skip
    return chosen
