"""The verdict on a network: is it nearer to what is known than simpler ways to find one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.run_tables import table_of
from dashboard._ui.run_verdict import Verdict, show_cautions, show_verdict, verdict
from dashboard._ui.text import listed, plain

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown

OWN, OWN_TOTAL, RANDOM = "this run", "this run, total effects", "random"
#: On cells networks compare on as many edges of each: fewer edges are stronger ones.
ON_CELLS = "mean Wasserstein, top 100"
#: Reference -> metric it is judged by, and what is ranked in a sentence. Others: AUPRC, by name.
JUDGED = {
    "truth, direct": ("AUPRC", "the true direct effects"),
    "truth, total": ("AUPRC", "the true total effects"),
    "held-out cells": (ON_CELLS, "which genes change in held-out cells"),
}
#: Metric -> its name in brackets.
SHORT = {ON_CELLS: "mean Wasserstein distance of the 100 strongest edges"}
UNSCORED = (
    "No truth, known edges or perturbed cells are at hand that these networks could be scored "
    "against. Hold them against known edges under **Compare**."
)
LONGEST = 60


@dataclass(frozen=True)
class Judged:
    """How the network compares by one reference.

    Attributes
    ----------
    reference, metric
        What it is compared with, and how.
    own
        The best value of the run.
    rival, rival_name
        The best value of a simpler way.
    won
        Whether the run is better.
    """

    reference: str
    metric: str
    own: float
    rival: float
    rival_name: str
    won: bool


def show_network_verdict(shown: Shown) -> None:
    """Draw the verdict on the network of a run."""
    run = shown.run
    if run is None:
        st.caption("To compare this network with others, choose a run above: under **Compare** it "
                   "is held against the networks of the run.")  # fmt: skip
        return
    scores = table_of(run, "network_scores")
    if scores is not None:
        show_verdict(network_verdict(scores))
    elif "network" in run.tables:
        show_verdict(Verdict("unknown", UNSCORED))
    elif "equations" in run.tables and run.scores():
        show_verdict(verdict(run.scores()))
    show_cautions(table_of(run, "cautions"))


def network_verdict(scores: pd.DataFrame) -> Verdict:
    """Judge a network by the table ``network_scores``."""
    found = [_judged(scores, reference) for reference in _references(scores)]
    judged = [one for one in found if one is not None]
    if not judged:
        return Verdict("unknown", _best_of_the_simple(scores))
    won, lost = [one for one in judged if one.won], [one for one in judged if not one.won]
    sentences = [_lost(one) for one in lost]
    if won:
        sentences.append(
            "This run ranks "
            + listed([f"{_what(one.reference)} better than every simpler way "
                      f"({_short(one.metric)} {one.own:.2f}, {plain(one.rival_name, LONGEST)} "
                      f"{one.rival:.2f})" for one in won])
            + "."
        )  # fmt: skip
    if not lost:
        return Verdict("good", " ".join(sentences))
    if won:
        return Verdict("mixed", " ".join(sentences))
    sentences.append("Look at the simpler network before you believe an edge of this one.")
    return Verdict("bad", " ".join(sentences))


def _best_of_the_simple(scores: pd.DataFrame) -> str:
    """Return which network is best, where the run is nothing but simple ways to find one."""
    if scores.empty:
        return UNSCORED
    if scores["model"].isin([OWN, OWN_TOTAL]).any():
        return "This network was not compared with any other way to find one."
    sentences = [_best(scores, reference) for reference in _references(scores)]
    return " ".join(filter(None, sentences)) or UNSCORED


def _best(scores: pd.DataFrame, reference: str) -> str:
    rows = _rows(scores, reference)
    found = rows[rows["model"] != RANDOM]
    if found.empty:
        return ""
    metric = _short(str(found["metric"].iloc[0]))
    best = found.loc[(_sign(rows) * found["value"]).idxmax()]
    chance = rows.loc[rows["model"] == RANDOM, "value"]
    beside = "" if chance.empty else f", chance {chance.iloc[0]:.2f}"
    told = f"({metric} {best['value']:.2f}{beside})"
    if len(chance) and _sign(rows) * (best["value"] - chance.iloc[0]) <= 0:
        return f"**None of these networks ranks {_what(reference)} better than chance** {told}."
    among = " of these networks" if len(found) > 1 else ""
    verb = "best" if len(found) > 1 else "better than chance"
    return f"{_named(best['model'])} ranks {_what(reference)} {verb}{among} {told}."


def _references(scores: pd.DataFrame) -> list[str]:
    """Return what the run was compared with, what is known best first."""
    order = list(JUDGED)
    names = list(dict.fromkeys(scores["reference"].astype(str)))
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))


def _judged(scores: pd.DataFrame, reference: str) -> Judged | None:
    rows = _rows(scores, reference)
    of_run = rows["model"].isin([OWN, OWN_TOTAL])
    own, others = rows[of_run], rows[~of_run]
    if reference == "truth, direct" and (own["model"] == OWN).any():
        own = own[own["model"] == OWN]
    if own.empty or others.empty:
        return None
    sign = _sign(rows)
    best, rival = (part.loc[(sign * part["value"]).idxmax()] for part in (own, others))
    return Judged(
        reference=reference,
        metric=str(best["metric"]),
        own=float(best["value"]),
        rival=float(rival["value"]),
        rival_name=str(rival["model"]),
        won=bool(sign * best["value"] > sign * rival["value"]),
    )


def _rows(scores: pd.DataFrame, reference: str) -> pd.DataFrame:
    metric = JUDGED.get(reference, ("AUPRC", ""))[0]
    rows = scores[(scores["reference"] == reference) & (scores["metric"] == metric)]
    return rows[rows["value"].notna()]


def _sign(rows: pd.DataFrame) -> int:
    return 1 if str(rows["better"].iloc[0]) == "higher" else -1


def _lost(one: Judged) -> str:
    rival, metric = _named(one.rival_name), _short(one.metric)
    if one.own == one.rival:
        what = _what(one.reference)
        return f"**{rival}** ranks {what} as well as this run ({metric} {one.own:.2f})."
    return (
        f"**{rival} ranks {_what(one.reference)} better than this run**: "
        f"{metric} {one.rival:.2f} against {one.own:.2f}."
    )


def _what(reference: str) -> str:
    known = JUDGED.get(reference)
    return known[1] if known else f"the edges of {plain(reference, LONGEST)}"


def _short(metric: str) -> str:
    return SHORT.get(metric, metric)


def _named(model: str) -> str:
    words = plain(model, LONGEST)
    return words[:1].upper() + words[1:]
