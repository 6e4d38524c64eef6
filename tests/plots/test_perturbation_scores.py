"""How well perturbations are predicted: paired intervals, best baselines, and what can be told."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.palette import LIGHT
from scdyn_core.plots.perturbation_score_ranking import score_ranking_figure
from scdyn_core.plots.perturbation_scores import (
    best_baseline,
    better_of,
    judged,
    suite_table,
    wide_scores,
)
from scdyn_core.plots.perturbation_suite import FADED, prediction_suite_figure
from tests.plots.synthetic_screen.planted import NULL
from tests.plots.synthetic_screen.prediction import METRICS
from tests.plots.synthetic_screen.tables import screen_tables

TABLES = screen_tables()
SCORES, CALIBRATION, KNOWN = (
    TABLES[name] for name in ("prediction_scores", "calibration", "perturbations")
)


def small(values, metric="MSE", task="seen"):
    """Scores from {model: {perturbation: value}}."""
    rows = [(task, model, name, metric, value) for model, own in values.items()
            for name, value in own.items()]  # fmt: skip
    return pd.DataFrame(rows, columns=["task", "model", "perturbation", "metric", "value"])


def known(**visible):
    frame = pd.DataFrame({"perturbation": list(visible), "visible": list(visible.values())})
    return frame.assign(kind="single", e_distance=1.0)


def test_predictions_are_judged_on_perturbations_with_a_visible_effect_and_never_on_controls():
    assert judged(known(A=True, B=False)) == ["A"]
    assert judged(known(A=False, B=False)) == ["A", "B"]
    assert NULL not in judged(KNOWN.assign(visible=True))


def test_the_calibration_says_which_direction_is_better():
    assert {metric: better_of(metric, CALIBRATION) for metric in METRICS} == METRICS
    assert {metric: better_of(metric) for metric in METRICS} == METRICS


def test_the_best_baseline_is_neither_this_run_nor_the_duplicate():
    scores = small({
        "this run": {"A": 0.1, "B": 0.1}, "technical duplicate": {"A": 0.0, "B": 0.0},
        "additive": {"A": 0.5, "B": 0.4}, "ridge": {"A": 0.3, "B": np.nan},
    })  # fmt: skip
    wide = wide_scores(scores, "MSE", "seen")
    lower = best_baseline(wide, "lower")
    assert lower["model"].to_dict() == {"A": "ridge", "B": "additive"}
    assert lower["value"].to_dict() == {"A": 0.3, "B": 0.4}
    assert best_baseline(wide, "higher")["model"].to_dict() == {"A": "additive", "B": "additive"}
    alone = best_baseline(wide[["this run"]], "lower")
    assert alone["model"].isna().all()


def test_differences_are_paired_over_the_perturbations_that_both_have():
    scores = small({
        "this run": {"A": 1.0, "B": 2.0, "C": 9.0, "D": 5.0},
        "ridge": {"A": 1.5, "B": 2.7, "C": np.nan, "D": 0.0},
    })  # fmt: skip
    table = suite_table(scores, None, known(A=True, B=True, C=True, D=False), "seen")
    ridge = table.set_index("model").loc["ridge"]
    assert ridge["mean"] == pytest.approx(2.1)
    assert ridge["difference"] == pytest.approx(0.6)
    half = 1.96 * np.std([0.5, 0.7], ddof=1) / np.sqrt(2)
    assert (ridge["low"], ridge["high"]) == pytest.approx((0.6 - half, 0.6 + half))
    assert ridge["perturbations"] == 2
    own = table.set_index("model").loc["this run"]
    assert own["difference"] == own["low"] == own["high"] == 0


def test_one_perturbation_has_no_interval():
    table = suite_table(small({"this run": {"A": 1.0}, "ridge": {"A": 2.0}}), None, known(A=True),
                        "seen")  # fmt: skip
    assert table["low"].isna().all()
    assert table.set_index("model").loc["ridge", "difference"] == 1.0


def test_models_go_from_best_to_worst_and_headline_metrics_come_first():
    table = suite_table(SCORES, CALIBRATION, KNOWN, "seen")
    for _, own in table.groupby("metric"):
        sign = 1 if own["better"].iloc[0] == "lower" else -1
        assert (sign * own["mean"].dropna()).is_monotonic_increasing
    headline = table.drop_duplicates("metric")["headline"].tolist()
    assert headline == sorted(headline, reverse=True)
    assert suite_table(SCORES, CALIBRATION, KNOWN, "absent").empty


def test_the_overview_has_a_panel_a_metric_and_fades_those_that_tell_nothing():
    figure = prediction_suite_figure(SCORES, CALIBRATION, KNOWN)
    table = suite_table(SCORES, CALIBRATION, KNOWN, "seen")
    metrics = list(dict.fromkeys(table["metric"]))
    for number, metric in enumerate(metrics, start=1):
        own = table[table["metric"] == metric]
        axis = f"x{number}" if number > 1 else "x"
        traces = [trace for trace in figure.data if trace.xaxis == axis]
        drawn = {y: x for trace in traces for x, y in zip(trace.x, trace.y, strict=True)}
        np.testing.assert_allclose([drawn[y] for y in range(len(own))], own["mean"])
        faded = not own["headline"].iloc[0]
        assert {trace.opacity for trace in traces} == {FADED if faded else 1.0}
        title = next(n for n in figure.layout.annotations if f"<b>{metric}</b>" in n.text)
        assert ("not to be relied on" in title.text) == faded
        said = title.hovertext.replace("<br>", " ")
        assert said == own["verdict"].iloc[0], "the whole sentence"


def test_the_bars_are_the_intervals_of_the_differences():
    figure = prediction_suite_figure(SCORES, CALIBRATION, KNOWN)
    table = suite_table(SCORES, CALIBRATION, KNOWN, "seen")
    first = table[table["metric"] == table["metric"].iloc[0]].reset_index(drop=True)
    half = (first["high"] - first["low"]) / 2
    for trace in figure.data:
        if trace.xaxis == "x":
            np.testing.assert_allclose(trace.error_x.array, half[list(trace.y)])


def test_the_line_of_this_run_stands_at_its_mean_in_every_panel():
    figure = prediction_suite_figure(SCORES, CALIBRATION, KNOWN)
    means = suite_table(SCORES, CALIBRATION, KNOWN, "seen").query("model == 'this run'")["mean"]
    assert [line.x0 for line in figure.layout.shapes] == pytest.approx(means.tolist())


@pytest.mark.parametrize("calibration", [None, CALIBRATION.iloc[:0]])
def test_without_calibration_nothing_is_faded(calibration):
    figure = prediction_suite_figure(SCORES, calibration, KNOWN)
    assert {trace.opacity for trace in figure.data} == {1.0}


def test_nothing_visible_is_said_and_a_task_without_scores_is_empty():
    figure = prediction_suite_figure(SCORES, CALIBRATION, KNOWN.assign(visible=False))
    assert any("none is visible" in note.text for note in figure.layout.annotations)
    assert not prediction_suite_figure(SCORES, CALIBRATION, KNOWN, task="absent").data


def test_perturbations_are_ranked_by_how_well_this_run_predicts_them():
    for metric, better in (("weighted MSE", "lower"), ("Pearson delta", "higher")):
        figure = score_ranking_figure(SCORES, metric)
        run = next(trace for trace in figure.data if trace.name == "this run")
        wide = wide_scores(SCORES, metric, "seen")
        assert sorted(run.x) == sorted(wide["this run"].dropna())
        assert list(run.x) == sorted(run.x, reverse=better == "higher")
        names = figure.layout.yaxis.ticktext
        np.testing.assert_allclose(run.x, wide.loc[list(names), "this run"])
        best = next(trace for trace in figure.data if trace.name == "best baseline")
        np.testing.assert_allclose(best.x, best_baseline(wide, better).loc[list(names), "value"])


def test_the_ranking_of_many_keeps_the_strongest_and_names_what_has_no_visible_effect():
    figure = score_ranking_figure(SCORES, "rank", perturbations=KNOWN, most=5)
    seen = SCORES.query("task == 'seen'")["perturbation"].unique()
    strongest = KNOWN[KNOWN["perturbation"].isin(seen)].nlargest(5, "e_distance")["perturbation"]
    assert set(figure.layout.yaxis.ticktext) == set(strongest)
    every = score_ranking_figure(SCORES, "rank", perturbations=KNOWN)
    assert f"{NULL} (no visible effect)" in every.layout.yaxis.ticktext


def test_values_over_several_orders_are_drawn_on_a_logarithmic_axis():
    wide = {"this run": {"A": 0.001, "B": 1.0}, "ridge": {"A": 0.01, "B": 2.0}}
    assert score_ranking_figure(small(wide), "MSE").layout.xaxis.type == "log"
    near = {"this run": {"A": 0.5, "B": 1.0}, "ridge": {"A": -0.1, "B": 2.0}}
    assert score_ranking_figure(small(near), "MSE").layout.xaxis.type != "log"


def test_the_ranking_without_baselines_or_scores_is_drawn():
    alone = score_ranking_figure(small({"this run": {"A": 0.5}}), "MSE")
    assert [trace.name for trace in alone.data] == ["this run"]
    assert alone.data[0].marker.color == LIGHT.model
    assert not score_ranking_figure(SCORES, "absent").data
