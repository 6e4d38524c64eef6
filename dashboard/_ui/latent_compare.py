"""Compare sets: which genes differ between two sets of cells, and what that may be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.aside_jobs import aside_job, known_job, shown
from dashboard._ui.errors import show_error
from dashboard._ui.latent_compare_choice import Chosen, choose_method, choose_pair
from dashboard._ui.latent_compare_results import show_comparison
from dashboard._ui.latent_groups import Sets, choose_grouping, groups_named
from dashboard._ui.services import workspace
from scdyn_core.errors import ScdynError

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.aside.comparisons import ComparisonStore, Question
    from scdyn_core.evaluation.expression.comparison import Comparison

_TASK = "compare_cells"
NOTHING = (
    "There are no groups of cells here yet: save a selection of the map as a cell set, or use data "
    "with a column of types or conditions."
)


def show_compare(view: LatentView, sets: Sets) -> None:
    """Draw the choice of two sets and a method, and what was found.

    Parameters
    ----------
    view
        What is looked at.
    sets
        Saved sets: name -> positions in the atlas.
    """
    there = {name: cells for name, cells in sets.items() if len(cells)}
    places = st.columns([2, 3, 3])
    with places[0]:
        grouping = choose_grouping(view, there, label="Compare", name="by")
    if grouping is None:
        st.info(NOTHING, icon=":material/group_work:")
        return
    groups = groups_named(view, there, grouping)
    chosen = choose_pair(view, grouping, groups, places[1:])
    if chosen is None:
        return
    try:
        pair = chosen.pair(view.atlas.n_cells)
    except ScdynError as error:
        show_error(error)
        return
    asked = choose_method(view, chosen, pair)
    answer = _answer(_question(view, chosen, *asked))
    if answer is not None:
        show_comparison(view, chosen, answer)


def _answer(question: Question) -> Comparison | None:
    """Return what is known; else draw the button that starts the work, or its progress."""
    store = _store()
    found = store.read(question)
    request = {"home": str(workspace().home), "question": question.model_dump(mode="json")}
    if found is not None:
        return found
    if known_job(_TASK, request) is None:
        st.button(
            "Compare",
            type="primary",
            icon=":material/compare_arrows:",
            key="latent/compare/start",
            on_click=aside_job,
            args=(_TASK, request),
        )
        return None
    done = shown(aside_job(_TASK, request), "Comparing", key="latent/compare/job")
    return None if done is None else store.read(question)


def _question(view: LatentView, chosen: Chosen, method: str, samples: str | None) -> Question:
    from scdyn_core.aside.comparisons import Question

    store = _store()
    return Question.model_validate(
        {
            "atlas": view.atlas.meta.key,
            "first": chosen.stored(chosen.first, store).model_dump(),
            "second": None
            if chosen.second is None
            else chosen.stored(chosen.second, store).model_dump(),
            "method": method,
            "samples": samples,
        }
    )


def _store() -> ComparisonStore:
    from scdyn_core.aside.comparisons import ComparisonStore

    return ComparisonStore(workspace())
