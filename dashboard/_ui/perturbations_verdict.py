"""The verdict on a screen: what stands out, what stayed empty, and what predicts better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.perturbations_outcomes import Outcome, run_outcomes
from dashboard._ui.perturbations_tables import has_latents, needed, on_sets
from dashboard._ui.perturbations_words import (
    empty_words,
    null_latents,
    outcome_words,
    standing_out,
    visible_words,
)
from dashboard._ui.run_verdict import Verdict, show_verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    import pandas as pd

    from scdyn_core.runs.run import Run

#: A run that switches on so large a share of the perturbations without a visible effect is not
#: to be believed as a whole.
MANY = 0.15


def show_screen_verdict(run: Run) -> None:
    """Draw the verdict on a run."""
    told, outcomes = needed(run, "perturbations"), run_outcomes(run)
    if has_latents(run):
        show_verdict(screen_verdict(told, on_sets(run), outcomes))
    else:
        show_verdict(prediction_verdict(told, outcomes))


def screen_verdict(
    told: pd.DataFrame, sets: Mapping[str, frozenset[int]], outcomes: Sequence[Outcome]
) -> Verdict:
    """Judge a run by its targets and its predictions.

    Parameters
    ----------
    told
        The table ``perturbations``.
    sets
        Perturbation -> latents it shifts.
    outcomes
        How the run predicts beside its baselines; empty where nothing was compared.
    """
    sentences = [standing_out(told, sets), *empty_words(told, sets), *outcome_words(outcomes)]
    news = _news(told, sets, outcomes)
    results = _results(outcomes)
    if news != "bad" and results and "won" not in results:
        sentences.append(
            "Read its targets, not its predictions: simpler methods predict as well or better."
        )
    return Verdict(news, " ".join(sentences))


def prediction_verdict(told: pd.DataFrame, outcomes: Sequence[Outcome]) -> Verdict:
    """Judge a run without latents by its predictions alone.

    Parameters
    ----------
    told
        The table ``perturbations``.
    outcomes
        How the run predicts beside its baselines; empty where nothing was compared.
    """
    results = _results(outcomes)
    news: Literal["good", "mixed", "bad", "unknown"] = "mixed"
    if not results:
        news = "unknown"
    elif results == {"won"}:
        news = "good"
    elif results == {"lost"}:
        news = "bad"
    sentences = [visible_words(told), *outcome_words(outcomes)]
    if results and "won" not in results:
        sentences.append("Simpler methods predict as well or better.")
    return Verdict(news, " ".join(sentences))


def _news(
    told: pd.DataFrame, sets: Mapping[str, frozenset[int]], outcomes: Sequence[Outcome]
) -> Literal["good", "mixed", "bad"]:
    made = told[told["kind"].isin(["single", "combination"])]
    if null_latents(told, sets) or not any(sets[str(name)] for name in made["perturbation"]):
        return "bad"
    unseen = made.loc[~made["visible"], "perturbation"]
    shifted = sum(bool(sets[str(name)]) for name in unseen)
    if _results(outcomes) == {"won"} and shifted <= MANY * len(unseen):
        return "good"
    return "mixed"


def _results(outcomes: Sequence[Outcome]) -> set[str]:
    return {outcome.result for outcome in outcomes} - {"unclear"}
