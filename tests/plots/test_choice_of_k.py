"""How many clusters: what the panels show, and which numbers are marked."""

import numpy as np

from scdyn_core.plots.choice_of_k import choice_of_k_figure
from scdyn_core.plots.cluster_choice import ClusterChoice
from tests.plots.synthetic_responses import response_tables

CHOICE = response_tables()["choice_of_k"]


def titles(figure):
    return [note.text for note in figure.layout.annotations]


def test_measures_that_are_nowhere_known_have_no_panel():
    shown = titles(choice_of_k_figure(CHOICE, ClusterChoice("mixture", 4)))
    assert len(shown) == 4
    assert not any("replicates" in title for title in shown)
    assert any("Trap" in title for title in shown)
    every = CHOICE.assign(replicates=0.9)
    assert len(titles(choice_of_k_figure(every, ClusterChoice("mixture", 4)))) == 5
    without = CHOICE.assign(bic=np.nan)
    assert len(titles(choice_of_k_figure(without, ClusterChoice("mixture", 4)))) == 3


def test_lines_are_the_table_with_a_ring_at_the_rules_choice_and_a_line_at_what_is_shown():
    drawn = choice_of_k_figure(CHOICE, ClusterChoice("mixture", 4))
    line, ring = drawn.data[:2]
    np.testing.assert_allclose(line.x, CHOICE["k"])
    np.testing.assert_allclose(line.y, CHOICE["silhouette"])
    chosen = CHOICE[CHOICE["chosen"]]
    assert (list(ring.x), list(ring.y)) == ([5], chosen["silhouette"].tolist())
    marks = [shape for shape in drawn.layout.shapes if shape.type == "line"]
    assert [mark.x0 for mark in marks] == [4] * 4
    assert drawn.data[-1].name == "shown: 4"


def test_each_algorithm_is_a_line_that_the_legend_tells_apart():
    names = ("consensus", "k-means", "Gaussian mixture")
    several = response_tables(algorithms=names)["choice_of_k"]
    drawn = choice_of_k_figure(several, ClusterChoice("k-means", 5))
    lines = [each for each in drawn.data if each.showlegend and each.mode == "lines+markers"]
    assert tuple(each.name for each in lines) == names
    for look in ("color", "dash"):
        assert len({each.line[look] for each in lines}) == len(names)
