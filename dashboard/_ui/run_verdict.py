"""What the scores say, in one sentence: does the model beat the simple methods, and which not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import streamlit as st

from dashboard._ui.metric_words import in_a_sentence
from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.evaluation.score import Score


#: Cautions are sentences, and are shown to their end.
LONGEST = 1000


@dataclass(frozen=True)
class Verdict:
    """A sentence (Markdown, names escaped) and how good the news are."""

    news: Literal["good", "mixed", "bad", "unknown"]
    sentence: str


def verdict(scores: Sequence[Score]) -> Verdict:
    """Judge a run by all its scores against all their baselines."""
    judged = [score for score in scores if score.baselines]
    if not judged:
        return Verdict("unknown", "This run was not measured against any baseline.")
    lost = [score.metric for score in judged if score.beaten_by()]
    won = [in_a_sentence(score.metric) for score in judged if score.metric not in lost]
    failed = [score for score in judged if score.metric in lost]
    if not lost:
        return Verdict(
            "good",
            f"On cells it never saw, the model beats every baseline in {listed(won)}.",
        )
    failures = _failure(failed[0]) if len(failed) == 1 else _failures(failed)
    if won:
        return Verdict(
            "mixed",
            f"On cells it never saw, the model beats every baseline in {listed(won)}, but not "
            f"everywhere: {failures}.",
        )
    return Verdict(
        "bad",
        f"**The model does not beat its baselines:** {failures}. Do not read biology "
        "into it; the simpler method tells you as much.",
    )


def show_verdict(judged: Verdict) -> None:
    """Draw the verdict."""
    show, icon = {
        "good": (st.success, "check_circle"),
        "mixed": (st.warning, "balance"),
        "bad": (st.error, "thumb_down"),
        "unknown": (st.info, "help"),
    }[judged.news]
    show(judged.sentence, icon=f":material/{icon}:")


def _failure(score: Score) -> str:
    """Name the strongest baseline that the model does not beat, and count the others."""
    from scdyn_core.plots.score_comparison import best_baseline

    rival = best_baseline(score)
    assert rival is not None
    others = len(score.beaten_by()) - 1
    more = f" (and {count(others, 'other baseline')})" if others else ""
    return (
        f"in {in_a_sentence(score.metric)}, {plain(rival[0])} reaches {rival[1]:.3f} "
        f"and the model {score.value:.3f}{more}"
    )


def _failures(scores: Sequence[Score]) -> str:
    """Name what several scores measure, each with its value and that of its best baseline."""
    from scdyn_core.plots.score_comparison import best_baseline

    words = []
    for score in scores:
        rival = best_baseline(score)
        assert rival is not None
        words.append(f"{in_a_sentence(score.metric)} ({score.value:.3g}, {rival[1]:.3g})")
    return f"in {listed(words)}; in brackets the model and its best baseline"


def show_cautions(cautions: pd.DataFrame | None) -> None:
    """Say what a reader of the scores must know, where a run has something of the kind."""
    for caution in [] if cautions is None else cautions["caution"]:
        st.caption(f":material/info: {plain(caution, LONGEST)}")
