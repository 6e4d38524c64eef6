"""What is predicted where nothing happened: silence is 1, noise repeated is 2."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.evaluation.perturbation.baselines import NO_CHANGE
from scdyn_core.evaluation.perturbation.false_positives import false_positives
from scdyn_core.evaluation.perturbation.suite import score_predictions
from scdyn_core.evaluation.perturbation.task import Prediction
from tests.evaluation.perturbation.planted import GENES, a_screen


@pytest.fixture(scope="module")
def scores():
    screen = a_screen(learned=20, scored=20)
    silent = {name: Prediction(np.zeros(GENES)) for name in screen.perturbations}
    loud = {name: Prediction(np.full(GENES, 0.3)) for name in screen.perturbations}
    return score_predictions(screen, {"silent": silent, "loud": loud}, "seen", seed=0)


def test_what_repeats_noise_has_invented_as_much_again(scores):
    mean = false_positives(scores, {"idle"}, "seen").groupby("model")["error"].mean()
    assert mean["silent"] == pytest.approx(1.0)
    # As many cells were learned from as are scored: as much noise again.
    assert 1.5 < mean["training mean"] < 2.6
    assert mean["shrunken additive"] < mean["training mean"]
    assert mean["loud"] > 3


def test_only_what_shows_nothing_counts_and_the_quietest_comes_first(scores):
    found = false_positives(scores, {"idle", "not scored"}, "seen")
    assert set(found["perturbation"]) == {"idle"}
    assert NO_CHANGE not in set(found["model"])
    assert found["error"].is_monotonic_increasing
    assert len(false_positives(scores, set(), "seen")) == 0
    assert len(false_positives(scores, {"idle"}, "combination")) == 0


def test_scores_without_a_floor_say_nothing():
    scores = pd.DataFrame(
        [("seen", "this run", "A", "MSE", 1.0)],
        columns=["task", "model", "perturbation", "metric", "value"],
    )
    assert false_positives(scores, {"A"}, "seen").empty
