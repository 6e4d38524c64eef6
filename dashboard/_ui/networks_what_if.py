"""What if a gene were knocked out: the change that a network hands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table
from dashboard._ui.errors import errors_shown
from dashboard._ui.networks_what_if_choice import choose_doses, choose_evidence
from dashboard._ui.networks_what_if_data import apart, effects_in, settled
from dashboard._ui.networks_what_if_measured import show_measured, show_together
from dashboard._ui.networks_what_if_paths import show_paths
from dashboard._ui.networks_what_if_words import change_words, feedback_words, kind_words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.effects import Effects
    from scdyn_core.networks.propagation import Propagation

#: Genes in the picture of how the effect runs; genes drawn that go up, and that go down.
PICTURED, MOVED = 14, 12


def show_what_if(shown: Shown) -> None:
    """Draw what follows when chosen genes are held at another level."""
    with errors_shown():
        evidence = choose_evidence(shown)
        if evidence is None:
            st.info("There is no network that an effect could be followed through.",
                    icon=":material/hub:")  # fmt: skip
            return
        effects = effects_in(shown, evidence)
        doses = choose_doses(shown, effects)
        if not doses:
            st.info("Choose a gene to change.", icon=":material/touch_app:")
            return
        _show(
            shown,
            effects,
            settled(shown, evidence, doses),
            doses,
            lambda: apart(shown, evidence, doses),
        )


def _show(
    shown: Shown,
    effects: Effects,
    found: Propagation,
    doses: dict[str, float],
    alone: Callable[[], pd.Series],
) -> None:
    from scdyn_core.plots.network_what_if import LOG2, RELATIVE

    change = shown_change(effects, found)
    unit = LOG2 if effects.sized else RELATIVE
    st.markdown(change_words(change, list(doses), sized=effects.sized, signed=effects.signed))
    for sentence in feedback_words(found, sized=effects.sized):
        st.warning(sentence, icon=":material/all_inclusive:")
    _pictures(effects, found, change, doses, unit)
    st.caption(kind_words(effects, found.feedback))
    others = change.drop(list(doses)).abs().sort_values(ascending=False, kind="stable")
    others = others[others > 0]
    if effects.sized:
        show_measured(shown, change, list(doses))
    if len(doses) > 1:
        show_together(effects, change, list(doses), alone(), unit)
    if len(others):
        show_paths(effects, found, list(doses), [str(gene) for gene in others.index])
    folded_table(_numbers(change), "All genes", name="what_if", key="networks/what_if_table",
                 columns={"gene": "gene", "change": "predicted change"})  # fmt: skip


def shown_change(effects: Effects, found: Propagation) -> pd.Series:
    """Return changes as they are shown: log2 where they have a unit, else relative."""
    import numpy as np

    return found.change / np.log(2) if effects.sized else found.change


def _pictures(
    effects: Effects, found: Propagation, change: pd.Series, doses: dict[str, float], unit: str
) -> None:
    from scdyn_core.networks.carriers import carrying_edges
    from scdyn_core.plots.network_what_if import moved_genes_figure
    from scdyn_core.plots.network_what_if_graph import effect_graph_figure

    held = list(doses)
    top = change.drop(held).abs()
    pictured = [str(gene) for gene in top[top > 0].nlargest(PICTURED).index]
    carried = carrying_edges(found, held, pictured)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        chart(
            moved_genes_figure(change, held=held, most=MOVED, unit=unit, palette=palette()),
            name="what_if_genes", key="networks/what_if_genes",
        )  # fmt: skip
    with right:
        chart(
            effect_graph_figure(carried, change, held=held, kinds=effects.kinds, unit=unit,
                                palette=palette()),
            name="what_if_network", key="networks/what_if_network", data=carried,
        )  # fmt: skip


def _numbers(change: pd.Series) -> pd.DataFrame:
    order = change.abs().sort_values(ascending=False, kind="stable").index
    frame = change[order].rename_axis("gene").reset_index(name="change")
    return frame[frame["change"] != 0]
