"""The suite scores models, baselines and duplicates, and calibration and summary read it."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.evaluation.perturbation import comparison
from scdyn_core.evaluation.perturbation.calibration import calibrate
from scdyn_core.evaluation.perturbation.cells import Cells
from scdyn_core.evaluation.perturbation.metrics import METRICS
from scdyn_core.evaluation.perturbation.suite import score_predictions
from scdyn_core.evaluation.perturbation.summary import as_scores, ranking, summarise
from scdyn_core.evaluation.perturbation.task import PartedScreen, Prediction
from tests.evaluation.perturbation.planted import COMBINATION, DESIGN, SINGLES, a_screen, changes

VISIBLE = {*SINGLES, COMBINATION}


def truth(screen):
    return {name: Prediction(changes()[name]) for name in screen.perturbations}


def means(scores, metric):
    part = scores[(scores["metric"] == metric) & scores["perturbation"].isin(VISIBLE)]
    return part.groupby("model")["value"].mean()


@pytest.fixture(scope="module")
def scores():
    screen = a_screen(60, 20)
    return score_predictions(screen, {"this run": truth(screen)}, "seen", seed=0)


def test_there_is_a_row_for_everything_that_is_defined(scores):
    assert list(scores) == ["task", "model", "perturbation", "metric", "value"]
    assert set(scores["task"]) == {"seen"}
    assert not scores.duplicated(["model", "perturbation", "metric"]).any()
    assert np.isfinite(scores["value"]).all()
    own = scores[scores["model"] == "this run"]
    assert len(own) == len(DESIGN) * len(METRICS)
    additive = scores[scores["model"] == "additive"]
    assert set(additive["perturbation"]) == {COMBINATION}


def test_the_order_of_the_models_is_right(scores):
    for metric in ("weighted MSE", "MSE", "E-distance"):
        found = means(scores, metric)
        assert found["this run"] < found["training mean"] < found["mean of perturbations"]
        assert found["technical duplicate"] < found["control mean"]
    for metric in ("rank", "rank, centred", "Pearson delta, centred"):
        found = means(scores, metric)
        assert found["this run"] > found["mean of perturbations"]


def test_the_same_seed_gives_the_same_scores_whether_cells_are_sparse_or_not(scores):
    screen = a_screen(60, 20, sparse=True)
    again = score_predictions(screen, {"this run": truth(screen)}, "seen", seed=0)
    pd.testing.assert_frame_equal(again, scores, rtol=1e-6, atol=1e-6)


def test_a_model_may_have_nothing_to_say():
    screen = a_screen(60, 20)
    partly = {"this run": {"A": truth(screen)["A"], "never scored": truth(screen)["A"]}}
    found = score_predictions(screen, partly, "seen", seed=0)
    assert set(found.loc[found["model"] == "this run", "perturbation"]) == {"A"}


def test_tasks_without_own_cells_are_scored_too():
    for task, unseen in {"held out": ("C",), "combination": (COMBINATION,)}.items():
        screen = a_screen(60, 20, unseen=unseen, spare=20)
        found = score_predictions(screen, {}, task, seed=0)
        assert set(found["task"]) == {task}
        assert {"technical duplicate", "mean of perturbations"} <= set(found["model"])
        assert set(found["perturbation"]) == set(unseen)


def test_ranks_are_among_some_where_there_are_many(monkeypatch, scores):
    monkeypatch.setattr(comparison, "MOST_OTHERS", 4)
    screen = a_screen(60, 20)
    some = score_predictions(screen, {"this run": truth(screen)}, "seen", seed=0)
    ranks = some[(some["metric"] == "rank") & (some["model"] == "this run")]
    assert ranks["perturbation"].nunique() == len(DESIGN)
    assert ranks["value"].mean() > 0.9


def test_metrics_are_judged_by_whether_they_tell_a_repeat_from_the_mean(scores):
    found = calibrate(scores, VISIBLE).set_index("metric")
    assert list(found.index) == [metric.name for metric in METRICS]
    strong = found.loc[["weighted MSE", "E-distance", "rank, centred"]]
    assert strong["headline"].all()
    assert (strong["dynamic_range"] > 0.7).all()
    assert strong["verdict"].str.startswith("Tells a repeat").all()
    assert (found["dynamic_range"] <= 1).all()
    assert found.loc["MSE", "duplicate"] < found.loc["MSE", "mean_perturbation"]
    assert found.loc["Pearson delta", "no_change"] == 0


def test_where_nothing_changes_no_metric_is_a_headline():
    """Fifteen labels for cells that are all the same: whatever is found is noise."""
    rng = np.random.default_rng(0)
    design = {f"p{number}": (f"p{number}",) for number in range(15)}
    labels = np.repeat(["control", *design], 40).astype(object)

    def cells():
        return Cells(rng.normal(2, 0.5, (len(labels), 60)), labels)

    screen = PartedScreen(cells(), cells(), "control", design, [f"g{gene}" for gene in range(60)])
    found = calibrate(score_predictions(screen, {}, "seen", seed=0), set(design))
    told = found.set_index("metric").drop(index="E-distance")
    assert not told["headline"].any()
    assert told["verdict"].str.contains("do not read it").mean() > 0.7


def test_metrics_that_cannot_be_judged_say_so(scores):
    for judged in (calibrate(scores, set()), calibrate(scores[scores["model"] == "x"], VISIBLE)):
        assert not judged["headline"].any()
        assert judged["dynamic_range"].isna().all()
        assert judged["verdict"].str.contains("nothing is known").all()


def test_a_summary_compares_on_the_same_perturbations(scores):
    found = summarise(scores, VISIBLE, seed=0)
    rows = found[found["metric"] == "MSE"].set_index("model")
    assert rows.loc["additive", "perturbations"] == 1
    assert np.isnan(rows.loc["additive", "gain_low"])
    assert rows.loc["this run", "gain"] == 0
    mean = rows.loc["mean of perturbations"]
    assert mean["perturbations"] == len(VISIBLE)
    assert mean["gain"] == pytest.approx(mean["value"] - mean["own"])
    assert 0 < mean["gain_low"] <= mean["gain"] <= mean["gain_high"]
    assert (found.query("model == 'control mean' and better == 'higher'")["gain"] > 0).all()


def test_scores_leave_out_baselines_of_other_perturbations(scores):
    summary = summarise(scores, VISIBLE, seed=0)
    one, other = as_scores(summary, ["MSE", "rank"], task="seen", split="test cells of VISIBLE")
    assert (one.metric, one.better, other.better) == ("MSE", "lower", "higher")
    assert one.value == pytest.approx(means(scores, "MSE")["this run"])
    assert set(one.baselines) == {"control mean", "mean of perturbations", "training mean",
                                  "shrunken additive", "ridge on PCA"}  # fmt: skip
    assert as_scores(summary, ["MSE"], task="held out", split="x") == []


def test_the_ranking_puts_the_best_predicted_first(scores):
    found = ranking(scores, "MSE")
    assert set(found["perturbation"]) == set(DESIGN)
    assert found["gain"].is_monotonic_decreasing
    np.testing.assert_allclose(found["gain"], found["baseline_value"] - found["value"])
    assert not found["baseline"].isin(["this run", "technical duplicate"]).any()
    assert found["ceiling"].notna().all()
    higher = ranking(scores, "rank, centred")
    np.testing.assert_allclose(higher["gain"], higher["value"] - higher["baseline_value"])
    assert ranking(scores, "MSE", model="another").empty
