"""The answer says which arm helps, by how much and at what price, and when none does."""

import pytest

from scdyn_core.experiments.answer import answer
from scdyn_core.experiments.arm_comparison import arm_comparison
from tests.experiments.planted_scores import Gains, arm_scores

RECALL, ERROR = ("recall", "rare"), ("reconstruction", "rare")
OVERALL, ACCURACY = ("reconstruction", "all"), ("kNN accuracy", "all")
CELLS = {"CD34+": 3, "Memory": 4}


def said(arms: dict[str, Gains], pairs: int = 10) -> tuple[str, str]:
    found = answer(arm_comparison(arm_scores(arms, pairs), 1 / 3), CELLS)
    assert len(found) == 1
    return str(found["sentence"].iloc[0]), str(found["recommended"].iloc[0])


def test_when_nothing_helps_it_says_so_and_recommends_uniform() -> None:
    sentence, recommended = said({"balanced": {}, "clusters": {}})
    assert recommended == "uniform"
    assert sentence.startswith("No way of drawing cells helped rare types beyond chance.")
    assert "Uniform is recommended." in sentence
    assert "10 pairs of runs and 7 rare test cells in each (CD34+ 3; Memory 4)" in sentence
    assert "A gain in recall below about 0.0" in sentence


def test_an_arm_that_helps_is_named_with_its_gain_and_its_price() -> None:
    sentence, recommended = said({"balanced": {RECALL: 0.2, OVERALL: 0.04}, "clusters": {}})
    assert recommended == "balanced"
    assert sentence.startswith("Balanced by type finds more of the rare cells (recall 0.")
    assert "The error of all cells rises by 9.7 %" in sentence
    assert "Balanced by type is recommended where rare types matter." in sentence


def test_a_price_within_chance_is_called_so() -> None:
    sentence, _ = said({"clusters": {RECALL: 0.2}})
    assert "may be chance" in sentence
    assert "Joint: clusters is recommended." in sentence


def test_the_arm_that_finds_most_rare_cells_comes_first() -> None:
    gains = {"balanced": {RECALL: 0.1}, "clusters": {RECALL: 0.2}, "sketch": {ERROR: -0.3}}
    assert said(gains)[1] == "clusters"


@pytest.mark.parametrize("harm", [{ACCURACY: -0.1}, {("macro F1", "all"): -0.1}, {ERROR: 0.1}])
def test_an_arm_that_harms_elsewhere_is_not_recommended(harm: Gains) -> None:
    sentence, recommended = said({"balanced": {RECALL: 0.2, **harm}})
    assert recommended == "uniform"
    assert "But " in sentence
    assert sentence.count("uniform is recommended") == 1


def test_a_harmful_arm_does_not_hide_a_harmless_one() -> None:
    gains = {"balanced": {RECALL: 0.3, ACCURACY: -0.1}, "clusters": {RECALL: 0.1}}
    assert said(gains)[1] == "clusters"


def test_better_errors_of_rare_cells_alone_must_not_cost_those_of_all() -> None:
    assert said({"balanced": {ERROR: -0.05}})[1] == "balanced"
    assert said({"balanced": {ERROR: -0.05, OVERALL: 0.04}})[1] == "uniform"


def test_a_gain_that_is_too_little_for_many_questions_is_reported_as_such() -> None:
    others = {f"other {k}": {} for k in range(19)}
    scores = arm_scores({"sketch": {RECALL: 0.03}, **others}, seed=1)
    sentence = answer(arm_comparison(scores, 1 / 3), CELLS)["sentence"].iloc[0]
    assert "The largest gain in finding rare cells was that of sketch" in sentence
    assert "too little for so many questions" in sentence


def test_without_rare_cells_there_was_nothing_to_see() -> None:
    scores = arm_scores({"balanced": {}})
    comparison = arm_comparison(scores[scores["cell_type"] != "rare"], 1 / 3)
    found = answer(comparison, {})
    assert "No rare type has test cells" in found["sentence"].iloc[0]
    assert found["recommended"].iloc[0] == "uniform"


def test_without_another_arm_nothing_was_asked() -> None:
    found = answer(arm_comparison(arm_scores({}), 1 / 3), CELLS)
    assert "nothing was asked" in found["sentence"].iloc[0]
    assert found["recommended"].iloc[0] == "uniform"


def test_cells_that_pairs_do_not_have_alike_are_a_mean() -> None:
    found = answer(arm_comparison(arm_scores({"half": {}}), 1 / 3), {"a": 1.5, "b": 1200.0})
    assert "1,201.5 rare test cells in each (a 1.5; b 1,200)" in found["sentence"].iloc[0]


def test_two_noisy_pairs_could_have_shown_no_gain_at_all() -> None:
    scores = arm_scores({"balanced": {}}, pairs=2)
    recall = (scores["metric"] == "recall") & (scores["arm"] == "balanced") & (scores["seed"] == 1)
    scores.loc[recall, "value"] += 0.4
    sentence = answer(arm_comparison(scores, 1 / 3), CELLS)["sentence"].iloc[0]
    assert sentence.endswith("With so few, no gain in recall could have been seen.")
