"""How far an experiment is, and how to go on with one that stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import errors_shown, show_error_parts
from dashboard._ui.job_watch import watch_job
from dashboard._ui.run_words import ago, status_badge
from dashboard._ui.services import run_store
from dashboard._ui.text import count, listed, plain
from scdyn_core.runs.state import ENDED, RESUMABLE

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

LONGEST = 2000


def is_answered(run: Run) -> bool:
    """Draw where an experiment is, unless it is done; return whether it is."""
    state = run.state
    if state.status == "done":
        return True
    st.markdown(asked_words(run))
    if state.status not in ENDED:
        watch_job(run, key="rare/cancel", title="Experiment")
        st.caption("It goes on in the background: the browser can be closed. Cancelled or "
                   "interrupted, it keeps what is done and can be resumed.")  # fmt: skip
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        status_badge(state.status)
        st.caption(f"ended {ago(state.ended or state.created)}", width="content")
        if state.status in RESUMABLE:
            st.button("Resume", key="rare/resume", type="primary", icon=":material/play_arrow:",
                      on_click=_resume, args=(run,),
                      help="Goes on with what is not done yet")  # fmt: skip
    if state.error is not None:
        show_error_parts(state.error)
    return False


def asked_words(run: Run) -> str:
    """Say what an experiment asks (Markdown)."""
    from scdyn_core.training.resampling.words import NAMES

    asked = run.spec.experiment
    arms = listed([f"**{NAMES.get(arm, plain(arm))}**" for arm in asked.get("arms", ())] or ["?"])
    number, epochs = int(asked.get("seeds", 0)), run.spec.config.get("epochs")
    each = f", each trained for {int(epochs):,} epochs" if epochs else ""
    if asked.get("question") == "resampling":
        return f"Beside **uniform**: {arms}; {count(number, 'pair')}{each}."
    types = [f"**{plain(name, 60)}**" for name in asked.get("types", ())]
    return (
        f"Held out: {listed(types) if types else 'every type that has both conditions'}. Cells "
        f"drawn: {arms}; {count(number, 'model')} of each{each}."
    )


def show_answer(answer: pd.DataFrame, *, good: bool) -> None:
    """Draw the sentence that answers the question of an experiment.

    Parameters
    ----------
    answer
        The table of the run.
    good
        Whether what was tried is better than what needs no trying.
    """
    sentence = plain(answer["sentence"].iloc[0], LONGEST)
    if good:
        st.success(sentence, icon=":material/check_circle:")
    else:
        st.info(sentence, icon=":material/balance:")


def _resume(run: Run) -> None:
    with errors_shown():
        run_store().resume(run)
