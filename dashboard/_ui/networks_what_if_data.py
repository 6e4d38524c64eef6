"""What effects a network tells of, and where they settle: computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.network_data import Source, edges_of, evidence_of, source_of

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.effects import Effects
    from scdyn_core.networks.propagation import Propagation

#: Genes that are held, and their changes.
Doses = tuple[tuple[str, float], ...]


def followed_in(shown: Shown) -> list[tuple[str, ...]]:
    """Return the choices of evidence whose edges can be followed."""
    return _followed(source_of(shown), shown)


def effects_in(shown: Shown, evidence: tuple[str, ...]) -> Effects:
    """Return the effects to follow; never change them."""
    return _effects(source_of(shown), evidence, shown)


def settled(shown: Shown, evidence: tuple[str, ...], doses: dict[str, float]) -> Propagation:
    """Return where all genes settle when some are held; never change it."""
    return _settled(source_of(shown), evidence, tuple(doses.items()), shown)


def apart(shown: Shown, evidence: tuple[str, ...], doses: dict[str, float]) -> pd.Series:
    """Return the sum of what each held gene does alone; never change it."""
    return _apart(source_of(shown), evidence, tuple(doses.items()), shown)


@st.cache_resource(max_entries=20, show_spinner="Reading the network…")
def _followed(source: Source, _shown: Shown) -> list[tuple[str, ...]]:
    from scdyn_core.networks.effects import followed_between_genes, followed_evidence

    kinds = evidence_of(_shown)
    if kinds is not None:
        return followed_between_genes(kinds)
    edges = edges_of(_shown)
    return [] if edges is None or edges.empty else followed_evidence(edges)


@st.cache_resource(max_entries=10, show_spinner="Reading the network…")
def _effects(source: Source, evidence: tuple[str, ...], _shown: Shown) -> Effects:
    from scdyn_core.networks.effects import effects_of

    edges = edges_of(_shown, evidence)
    assert edges is not None
    return effects_of(edges, evidence)


@st.cache_resource(max_entries=10, show_spinner=False)
def _settled(
    source: Source, evidence: tuple[str, ...], doses: Doses, _shown: Shown
) -> Propagation:  # fmt: skip
    from scdyn_core.networks.propagation import propagate, propagate_weights

    effects = effects_in(_shown, evidence)
    return (propagate if effects.sized else propagate_weights)(effects.edges, dict(doses))


@st.cache_resource(max_entries=10, show_spinner=False)
def _apart(source: Source, evidence: tuple[str, ...], doses: Doses, _shown: Shown) -> pd.Series:
    from scdyn_core.networks.propagation import added_singles

    effects = effects_in(_shown, evidence)
    return added_singles(effects.edges, dict(doses), weights=not effects.sized)
