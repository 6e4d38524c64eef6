"""Who is ahead in a score, and whether by more than replicates differ."""

import pytest

from scdyn_core.evaluation.score import Score
from scdyn_core.evaluation.score_lead import leads


def score(value: float, sd: float | None = None, better: str = "higher", **more) -> Score:
    return Score(metric="m", value=value, split="test", better=better, replicate_sd=sd, **more)


@pytest.mark.parametrize(("second", "verdict"), [(0.5, "tie"), (0.45, "within"), (0.2, "beyond")])
def test_a_lead_counts_when_it_is_twice_what_replicates_differ(second, verdict):
    (lead,) = leads({"a": [score(0.5, 0.03)], "b": [score(second, 0.04)]})
    assert lead.spread == pytest.approx(0.05)
    assert (lead.ahead, lead.behind, lead.verdict) == ("a", "b", verdict)


def test_lower_can_be_better_and_one_replicate_has_no_spread():
    (lead,) = leads({"a": [score(0.5, None, "lower")], "b": [score(0.2, 0.1, "lower")]})
    assert (lead.ahead, lead.verdict) == ("b", "unknown")


def test_only_the_two_best_are_told_and_scores_of_one_run_are_none():
    runs = {"a": [score(0.1)], "b": [score(0.9)], "c": [score(0.5)]}
    (lead,) = leads(runs)
    assert (lead.ahead, lead.behind) == ("b", "c")
    assert leads({"a": [score(0.1)]}) == []
    other = Score(metric="m", value=1.0, split="validation", better="higher")
    assert leads({"a": [score(0.1)], "b": [other]}) == []


def test_the_winner_may_still_lose_against_a_baseline():
    (lead,) = leads({"a": [score(0.5, baselines={"PCA": 0.6})], "b": [score(0.4)]})
    assert lead.beats is False
    (lead,) = leads({"a": [score(0.5)], "b": [score(0.4)]})
    assert lead.beats is None


def test_a_score_that_is_no_number_is_not_ranked():
    assert leads({"a": [score(float("nan"))], "b": [score(0.4)]}) == []


def test_a_run_whose_score_is_no_number_does_not_keep_the_others_from_being_ranked():
    (lead,) = leads({"a": [score(float("nan"))], "b": [score(0.4)], "c": [score(0.5)]})
    assert (lead.ahead, lead.behind) == ("c", "b")
