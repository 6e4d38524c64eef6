"""The chains of edges that carry an effect to one gene."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.downloads import table
from dashboard._ui.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.networks.effects import Effects
    from scdyn_core.networks.propagation import Propagation

_KEY = "networks/what_if_target"
_OFFERED, _PATHS, _NOTHING = 300, 10, 1e-9


@st.fragment
def show_paths(effects: Effects, found: Propagation, held: list[str], genes: list[str]) -> None:
    """Let the user choose a gene; list the strongest chains to it and what brings its change."""
    st.subheader("How it gets there", anchor=False)
    offered = genes[:_OFFERED]
    if st.session_state.get(_KEY) not in offered:
        st.session_state.pop(_KEY, None)
    target = st.selectbox("To", offered, key=_KEY, help="Genes that change, the most first")
    unit = math.log(2) if effects.sized else 1.0
    paths, brought = path_table(found, held, target, unit), brought_table(found, target, unit)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(f"**Strongest chains to {plain(target)}**")
        table(
            paths, name="what_if_paths", key="networks/what_if_paths",
            columns={
                "path": "from the changed gene to this one; ┤ lowers, → raises",
                "effect": "product of the effects of its edges",
                "change": "what it adds to the change of the gene"
                + (" (log2)" if effects.sized else " (relative)"),
            },
            formats={"effect": "%.3g", "change": "%.3g"},
        )  # fmt: skip
        total = float(paths.attrs["total"])
        share = f"{float(paths['change'].sum()) / total:.0%}" if total else "none"
        st.caption(
            f"They add up to {share} of its change; the rest comes along weaker, longer or "
            "circular chains, which can also work against it."
        )
    with right:
        st.markdown("**What acts on it directly**")
        table(
            brought, name="what_if_sources", key="networks/what_if_sources",
            columns={
                "source": "gene that acts on it",
                "effect": "effect of the edge",
                "change": "change of the source times the effect; all rows add up to the change "
                "of the gene",
            },
            formats={"effect": "%.3g", "change": "%.3g"},
        )  # fmt: skip


def path_table(found: Propagation, held: list[str], target: str, unit: float) -> pd.DataFrame:
    """Return the strongest chains in words; ``attrs["total"]`` is the change of the gene.

    Changes are divided by ``unit``.
    """
    from scdyn_core.networks.paths import strongest_paths

    paths = strongest_paths(found.edges, held, target, most=_PATHS)
    effect = found.edges.set_index(["source", "target"])["effect"]
    words = [_chain(genes, effect) for genes in paths["genes"]]
    dose = found.change.reindex([genes[0] for genes in paths["genes"]]).to_numpy()
    told = paths.assign(path=words, change=dose * paths["effect"] / unit)
    frame = told[["path", "effect", "change"]]
    frame.attrs["total"] = float(found.change[target]) / unit
    return frame


def brought_table(found: Propagation, target: str, unit: float) -> pd.DataFrame:
    """Return what every edge into a gene brings, the most first."""
    from scdyn_core.networks.carriers import contributions

    own = contributions(found)
    own = own[own["target"] == target]
    order = own["contribution"].abs().sort_values(ascending=False, kind="stable").index
    own = own.loc[order]
    # Zeros of a solved equation are not quite zero.
    own = own[own["contribution"].abs() > _NOTHING * own["contribution"].abs().max()]
    return own.assign(change=own["contribution"] / unit)[["source", "effect", "change"]]


def _chain(genes: tuple[str, ...], effect: pd.Series) -> str:
    words = genes[0]
    for source, target in pairwise(genes):
        words += f" {'→' if effect[source, target] > 0 else '┤'} {target}"
    return words
