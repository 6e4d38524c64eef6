"""This run beside simpler methods: the trap is seen in every panel."""

import numpy as np

from scdyn_core.plots.cluster_agreement import MEASURES, TRAP, cluster_agreement_figure
from tests.plots.synthetic_responses import response_tables

BASELINES = response_tables()["baselines"]
TRAPPED = {"level only", "k-means on raw means"}


def panel(figure, number):
    return figure.data[3 * number : 3 * number + 3]


def test_methods_that_sort_by_level_are_crosses_in_every_panel():
    drawn = cluster_agreement_figure(BASELINES)
    assert set(BASELINES.loc[BASELINES["level_share"] > TRAP, "baseline"]) == TRAPPED
    for number, measure in enumerate(MEASURES):
        mine, other, trap = panel(drawn, number)
        assert list(mine.text) == ["this run"]
        assert set(trap.text) == TRAPPED
        assert list(other.text) == ["k-means on z-scored means"]
        known = BASELINES.set_index("baseline")[measure]
        for trace in (mine, other, trap):
            np.testing.assert_allclose(trace.x, known[list(trace.text)])


def test_this_run_stands_on_top_wherever_its_row_is():
    drawn = cluster_agreement_figure(BASELINES.iloc[::-1])
    assert list(panel(drawn, 0)[0].y) == [0]
    assert drawn.layout.yaxis.ticktext[0] == "<b>this run</b>"
    assert drawn.layout.yaxis.range == (3.5, -0.5)


def test_without_planted_classes_there_is_no_panel_for_them():
    drawn = cluster_agreement_figure(BASELINES.drop(columns="truth"))
    assert len(drawn.layout.annotations) == len(MEASURES) - 1
    assert not any("planted" in note.text for note in drawn.layout.annotations)


def test_methods_with_other_numbers_of_clusters_say_so():
    other = BASELINES.assign(k=[5, 4, 5, 5])
    labels = cluster_agreement_figure(other).layout.yaxis.ticktext
    assert labels[1] == "k-means on z-scored means (4 clusters)"


def test_where_nothing_is_trapped_the_legend_has_no_trap():
    drawn = cluster_agreement_figure(BASELINES.assign(level_share=0.1))
    assert {trace.name for trace in drawn.data if trace.showlegend} == {"this run", "other methods"}
