"""Scores are called what people call them, and what they measure is said."""

import pytest

from dashboard._ui.metric_words import METRICS, in_a_sentence, meanings
from scdyn_core.evaluation.response.metrics import ON_CHANGED, RESPONSE_METRICS
from scdyn_core.methods.scvi import held_out, representation

SCVI = (
    held_out.UNSEEN, held_out.REBUILT, held_out.EVIDENCE,
    representation.ACCURACY, representation.MIXING,
)  # fmt: skip
SCGEN = (*(each.name for each in RESPONSE_METRICS), "E-distance", "reconstruction R2")


@pytest.mark.parametrize("metric", [*SCVI, *SCGEN])
def test_every_score_of_scvi_and_scgen_has_words(metric: str) -> None:
    assert metric in METRICS
    assert in_a_sentence(metric) == METRICS[metric][0] != metric
    assert METRICS[metric][1] in meanings([metric])


def test_scores_of_some_genes_say_so_and_share_a_meaning() -> None:
    assert in_a_sentence("MSE" + ON_CHANGED) == METRICS["MSE"][0] + " of the genes that change most"
    assert meanings(["MSE", "MSE" + ON_CHANGED]).count(METRICS["MSE"][1]) == 1


def test_unknown_scores_are_shown_letter_by_letter() -> None:
    assert in_a_sentence("**x**") == "\\*\\*x\\*\\*"
    assert meanings(["**x**"]) == ""
