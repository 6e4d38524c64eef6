"""Arms are compared with uniform within pairs, and verdicts know how many questions were asked."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.experiments.arm_comparison import COLUMNS, arm_comparison
from tests.experiments.planted_scores import MEASURES, arm_scores

OVERLAP = 1 / 3
RECALL, ERROR = ("recall", "rare"), ("reconstruction", "rare")


def row(frame: pd.DataFrame, arm: str, metric: str, cell_type: str) -> pd.Series:
    wanted = (frame["arm"] == arm) & (frame["metric"] == metric) & (frame["cell_type"] == cell_type)
    (found,) = frame[wanted].to_dict("records")
    return pd.Series(found)


def test_a_planted_gain_is_found_although_pairs_vary_far_more() -> None:
    found = arm_comparison(arm_scores({"good": {RECALL: 0.1, ERROR: -0.03}, "same": {}}), OVERLAP)
    assert list(found.columns) == list(COLUMNS)
    assert "uniform" not in set(found["arm"])
    gain = row(found, "good", *RECALL)
    assert gain["verdict"] == "better"
    assert gain["difference"] == pytest.approx(0.1, abs=0.02)
    assert gain["low"] < gain["difference"] < gain["high"]
    assert gain["value"] - gain["uniform"] == pytest.approx(gain["difference"])
    assert row(found, "good", *ERROR)["verdict"] == "better"
    assert row(found, "same", *RECALL)["verdict"] == "no difference seen"


def test_lower_is_better_where_the_metric_says_so() -> None:
    found = arm_comparison(arm_scores({"bad": {ERROR: 0.05}}), OVERLAP)
    assert row(found, "bad", *ERROR)["verdict"] == "worse"


def test_pairs_are_matched_by_seed_whatever_the_order_of_the_rows() -> None:
    scores = arm_scores({"arm": {RECALL: 0.05}})
    mixed = scores.sample(frac=1, random_state=0)
    for one, other in zip(
        arm_comparison(scores, OVERLAP).sort_values(["metric", "cell_type"])["low"],
        arm_comparison(mixed, OVERLAP).sort_values(["metric", "cell_type"])["low"],
        strict=True,
    ):
        assert one == pytest.approx(other)


def test_a_pair_without_its_partner_does_not_count() -> None:
    scores = arm_scores({"arm": {}}, pairs=5)
    lost = (scores["arm"] == "uniform") & (scores["seed"] == 2)
    found = arm_comparison(scores[~lost], OVERLAP)
    assert set(found["seeds"]) == {4}


def test_more_arms_make_a_verdict_harder() -> None:
    """A gain that is enough for one question is not enough for one of forty."""
    alone = arm_scores({"arm": {RECALL: 0.03}}, seed=1)
    others = {f"other {k}": {} for k in range(19)}
    crowd = arm_scores({"arm": {RECALL: 0.03}, **others}, seed=1)
    single, many = (row(arm_comparison(each, OVERLAP), "arm", *RECALL) for each in (alone, crowd))
    assert (single["low"], single["high"]) == pytest.approx((many["low"], many["high"]))
    assert single["verdict"] == "better"
    assert many["verdict"] == "no difference seen"


def test_rows_of_single_types_do_not_hide_a_harm() -> None:
    """A price is judged among prices, however many types there are."""
    scores = arm_scores({"arm": {("reconstruction", "all"): 0.01}}, pairs=8)
    common = scores[(scores["metric"] == "recall") & (scores["cell_type"] == "common")]
    types = [common.assign(cell_type=f"type {k}") for k in range(200)]
    found = arm_comparison(pd.concat([scores, *types]), OVERLAP)
    assert row(found, "arm", "reconstruction", "all")["verdict"] == "worse"
    single = found[(found["metric"] == "recall") & (found["cell_type"] != "rare")]
    assert set(single["verdict"]) == {"no difference seen"}


def test_among_arms_that_are_all_the_same_hardly_ever_one_wins() -> None:
    """200 experiments of six idle arms: any verdict at all in few more than 5 % of them."""
    said = 0
    for seed in range(200):
        scores = arm_scores({f"arm {k}": {} for k in range(6)}, pairs=5, seed=seed)
        found = arm_comparison(scores[scores["cell_type"] == "rare"], 0.0)
        said += (found["verdict"] != "no difference seen").any()
    # Two standard errors above .05.
    assert said / 200 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 200)


def test_what_only_one_side_measured_is_left_out() -> None:
    scores = arm_scores({"arm": {}}, pairs=3)
    scores = scores[~((scores["arm"] == "uniform") & (scores["cell_type"] == "common"))]
    found = arm_comparison(scores, OVERLAP)
    assert len(found) == len(MEASURES) - 1


def test_without_another_arm_there_is_nothing_to_compare() -> None:
    found = arm_comparison(arm_scores({}), OVERLAP)
    assert found.empty
    assert list(found.columns) == list(COLUMNS)
