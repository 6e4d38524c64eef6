"""Curves of single genes: their own level, side by side, or as change on one plot."""

import numpy as np
import pytest

from scdyn_core.plots.gene_comparison import gene_comparison_figure
from scdyn_core.plots.gene_curves import FITTED, OBSERVED, gene_curves_figure
from scdyn_core.plots.gene_groups import gene_groups_figure
from scdyn_core.plots.observed_points import LEAST_SPAN, NINETY
from scdyn_core.plots.palette import LIGHT
from tests.plots.synthetic_responses import response_tables

TABLES = response_tables()
CURVES, FIT = TABLES["curves"], TABLES["fitted"]


def rows(gene, group="all"):
    return CURVES[(CURVES["gene"] == gene) & (CURVES["group"] == group)]


def test_points_are_means_with_90_percent_intervals_and_the_curve_is_the_fit():
    drawn = gene_curves_figure(CURVES, FIT, ["GENE2"], time_scale="linear")
    points = next(each for each in drawn.data if each.name == OBSERVED)
    np.testing.assert_allclose(points.y, rows("GENE2")["expression"])
    np.testing.assert_allclose(points.error_y.array, 1.6449 * rows("GENE2")["se"])
    line = next(each for each in drawn.data if each.name == FITTED)
    own = FIT[FIT["gene"] == "GENE2"]
    np.testing.assert_allclose(line.x, own["time"])
    np.testing.assert_allclose(line.y, own["fitted"])
    np.testing.assert_allclose(drawn.data[0].y, [*own["high"], *own["low"][::-1]])


def test_noise_around_a_flat_gene_does_not_fill_its_panel():
    quiet = CURVES.assign(se=0.01)
    flat = quiet["expression"].where(quiet["gene"] != "GENE4", 5.0)
    drawn = gene_curves_figure(quiet.assign(expression=flat), FIT.iloc[:0], ["GENE4"])
    low, high = drawn.layout.yaxis.range
    assert high - low > LEAST_SPAN
    assert (low + high) / 2 == pytest.approx(5.0)


def test_groups_lie_over_each_other_in_colours_of_their_own():
    groups = ["all", "condition 1", "condition 2"]
    drawn = gene_curves_figure(CURVES, FIT, ["GENE0", "GENE1"], groups=groups)
    named = {each.name: each for each in drawn.data[:5]}
    weak = rows("GENE0", "condition 2")
    np.testing.assert_allclose(named["condition 2"].y, weak["expression"])
    hues = [named[name].marker.color for name in (OBSERVED, *groups[1:])]
    assert len({*hues, LIGHT.model}) == 4
    assert sum(bool(each.showlegend) for each in drawn.data) == 4


def test_an_unknown_error_has_no_interval_and_an_unknown_gene_no_panel():
    drawn = gene_curves_figure(CURVES.assign(se=np.nan), FIT, ["GENE0", "absent"])
    assert np.isnan(drawn.data[2].error_y.array).all()
    assert np.isfinite(drawn.layout.yaxis.range).all()
    assert [note.text for note in drawn.layout.annotations] == ["<b>GENE0</b>"]
    assert not gene_curves_figure(CURVES, FIT, ["absent"]).data
    assert not gene_groups_figure(CURVES, ["absent"], ["condition 1"]).data


def test_compared_genes_lose_the_fitted_value_at_the_first_time():
    drawn = gene_comparison_figure(CURVES, FIT, ["GENE0", "GENE3", "absent"])
    lines = [each for each in drawn.data if each.mode == "lines" and each.showlegend is None]
    assert [line.name for line in lines] == ["GENE0", "GENE3"]
    assert [line.y[0] for line in lines] == [0, 0]
    start = FIT.loc[FIT["gene"] == "GENE3", "fitted"].iloc[0]
    points = drawn.data[-1]
    np.testing.assert_allclose(points.y, rows("GENE3")["expression"] - start)
    assert points.error_y.array[0] == pytest.approx(NINETY * rows("GENE3")["se"].iloc[0])


def test_a_row_of_groups_shares_the_range_that_holds_all_of_them():
    drawn = gene_groups_figure(CURVES, ["GENE0", "GENE1"], ["condition 1", "condition 2"])
    titles = [note.text for note in drawn.layout.annotations]
    assert titles == ["<b>condition 1</b>", "<b>condition 2</b>"]
    assert drawn.layout.yaxis.range == drawn.layout.yaxis2.range != drawn.layout.yaxis3.range
    shown = [each for each in drawn.data if each.name == "condition 2"]
    np.testing.assert_allclose(shown[1].y, rows("GENE1", "condition 2")["expression"])
    assert (shown[1].xaxis, shown[1].yaxis) == ("x4", "y4")
    assert np.max(shown[0].y) < drawn.layout.yaxis.range[1]
