"""Clusters in one condition beside another."""

import numpy as np
import pytest

from scdyn_core.plots.cluster_choice import ClusterChoice
from scdyn_core.plots.cluster_colours import cluster_colour
from scdyn_core.plots.cluster_groups import ALL_CELLS, cluster_groups_figure, group_names
from scdyn_core.plots.palette import LIGHT
from tests.plots.synthetic_responses import TIMES, response_tables

TABLES = response_tables()
CURVES = TABLES["curves"]
CLUSTERS = ClusterChoice.default(TABLES["choice_of_k"]).rows(TABLES["clusters"])
GROUPS = ["condition 1", "condition 2"]


def profile(group, cluster, curves=CURVES):
    genes = CLUSTERS.loc[CLUSTERS["cluster"] == cluster, "gene"]
    own = curves[(curves["group"] == group) & curves["gene"].isin(genes)]
    wide = own.pivot(index="gene", columns="time", values="expression")
    return wide.sub(wide.iloc[:, 0], axis=0)


def test_groups_are_those_beside_all_with_most_cells_first():
    assert group_names(CURVES) == GROUPS
    assert group_names(CURVES[CURVES["group"] == "all"]) == []


def test_each_panel_has_the_mean_change_of_the_cluster_in_the_group():
    drawn = cluster_groups_figure(CURVES, CLUSTERS, GROUPS)
    means = [each for each in drawn.data if each.name == "condition 2"]
    assert [each.line.color for each in means] == [cluster_colour(n, LIGHT) for n in range(1, 6)]
    for number, trace in enumerate(means, start=1):
        expected = profile("condition 2", number)
        np.testing.assert_allclose(trace.y, expected.mean())
        np.testing.assert_allclose(trace.customdata[:, 0], expected.quantile(0.25))
        assert (trace.xaxis, trace.yaxis) == (f"x{2 * number}", f"y{2 * number}")
    behind = [each for each in drawn.data if each.name == ALL_CELLS]
    np.testing.assert_allclose(behind[1].y, profile("all", 2).mean())
    assert sum(bool(each.showlegend) for each in drawn.data) == 1


def test_a_group_that_starts_later_starts_where_all_cells_are_then():
    late = CURVES[(CURVES["group"] != "condition 2") | (CURVES["time"] > 1)]
    drawn = cluster_groups_figure(late, CLUSTERS, GROUPS, time_scale="linear")
    trace = next(each for each in drawn.data if each.name == "condition 2")
    np.testing.assert_allclose(trace.x, TIMES[2:])
    before = profile("all", 1)[3.0].mean()
    assert trace.y[0] == pytest.approx(before)
    np.testing.assert_allclose(trace.y, profile("condition 2", 1, late).mean() + before)


def test_a_group_without_cells_at_any_time_has_empty_panels():
    drawn = cluster_groups_figure(CURVES, CLUSTERS, ["absent"])
    assert all(len(each.x) == 0 for each in drawn.data if each.name == "absent")
