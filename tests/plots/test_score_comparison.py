"""Scores of several runs beside each other: many metrics go on in rows of their own."""

import pytest

from scdyn_core.evaluation.score import Score
from scdyn_core.plots.score_comparison import COLUMNS, comparison_figure


def scores(metrics):
    return [
        Score(metric=f"metric {number}", value=number, baselines={"mean": 0.5}, better="higher",
              split="test")
        for number in range(metrics)
    ]  # fmt: skip


@pytest.mark.parametrize(("metrics", "rows"), [(1, 1), (COLUMNS, 1), (COLUMNS + 1, 2), (12, 3)])
def test_no_row_has_more_panels_than_can_be_read(metrics, rows):
    figure = comparison_figure({"first": scores(metrics), "second": scores(1)})
    tops = {axis.domain[1] for axis in figure.select_yaxes()}
    assert len(tops) == rows
    assert len(figure.layout.annotations) == metrics
    assert figure.layout.height > 150 * rows


def test_runs_stand_in_the_same_order_in_every_panel():
    figure = comparison_figure({"first": scores(1), "second": scores(6)})
    for axis in figure.select_yaxes():
        assert list(axis.categoryarray) == ["first", "second"]
        assert axis.range == (1.5, -0.5)


def test_without_scores_there_is_no_error():
    assert comparison_figure({"first": []}).layout.height > 0
