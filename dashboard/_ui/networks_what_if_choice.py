"""Which genes are changed, how far, and by which network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.network_facts import facts_of
from dashboard._ui.networks_what_if_data import followed_in
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.effects import Effects

#: Shares of the level in control cells; a knock-out counts as 1 %, logs know no zero.
LEVELS = (0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.5, 2.0, 3.0, 5.0, 10.0)
MOST, ASSUMED = 3, -1.0
_GENES, _EVIDENCE = "networks/what_if", "networks/what_if_evidence"
_WAYS = {"down": -1.0, "up": 1.0}


def choose_evidence(shown: Shown) -> tuple[str, ...] | None:
    """Draw the choice of the network that is followed; ``None`` where there is none."""
    offered = {", ".join(each): each for each in followed_in(shown)}
    if not offered:
        return None
    if len(offered) == 1:
        return next(iter(offered.values()))
    if st.session_state.get(_EVIDENCE) not in offered:
        st.session_state.pop(_EVIDENCE, None)
    chosen: str = st.pills(
        "Followed", list(offered), default=next(iter(offered)), required=True, key=_EVIDENCE,
        format_func=lambda name: plain(name, 40),
        help="Direct effects have a size: what follows is a fold change. Other networks only say "
        "what is moved more and what less. Total effects and mean shifts hold all paths already "
        "and are not followed.",
    )  # fmt: skip
    return offered[chosen]


def choose_doses(shown: Shown, effects: Effects) -> dict[str, float]:
    """Draw the choice of genes and of their levels; return the change of each (natural log).

    Where effects have no size the change is 1 or -1.
    """
    acting = effects.edges.groupby("source", sort=False)["effect"].agg(lambda own: own.abs().sum())
    names = sorted(map(str, acting.index))
    kept = [name for name in st.session_state.get(_GENES, []) if name in names]
    if _GENES not in st.session_state or kept != st.session_state[_GENES]:
        asked = [st.query_params.get("gene", "")]
        start = [name for name in asked if name in names] or [str(acting.idxmax())][: len(acting)]
        st.session_state[_GENES] = kept or start
    left, right = st.columns([2, 3], gap="medium", vertical_alignment="top")
    chosen = left.multiselect(
        "Change", names, key=_GENES, max_selections=MOST, placeholder="Search a gene",
        help="Genes that act on others in this network.",
    )  # fmt: skip
    if len(chosen) == 1 and st.query_params.get("gene") != chosen[0]:
        st.query_params["gene"] = chosen[0]
    doses = {}
    for place, gene in zip(right.columns(MOST), chosen, strict=False):
        with place:
            doses[gene] = _level(shown, gene) if effects.sized else _way(gene)
    _assumed(shown, chosen, effects)
    return doses


def _level(shown: Shown, gene: str) -> float:
    """Draw the choice of a level; return the change of the log rate."""
    seen = _seen(shown, gene)
    levels = {_level_words(share): math.log(share) for share in LEVELS}
    if seen is not None:
        levels = {f"as in the screen ({math.exp(seen):.0%})": seen, **levels}
    chosen = st.selectbox(
        plain(gene, 30), list(levels), key=f"{_GENES}/level/{gene}",
        help="Share of its level in control cells. The network is linear in logs: far from the "
        "levels of the screen it is a guess.",
    )  # fmt: skip
    return levels[chosen]


def _level_words(share: float) -> str:
    if share == min(LEVELS):
        return "knocked out (1 %)"
    return f"down to {share:.0%}" if share < 1 else f"up {share:g}-fold"


def _way(gene: str) -> float:
    way = st.segmented_control(
        plain(gene, 30), list(_WAYS), default="down", required=True, key=f"{_GENES}/way/{gene}"
    )
    return _WAYS[way]


def _seen(shown: Shown, gene: str) -> float | None:
    """Return the change of a gene when it was perturbed itself; ``None`` where it was not."""
    genes = facts_of(shown)
    if genes is None or gene not in genes.index or not genes.loc[gene, "node"]:
        return None
    dose = float(genes.loc[gene, "dose"])
    return None if math.isnan(dose) else dose


def _assumed(shown: Shown, chosen: list[str], effects: Effects) -> None:
    genes = facts_of(shown)
    if genes is None or not effects.sized:
        return
    own = genes[genes.index.isin(chosen) & ~genes["dose_known"].astype(bool)]
    for gene in own.index:
        st.caption(
            f":material/help: How far {plain(gene)} itself went down is not known (not measured, "
            "or its transcript does not change): the screen's dose is assumed, and all of its "
            "effects are in that unit."
        )
