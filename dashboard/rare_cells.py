"""Rare cells: who is drawn how often, what it buys, and responses of types never seen treated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.empty import empty_state
from dashboard._ui.rare_answer import show_arms, show_drawn, show_each_type
from dashboard._ui.rare_embedding import show_embedding
from dashboard._ui.rare_genes import show_genes
from dashboard._ui.rare_subjects import EMBEDDING, choose_run, runs_by_question
from dashboard._ui.rare_unseen import show_predictors
from dashboard._ui.rare_views import ANSWER, HOLD_OUT, NEW, choose_view, group_of
from dashboard._ui.rare_weights import show_epochs, show_map, show_never_drawn, show_types
from dashboard._ui.rare_wizard import show_wizard
from dashboard._ui.rare_wizard_unseen import show_wizard as show_unseen_wizard
from dashboard._ui.run_stale import show_stale

if TYPE_CHECKING:
    from collections.abc import Callable

    from scdyn_core.runs.run import Run

SHOWN: dict[str, Callable[[Run], None]] = {
    "Map": show_map,
    "Types": show_types,
    "Epochs": show_epochs,
    "Never drawn": show_never_drawn,
    ANSWER: show_arms,
    "Each type": show_each_type,
    "What was drawn": show_drawn,
    "Predictors": show_predictors,
    "Genes": show_genes,
}
BEGUN: dict[str, Callable[[], None]] = {
    NEW: show_wizard,
    HOLD_OUT: show_unseen_wizard,
    EMBEDDING: show_embedding,
}
NOTHING = (
    "Train a model that learns from cells: how often each of them was drawn appears here. To see "
    "weights without training, choose *Weigh an embedding*; whether drawing otherwise helps, an "
    "experiment answers."
)

heading, choice = st.columns([3, 5], vertical_alignment="bottom")
heading.title("Rare cells", anchor=False)
found = runs_by_question()
view = choose_view(found)
group = group_of(view)
if view in BEGUN:
    BEGUN[view]()
elif not found[group]:
    empty_state("Nothing drawn yet", NOTHING, action="Train a model", page="train", icon="grain")
else:
    with choice:
        run = choose_run(group, found[group])
    show_stale(run)
    SHOWN[view](run)
