"""Picking the best run by a stated rule."""

from dashboard._ui.runs_scores import pick_best, score_frame
from scdyn_core.evaluation.score import Score


def score(value: float, baseline: float | None, better: str = "higher") -> list[Score]:
    baselines = {} if baseline is None else {"pca": baseline}
    return [Score(metric="m", value=value, split="test", better=better, baselines=baselines)]


def test_the_best_value_and_the_largest_lead_can_differ() -> None:
    runs = {"easy data": score(0.9, 0.88), "hard data": score(0.5, 0.1)}
    assert pick_best(runs, "m", "value").run == "easy data"
    assert pick_best(runs, "m", "lead").run == "hard data"


def test_lower_can_be_better() -> None:
    runs = {"a": score(0.2, 0.5, "lower"), "b": score(0.4, 0.5, "lower")}
    assert pick_best(runs, "m", "value").run == "a"
    assert pick_best(runs, "m", "lead").run == "a"


def test_a_run_without_what_the_rule_needs_is_not_picked() -> None:
    assert pick_best({"a": score(0.2, None)}, "m", "lead") is None
    assert pick_best({"a": score(0.2, None)}, "other", "value") is None


def test_every_score_is_a_row_beside_its_best_baseline() -> None:
    frame = score_frame({"a": score(0.2, 0.5), "b": score(0.9, 0.5)})
    assert list(frame["beats it"]) == [False, True]
    assert list(frame["best baseline"]) == ["pca", "pca"]
