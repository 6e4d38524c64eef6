"""The verdict on a clustering of genes: does it beat the simple methods, and in what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import streamlit as st

from dashboard._ui.genes_words import ALIKE, BANDS, OWN, best_of
from dashboard._ui.run_tables import table_of
from dashboard._ui.run_verdict import Verdict, show_verdict
from dashboard._ui.text import listed, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

REPRODUCIBLE = "reproducible clusters"
TASKS = {"hidden time": "predicting a hidden time", "forecast": "predicting the last time"}


@dataclass(frozen=True)
class Outcome:
    """How a run did in one comparison, and the best of the simple methods in it."""

    what: str
    result: Literal["won", "tied", "lost"]
    rival: str


def show_cluster_verdict(run: Run) -> None:
    """Draw what the baselines say, and a warning where clusters sort genes by level."""
    baselines, predictions = table_of(run, "baselines"), table_of(run, "predictions")
    show_verdict(cluster_verdict(baselines, predictions))
    own = None if baselines is None else baselines[baselines["baseline"] == OWN]
    if own is not None and len(own) and own["level_share"].iloc[0] >= BANDS:
        st.warning(
            f"The clusters explain {own['level_share'].iloc[0]:.0%} of the differences in mean "
            "expression: they sort genes by how much of them there is rather than by when they "
            "respond.",
            icon=":material/warning:",
        )


def cluster_verdict(baselines: pd.DataFrame | None, predictions: pd.DataFrame | None) -> Verdict:
    """Judge a run by its tables ``baselines`` and ``predictions``."""
    outcomes = [
        *([] if baselines is None else _of_clusters(baselines)),
        *([] if predictions is None else _of_predictions(predictions)),
    ]
    if not outcomes:
        return Verdict("unknown", "This run was not compared with any simple method.")
    won, tied, lost = (
        [one for one in outcomes if one.result == result] for result in ("won", "tied", "lost")
    )
    told = []
    if won:
        told.append(f"better than every simple method in {listed([one.what for one in won])}")
    if tied:
        told.append(f"no better than the best simple method in {_with_rivals(tied)}")
    if lost:
        told.append(f"**worse** in {_with_rivals(lost)}")
    sentence = f"This run is {'; '.join(told)}."
    if won:
        return Verdict("mixed" if lost or tied else "good", sentence)
    # Reproducible is not right: that alone condemns no clustering.
    if any(one.what != REPRODUCIBLE for one in lost):
        return Verdict("bad", f"{sentence} The simpler method tells you as much.")
    return Verdict("mixed", f"{sentence} Nothing here shows it to be more than they are.")


def _of_clusters(baselines: pd.DataFrame) -> list[Outcome]:
    """Compare agreement with the truth, and between halves with methods that ignore level."""
    own = baselines[baselines["baseline"] == OWN]
    others = baselines[baselines["baseline"] != OWN]
    asked = {
        "truth": ("finding the planted classes", others),
        "halves": (REPRODUCIBLE, others[others["level_share"] < BANDS]),
    }
    outcomes = []
    for column, (what, rivals) in asked.items():
        best = best_of(rivals, column) if column in baselines else None
        if best is None or own.empty or own[column].isna().any():
            continue
        gap = float(own[column].iloc[0] - best[column])
        result: Literal["won", "tied", "lost"] = "won" if gap > 0 else "lost"
        outcomes.append(
            Outcome(what, "tied" if abs(gap) <= ALIKE else result, str(best["baseline"]))
        )
    return outcomes


def _of_predictions(predictions: pd.DataFrame) -> list[Outcome]:
    from scdyn_core.evaluation.paired_errors import paired_errors

    outcomes = []
    compared = paired_errors(predictions, OWN)
    for task in predictions["task"].unique():
        rows = compared[compared["task"] == task]
        if rows.empty:
            continue
        result: Literal["won", "tied", "lost"] = (
            "lost" if (rows["better"] == 1).any() else "tied" if (rows["better"] == 0).any()
            else "won"
        )  # fmt: skip
        rivals = rows[rows["better"] == rows["better"].max()]
        outcomes.append(
            Outcome(TASKS.get(str(task), plain(task)), result, str(rivals["model"].iloc[0]))
        )
    return outcomes


def _with_rivals(outcomes: list[Outcome]) -> str:
    return listed([f"{one.what} ({plain(one.rival)})" for one in outcomes])
