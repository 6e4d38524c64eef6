"""The verdict on a network: is it nearer to what is known than simpler ways to find one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard._ui.run_tables import table_of
from dashboard._ui.run_verdict import Verdict, show_cautions, show_verdict, verdict
from dashboard._ui.text import listed, plain

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown

OWN, OWN_TOTAL = "this run", "this run, total effects"
#: Reference -> metric it is judged by, and what is ranked in a sentence. Others: AUPRC, by name.
JUDGED = {
    "truth, direct": ("AUPRC", "the true direct effects"),
    "truth, total": ("AUPRC", "the true total effects"),
    "held-out cells": ("mean Wasserstein", "which genes change in held-out cells"),
}
#: Metric -> its name in brackets.
SHORT = {"mean Wasserstein": "mean Wasserstein distance"}
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
        return
    scores = table_of(run, "network_scores")
    if scores is not None:
        show_verdict(network_verdict(scores))
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
    sentences = []
    for reference in _references(scores):
        rows = _rows(scores, reference)
        if len(rows) > 1 and not rows["model"].isin([OWN, OWN_TOTAL]).any():
            best = rows.loc[(_sign(rows) * rows["value"]).idxmax()]
            sentences.append(
                f"{_named(best['model'])} ranks {_what(reference)} best "
                f"({_short(str(best['metric']))} {best['value']:.2f})."
            )
    return " ".join(sentences) or "This network was not compared with any other way to find one."


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
