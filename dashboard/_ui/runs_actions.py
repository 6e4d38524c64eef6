"""What can be done to a run: open its results, cancel, resume, copy, delete with undo, note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.check_words import check_words
from dashboard._ui.errors import errors_shown
from dashboard._ui.greyed import greyed
from dashboard._ui.job_watch import CANCELLING
from dashboard._ui.navigation import PageName, go_to
from dashboard._ui.prepare_run import IN_FULL
from dashboard._ui.results_page import results_page
from dashboard._ui.run_words import run_title
from dashboard._ui.selection import select_run
from dashboard._ui.services import run_store
from dashboard._ui.take_away import show_take_away
from dashboard._ui.train_presets import copy_run
from scdyn_core.runs.state import ENDED, RESUMABLE

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

_DELETED = "runs/deleted"


def show_actions(run: Run) -> None:
    """Draw the buttons that make sense for the state the run is in."""
    status = run.state.status
    with st.container(horizontal=True, gap="small"):
        if status == "done":
            _results_button(run)
            show_take_away(run)
        if status in RESUMABLE:
            st.button(
                "Resume",
                key="resume",
                type="primary",
                icon=":material/play_arrow:",
                on_click=_resume,
                args=(run,),
                help="Goes on from the last checkpoint",
            )
        if status not in ENDED:
            st.button(
                "Cancel",
                key="cancel",
                icon=":material/stop:",
                on_click=_cancel,
                args=(run,),
                **greyed(
                    CANCELLING if run.cancel_requested else None, "Stops and keeps a checkpoint"
                ),
            )
        if run.spec.kind == "train" and st.button(
            "Copy settings",
            key="clone",
            icon=":material/content_copy:",
            help="Opens the Train page filled in as this run was",
        ):
            copy_run(run.spec)
            go_to("train")
        if status in ENDED:
            st.button(
                "Delete",
                key="delete",
                icon=":material/delete:",
                type="tertiary",
                on_click=_delete,
                args=(run,),
            )


def show_note(run: Run) -> None:
    """Draw the note, which is stored with the run as soon as it changes."""
    with st.container(horizontal=True):
        st.text_input(
            "Note",
            run.note,
            key=f"note/{run.id}",
            max_chars=500,
            on_change=_write_note,
            args=(run,),
            placeholder="Why this run, what came of it",
            label_visibility="collapsed",
        )
        if st.session_state.get(_note_before(run)):
            st.button(
                "Undo",
                key=f"note_undo/{run.id}",
                icon=":material/undo:",
                type="tertiary",
                on_click=_undo_note,
                args=(run,),
                help="Brings the note back as it was",
            )


def show_undo() -> None:
    """Offer to bring back the run that was deleted last."""
    deleted: tuple[str, str] | None = st.session_state.get(_DELETED)
    if deleted is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/delete: Deleted **{deleted[1]}**.", width="stretch")
        st.button("Undo", key="undo_delete", icon=":material/undo:", on_click=_restore)
        st.button("Dismiss", key="forget_delete", type="tertiary", on_click=_forget)


def _results_button(run: Run) -> None:
    pages: dict[str, tuple[PageName | None, str]] = {
        "prepare": ("preprocess", "See the prepared data"),
        "check": ("train", check_words(run.spec.method).leads_on),
        "experiment": ("rare_cells", "See the answer"),
    }
    shown = run if run.spec.explains is None else run_store().run(run.spec.explains.name)
    page, label = pages.get(run.spec.kind, (results_page(shown), "See what it learned"))
    if page is not None and st.button(
        label,
        key="open_results",
        type="primary",
        icon=":material/arrow_forward:",
        icon_position="right",
    ):
        go_to(page, run=shown.id, **({"stage": IN_FULL} if page == "preprocess" else {}))


def _cancel(run: Run) -> None:
    with errors_shown():
        run_store().cancel(run)


def _resume(run: Run) -> None:
    with errors_shown():
        run_store().resume(run)


def _delete(run: Run) -> None:
    with errors_shown():
        title = run_title(run)
        run_store().delete(run)
        st.session_state[_DELETED] = (run.id, title)


def _restore() -> None:
    run_id, _ = st.session_state.pop(_DELETED)
    with errors_shown():
        run_store().restore(run_id)
        select_run(run_id)


def _forget() -> None:
    st.session_state.pop(_DELETED, None)


def _write_note(run: Run) -> None:
    st.session_state[_note_before(run)] = run.note
    run.note = st.session_state[f"note/{run.id}"].strip()


def _undo_note(run: Run) -> None:
    run.note = st.session_state.pop(_note_before(run))
    st.session_state[f"note/{run.id}"] = run.note


def _note_before(run: Run) -> str:
    return f"note_before/{run.id}"
