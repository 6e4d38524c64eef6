"""The verdict on clusters of genes: what is beaten, what beats it, and the trap of level."""

import pandas as pd
import pytest

from dashboard._ui.genes_verdict import cluster_verdict
from dashboard._ui.genes_words import baseline_words, prediction_words
from tests.plots.synthetic_responses import response_tables

ATTACK = "![x](http://evil)"


def baselines(own: dict[str, float], **others: dict[str, float]) -> pd.DataFrame:
    rows = {"this run": own, **{name.replace("_", " "): row for name, row in others.items()}}
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("baseline").reset_index()
    return frame.assign(k=5, silhouette=0.1, agreement=0.5)


def predictions(**better: str) -> pd.DataFrame:
    """Predictions in which a model is right; ``task=model``."""
    frame = response_tables()["predictions"]
    for task, model in better.items():
        right = (frame["task"] == task.replace("_", " ")) & (frame["model"] == model)
        frame.loc[right, "predicted"] = frame.loc[right, "observed"] + 0.001
    return frame


OWN = {"halves": 0.7, "level_share": 0.1, "truth": 0.9}
WEAK = {"halves": 0.5, "level_share": 0.1, "truth": 0.6}
LEVEL = {"halves": 0.95, "level_share": 0.95, "truth": 0.0}


def test_clusters_of_level_are_no_rival_in_reproducibility() -> None:
    judged = cluster_verdict(baselines(OWN, weak=WEAK, level_only=LEVEL), None)
    assert judged.news == "good"
    assert "finding the planted classes and reproducible clusters" in judged.sentence


def test_a_rival_that_does_not_sort_by_level_is_named() -> None:
    rival = WEAK | {"halves": 0.9}
    judged = cluster_verdict(baselines(OWN, k_means=rival, level_only=LEVEL), None)
    assert judged.news == "mixed"
    assert "**worse** in reproducible clusters (k means)" in judged.sentence.replace("\\", "")


def test_a_difference_too_small_to_matter_is_no_win() -> None:
    judged = cluster_verdict(baselines(OWN, near={**OWN, "truth": 0.899, "halves": 0.71}), None)
    assert judged.news == "mixed"
    assert "no better than the best simple method" in judged.sentence


def test_who_loses_everything_is_told_so() -> None:
    judged = cluster_verdict(baselines(WEAK, better=OWN), predictions(
        **{"hidden_time": "random forest", "forecast": "ridge"}
    ))  # fmt: skip
    assert judged.news == "bad"
    assert "predicting a hidden time (random forest)" in judged.sentence
    assert "predicting the last time (ridge)" in judged.sentence


def test_without_comparisons_nothing_is_claimed() -> None:
    assert cluster_verdict(None, None).news == "unknown"
    assert cluster_verdict(baselines(OWN), None).news == "unknown"
    assert baseline_words(baselines(OWN)) == []


def test_without_the_truth_only_reproducibility_is_judged() -> None:
    frame = baselines(OWN, weak=WEAK).drop(columns="truth")
    assert "planted" not in cluster_verdict(frame, None).sentence
    assert "Nobody knows the true classes" in baseline_words(frame)[0]


def test_the_most_reproducible_is_named_with_the_trap_it_is() -> None:
    words = " ".join(baseline_words(baselines(OWN, weak=WEAK, level_only=LEVEL)))
    assert "**level only** is more reproducible" in words
    assert "explains 95% of the differences in mean expression" in words
    assert "Of the methods that do not sort by level" in words


@pytest.mark.parametrize(
    ("model", "words"),
    [("random forest", "**random forest** predicted it better"), ("this run", "This run beats")],
)
def test_each_task_says_who_predicts_it_best(model: str, words: str) -> None:
    sentences = prediction_words(predictions(forecast=model))
    assert [sentence[:12] for sentence in sentences] == ["**Hidden tim", "**Forecast**"]
    assert words in sentences[1]


def test_bands_that_are_too_narrow_are_called_so() -> None:
    frame = predictions()
    frame["low"] = frame["high"] = frame["predicted"]
    assert "too narrow" in prediction_words(frame)[0]
    frame["low"], frame["high"] = frame["predicted"] - 9, frame["predicted"] + 9
    assert "hold 100.0% of the measured means" in prediction_words(frame)[0]


def test_names_are_shown_letter_by_letter() -> None:
    frame = baselines(WEAK, **{ATTACK: OWN})
    told = [cluster_verdict(frame, None).sentence, *baseline_words(frame)]
    assert "![x]" not in " ".join(told)
