"""The Pareto plot: what lies on the front, and which is chosen."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.pareto import pareto_figure, staircase

CANDIDATES = pd.DataFrame(
    {
        "name": ["a", "b", "<b>c</b>", "d"],
        "active_terms": [10, 20, 20, 30],
        "validation_derivative_share": [0.3, 0.5, 0.4, 0.45],
        "stability": [0.5, 0.6, np.nan, 0.9],
        "merit": [0.7, 1.0, 0.6, 0.8],
        "front": [True, True, False, True],
        "chosen": [False, True, False, False],
    }
)


def test_the_line_joins_what_explains_more_than_all_with_as_few_terms():
    terms, share = (
        CANDIDATES[name].to_numpy(dtype=float)
        for name in ("active_terms", "validation_derivative_share")
    )
    assert staircase(terms, share) == [0, 1]


def test_the_chosen_one_has_a_ring_and_the_front_is_round():
    line, ring, points, unknown = pareto_figure(CANDIDATES).data
    assert (list(ring.x), list(ring.y)) == ([20.0], [0.5])
    assert list(line.x) == [10.0, 20.0]
    assert list(points.marker.symbol) == ["circle"] * 3
    assert list(unknown.marker.symbol) == ["x"]
    assert [*points.customdata, *unknown.customdata] == [0, 1, 3, 2]


def test_names_are_shown_letter_by_letter():
    unknown = pareto_figure(CANDIDATES).data[3]
    assert "&lt;b&gt;c" in unknown.text[0]
    assert "stability unknown" in unknown.text[0]


@pytest.mark.parametrize("replicates", [1, 4])
def test_without_any_known_stability_there_is_no_scale(replicates):
    figure = pareto_figure(CANDIDATES.head(replicates).assign(stability=np.nan))
    assert figure.data[2].marker.showscale is False
