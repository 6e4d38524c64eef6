"""Unseen responses: every predictor beside the best baseline, and an honest sentence."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from scdyn_core.experiments.unseen_tables import unseen_answer, unseen_summary

TYPES = ("B", "T", "NK", "mono")
VALUES = {
    ("combined", "model"): (0.92, 0.90, 0.88, 0.80),
    ("latent arithmetic", "model"): (0.7, 0.8, 0.6, 0.5),
    ("nearest type's shift", "baseline"): (0.90, 0.89, 0.85, 0.79),
    ("mean shift", "baseline"): (0.8, 0.9, 0.7, 0.6),
}


def scores(values=VALUES, seeds=3, metric="Pearson delta", better="higher", arm="uniform"):
    return pd.DataFrame(
        [
            (name, arm, predictor, kind, seed, metric, value + 0.01 * (seed - 1), better)
            for (predictor, kind), row in values.items()
            for name, value in zip(TYPES, row, strict=True)
            for seed in range(seeds)
        ],
        columns=["held_out", "arm", "predictor", "kind", "seed", "metric", "value", "better"],
    )


def row(summary, predictor):
    return summary.set_index("predictor").loc[predictor]


def test_seeds_are_averaged_and_intervals_are_over_types():
    found = row(unseen_summary(scores()), "combined")
    own, rival = np.array(VALUES["combined", "model"]), np.array([0.90, 0.89, 0.85, 0.79])
    assert found["value"] == pytest.approx(own.mean())
    assert found["baseline"] == "nearest type's shift"
    expected = stats.ttest_rel(own, rival)
    low, high = expected.confidence_interval()
    assert (found["difference_low"], found["difference_high"]) == pytest.approx((low, high))
    assert (found["types"], found["seeds"]) == (4, 3)


def test_the_best_baseline_differs_from_itself_by_nothing():
    found = row(unseen_summary(scores()), "nearest type's shift")
    assert (found["difference"], found["verdict"]) == (0.0, "no difference seen")


def test_where_less_is_better_the_best_baseline_is_the_least():
    found = unseen_summary(scores(metric="MSE", better="lower"))
    assert set(found["baseline"]) == {"mean shift"}


def test_arms_have_baselines_of_their_own():
    two = pd.concat([scores(), scores(arm="clusters").assign(value=lambda x: x["value"] / 2)])
    found = unseen_summary(two).set_index(["arm", "predictor"])
    assert found.loc[("clusters", "combined"), "value"] == pytest.approx(0.4375)
    assert found.loc[("clusters", "combined"), "difference"] == pytest.approx(0.0175 / 2)


def test_the_answer_names_the_best_and_what_is_only_chance():
    both = scores()
    (answer,) = unseen_answer(unseen_summary(both), both).itertuples()
    assert answer.recommended == "combined"
    assert "0.875" in answer.sentence
    assert "nearest type's shift" in answer.sentence
    assert "hardest for mono" in answer.sentence


def test_a_baseline_that_is_ahead_is_recommended():
    worse = {key: tuple(np.array(v) - 0.2 * (key[1] == "model")) for key, v in VALUES.items()}
    table = scores(worse)
    (answer,) = unseen_answer(unseen_summary(table), table).itertuples()
    assert answer.recommended == "nearest type's shift"
    assert "worse than what needs no model" in answer.sentence


def test_without_treated_cells_there_is_nothing_to_compare():
    none = scores().iloc[:0]
    (answer,) = unseen_answer(unseen_summary(none), none).itertuples()
    assert answer.recommended == ""


def ahead(models: int) -> pd.DataFrame:
    """Return scores in which one model is ahead by about the same in every type (p = .03)."""
    gains = (0.02, 0.05, 0.03, 0.07)
    rival = (0.80, 0.82, 0.79, 0.84)
    values = {("plain", "baseline"): rival, ("good", "model"): np.add(rival, gains)}
    values |= {
        (f"idle {k}", "model"): np.add(rival, (0.01, -0.01, 0.01, -0.02)) for k in range(models)
    }
    return scores(values, seeds=1)


def test_the_best_of_many_models_is_no_proof():
    alone, many = ahead(0), ahead(8)
    (answer,) = unseen_answer(unseen_summary(alone), alone).itertuples()
    assert "The model is better." in answer.sentence
    (answer,) = unseen_answer(unseen_summary(many), many).itertuples()
    assert "luck of the best of 9" in answer.sentence
    first, second = (row(unseen_summary(each), "good") for each in (alone, many))
    assert (first["difference_low"], first["difference_high"]) == (
        second["difference_low"],
        second["difference_high"],
    )
