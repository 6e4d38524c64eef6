"""Errors of prediction: the arithmetic, the order, and what a scatter shows."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.observed_predicted import MOST_BARS, observed_predicted_figure
from scdyn_core.plots.prediction_errors import prediction_error_figure, prediction_scores
from tests.plots.synthetic_responses import response_tables

PREDICTIONS = response_tables()["predictions"]


def small():
    return pd.DataFrame(
        {
            "task": "forecast",
            "time": 24.0,
            "model": ["bad"] * 4 + ["this run"] * 4,
            "gene": list("abcd") * 2,
            "observed": [1.0, 2, 3, 4] * 2,
            "predicted": [2.0, 3, 4, 5, 1, 2, 3, 6],
            "low": [np.nan] * 4 + [0.0, 1, 2, 5],
            "high": [np.nan] * 4 + [2.0, 3, 4, 7],
            "se": [0.3, 0.4, 0.3, 0.4] * 2,
        }
    )


def test_error_noise_and_coverage_are_what_their_names_say():
    scores = prediction_scores(small())
    assert scores["model"].tolist() == ["bad", "this run"]
    np.testing.assert_allclose(scores["rmse"], [1, 1])
    np.testing.assert_allclose(scores["noise"], np.sqrt(0.125))
    assert np.isnan(scores["coverage"][0])
    assert scores["coverage"][1] == 0.75
    assert scores["rmse_low"][0] == scores["rmse_high"][0] == 1
    half = 1.96 * np.std([0, 0, 0, 4], ddof=1) / 2
    assert scores["rmse_high"][1] == pytest.approx(np.sqrt(1 + half))
    assert scores["rmse_low"][1] == 0


def test_models_are_ordered_by_their_error_within_each_task():
    scores = prediction_scores(PREDICTIONS)
    assert list(dict.fromkeys(scores["task"])) == ["hidden time", "forecast"]
    for _, own in scores.groupby("task"):
        assert own["rmse"].is_monotonic_increasing
        assert own["model"].iloc[-1] == "last value"


def test_values_that_are_not_known_count_nowhere():
    holes = small()
    holes.loc[7, "observed"] = np.nan
    scores = prediction_scores(holes).set_index("model").loc["this run"]
    assert (scores["rmse"], scores["values"], scores["coverage"]) == (0, 3, 1)


def test_the_figure_draws_the_best_on_top_and_the_noise_as_a_line():
    drawn = prediction_error_figure(PREDICTIONS)
    scores = prediction_scores(PREDICTIONS)
    forecast = scores[scores["task"] == "forecast"].iloc[::-1]
    labels = [label.removeprefix("<b>").removesuffix("</b>") for label in
              drawn.layout.yaxis3.ticktext]  # fmt: skip
    assert labels == forecast["model"].tolist()
    simpler = [each for each in drawn.data if each.name == "simpler models"][1]
    np.testing.assert_allclose(simpler.x, forecast.query("model != 'this run'")["rmse"])
    noise = next(each for each in drawn.data if each.name == "measurement error alone")
    assert list(noise.x) == pytest.approx([0.15, 0.15])
    covered = drawn.data[-1]
    np.testing.assert_allclose(covered.x, forecast["coverage"].dropna())
    bands = [(shape.x0, shape.x1) for shape in drawn.layout.shapes]
    assert bands == [(0.85, 0.95)] * 2


def test_the_scatter_shows_changes_since_the_last_value_not_levels():
    drawn = observed_predicted_figure(PREDICTIONS, "forecast", genes=["GENE5", "absent"])
    own = PREDICTIONS[PREDICTIONS["task"] == "forecast"].set_index(["model", "gene"])
    points, last = own.loc["this run"], own.loc["last value"]["predicted"]
    np.testing.assert_allclose(drawn.data[1].x, points["observed"] - last)
    np.testing.assert_allclose(drawn.data[1].y, points["predicted"] - last)
    np.testing.assert_allclose(drawn.data[1].error_x.array, 1.6449 * points["se"])
    assert "change since" in drawn.layout.xaxis.title.text


def test_without_a_last_value_the_scatter_shows_expression_and_says_so():
    only = PREDICTIONS[PREDICTIONS["model"] == "this run"]
    drawn = observed_predicted_figure(only, "forecast")
    expected = only.loc[only["task"] == "forecast", "observed"]
    np.testing.assert_allclose(drawn.data[1].x, expected)
    assert "observed expression" in drawn.layout.xaxis.title.text


def test_many_points_have_no_bars_and_no_rows_no_points():
    copies = [PREDICTIONS.assign(gene=PREDICTIONS["gene"] + f"_{n}") for n in range(10)]
    many = pd.concat(copies, ignore_index=True)
    points = observed_predicted_figure(many, "forecast").data[1]
    assert len(points.x) > MOST_BARS
    assert points.error_x.visible is False
    assert len(observed_predicted_figure(PREDICTIONS, "absent").data[1].x) == 0
