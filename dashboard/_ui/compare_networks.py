"""Networks of genes of two runs: edges in both, in one, and with the other sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.compare_choice import choose_pair
from dashboard._ui.downloads import folded_table
from dashboard._ui.navigation import go_to
from dashboard._ui.networks_compare_data import networks_of, origin_of, pair_of
from dashboard._ui.networks_compare_other import show_pair
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    from scdyn_core.networks.gene_network import GeneNetwork
    from scdyn_core.runs.comparison.side import Side

_CONFLICTS = {
    "source": "gene that acts",
    "target": "gene that is acted on",
    "strength_a": "strength in the first",
    "sign_a": "1 raises, -1 lowers",
    "strength_b": "strength in the second",
    "sign_b": "1 raises, -1 lowers",
}


def show_networks(sides: Mapping[str, Side]) -> None:
    """Draw what the networks of two runs, or of two replicates, share beyond chance."""
    pair = choose_pair(sides, "compare/wired")
    found = [networks_of(side.run, side.replicate) for side in pair]
    for side, networks in zip(pair, found, strict=True):
        if not networks:
            st.info(f"{plain(side.name)} has no network between genes.", icon=":material/hub:")
            return
    names = list(found[0])
    left, right = st.columns(2)
    one = left.selectbox("Edges of the first", names, key=f"compare/edges/{'|'.join(names)}")
    offered = list(found[1])
    start = offered.index(one) if one in offered else 0
    other = right.selectbox("Edges of the second", offered, index=start,
                            key=f"compare/other_edges/{one}/{'|'.join(offered)}")  # fmt: skip
    first, second = (
        replace(networks[name], name=f"{side.name}: {name}")
        for side, networks, name in zip(pair, found, (one, other), strict=True)
    )
    origin = tuple(part for side in pair for part in origin_of(side.run, side.replicate))
    show_pair(first, second, origin)
    _conflicts(first, second, origin)
    if st.button("Open the first in Gene networks", icon=":material/hub:",
                 key="compare/open_network"):  # fmt: skip
        go_to("networks", run=pair[0].run.id, against=f"run/{pair[1].run.id}", show="Compare")


def _conflicts(first: GeneNetwork, second: GeneNetwork, origin: tuple[str, ...]) -> None:
    from scdyn_core.runs.comparison.networks import sign_conflicts

    if not (first.signed and second.signed):
        st.caption("Signs are not compared: one of the two networks has none.")
        return
    found = sign_conflicts(pair_of(first, second, origin).both.table)
    if found.empty:
        st.caption("No edge that both have acts the other way.")
        return
    best = found.assign(rank=found["rank_a"] + found["rank_b"]).sort_values("rank")
    folded_table(
        best[list(_CONFLICTS)],
        f"{count(len(found), 'edge')} of both with the other sign",
        name="sign_conflicts", key="compare/conflicts", columns=_CONFLICTS,
    )  # fmt: skip
