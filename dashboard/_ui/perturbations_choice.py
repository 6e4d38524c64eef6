"""Which run, perturbation and latent the page shows: chosen here, kept in the URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.perturbations_tables import needed, strength
from dashboard._ui.perturbations_views import KEY
from dashboard._ui.run_choice import Subject, choose_run, finished_runs
from dashboard._ui.selection import forget, remember, remembered
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

SCREENS = Subject(
    table="perturbations",
    missing="Train a method for perturbation screens on cells whose perturbation is known; what "
    "each perturbation does appears here.",
    icon="biotech",
    own_state=("latent",),
)
_PERTURBATION, _LATENT = "perturbations/perturbation", "perturbations/latent"


def titled_choice(title: str) -> Run:
    """Draw the title of the page beside the choice of a run."""
    heading, choice = st.columns([3, 5], vertical_alignment="bottom")
    heading.title(title, anchor=False)
    runs = finished_runs(SCREENS)
    with choice:
        return choose_run(runs, SCREENS)


def choose_perturbation(run: Run) -> str:
    """Draw the search for a perturbation; at first the strongest."""
    told = needed(run, "perturbations")
    told = told[told["kind"] != "control"]
    names = sorted(told["perturbation"].astype(str))
    asked = remembered("perturbation")
    if asked not in names:
        if asked is not None:
            st.toast(f"{plain(asked)} is not among the perturbations of this run. This is the "
                     "strongest.", icon=":material/info:")  # fmt: skip
        asked = str(told["perturbation"].iloc[int(strength(told).argmax())])
    st.session_state[_PERTURBATION] = asked
    chosen: str = st.selectbox(
        "Perturbation",
        names,
        key=_PERTURBATION,
        help="Type to search among the perturbations of this run",
        on_change=lambda: remember("perturbation", st.session_state[_PERTURBATION]),
    )
    remember("perturbation", chosen)
    return chosen


def choose_latent(run: Run, suggested: int | None = None) -> int:
    """Draw the choice of a latent; at first ``suggested``, or the one that serves most."""
    latents = needed(run, "latents").set_index("latent")
    numbers = [int(number) for number in latents.index]
    served = latents["perturbations_on"]
    asked = remembered("latent", run.id) or ""
    number = int(asked) if re.fullmatch("[0-9]{1,4}", asked) else suggested
    st.session_state[_LATENT] = number if number in numbers else numbers[0]
    chosen: int = st.selectbox(
        "Latent",
        numbers,
        key=_LATENT,
        format_func=lambda number: f"Latent {number} (on in {int(served[number])})",
        help="A program the model learned, with the number of perturbations that shift it",
        on_change=lambda: remember("latent", str(st.session_state[_LATENT]), run.id),
    )
    remember("latent", str(chosen), run.id)
    return chosen


def open_perturbation(name: str) -> None:
    """Look at one perturbation (a callback, or before the choices are drawn)."""
    remember("perturbation", name)
    st.session_state[KEY] = "Perturbation"


def open_cell(run_id: str, name: str, latent: int) -> None:
    """Look at a perturbation and a latent (a callback)."""
    remember("perturbation", name)
    remember("latent", str(latent), run_id)


def forget_latent(run: Run) -> None:
    """Go back to the latent that is suggested for a perturbation (a callback)."""
    forget("latent", run.id)
