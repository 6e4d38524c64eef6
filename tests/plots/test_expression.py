"""Figures of genes in sets of cells."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.evaluation.expression.groups import groups_of
from scdyn_core.evaluation.expression.set_composition import set_composition
from scdyn_core.evaluation.expression.summary import expression_summary, sampled_cells
from scdyn_core.plots.expression_dots import LARGEST, expression_dots_figure
from scdyn_core.plots.expression_heat_map import expression_heat_map_figure
from scdyn_core.plots.expression_matrix import expression_matrix_figure
from scdyn_core.plots.expression_violins import expression_violins_figure
from scdyn_core.plots.expression_volcano import expression_volcano_figure
from scdyn_core.plots.palette import DARK, LIGHT
from scdyn_core.plots.set_shares import set_shares_figure
from tests.evaluation.expression.cells import donors
from tests.plots.test_escaping import ATTACK, assert_inert

CELLS, DONOR, TREATED = donors(0)
GENES = ["gene0", "gene3", "gene7"]
GROUPS = groups_of(DONOR)
SUMMARY = expression_summary(CELLS, GENES, GROUPS)
SAMPLED = sampled_cells(CELLS, GENES, GROUPS, 12)
COUNTED = set_composition(GROUPS, pd.Series(np.where(TREATED, "yes", "no")))
FOUND = pd.DataFrame(
    {
        "gene": ["up", "down", "same", "only_first", "untested"],
        "log2_fold_change": [2.0, -1.5, 0.1, 28.0, 1.0],
        "p_adjusted": [1e-9, 1e-5, 0.8, 1e-3, np.nan],
        "fraction_first": [0.9, 0.2, 0.5, 0.1, 0.1],
        "fraction_second": [0.3, 0.7, 0.5, 0.0, 0.1],
    }
)


def volcano(found=FOUND, **options):
    return expression_volcano_figure(found, ("treated", "control"), **options)


def points(figure):
    return [trace for trace in figure.data if trace.mode == "markers" and trace.customdata]


def test_the_volcano_has_every_tested_gene_on_its_side():
    at = {trace.name.split(" (")[0]: trace for trace in points(volcano())}
    rows = {name: [row[0] for row in trace.customdata] for name, trace in at.items()}
    assert rows == {"up": [0, 3], "down": [1], "not changed": [2]}
    assert volcano().layout.xaxis.title.text.endswith("(control ← → treated)")


def test_a_gene_unseen_in_one_set_stands_at_the_edge_and_says_its_number():
    up = next(trace for trace in points(volcano()) if trace.name.startswith("up"))
    assert up.x[1] == pytest.approx(2.2)
    assert "+28.00" in up.text[1]
    assert volcano().layout.xaxis.range[1] < 3


def test_differences_of_means_are_drawn_where_there_are_no_fold_changes():
    found = FOUND.rename(columns={"log2_fold_change": "difference"})
    found = found.drop(columns=["fraction_first", "fraction_second"])
    assert volcano(found).layout.xaxis.title.text.startswith("difference of means")


def test_dots_show_how_much_and_in_how_many_cells():
    marks = expression_dots_figure(SUMMARY).data[0]
    assert len(marks.x) == len(SUMMARY) == 18
    np.testing.assert_allclose(marks.marker.color, SUMMARY["mean"])
    np.testing.assert_allclose(marks.marker.size, LARGEST * np.sqrt(SUMMARY["fraction"]))


def test_z_scores_have_0_in_the_middle_of_their_colours():
    for figure in (expression_dots_figure, expression_matrix_figure):
        trace = figure(SUMMARY, "scaled").data[0]
        ends = trace.marker if trace.type == "scatter" else trace
        low, high = (ends.cmin, ends.cmax) if trace.type == "scatter" else (ends.zmin, ends.zmax)
        assert low == -high


def test_the_matrix_has_a_row_for_each_group_and_a_column_for_each_gene():
    trace = expression_matrix_figure(SUMMARY, "mean").data[0]
    z = np.array(trace.z)
    assert z.shape == (6, 3)
    assert z[2, 1] == pytest.approx(CELLS.values("gene3")[GROUPS["2"]].mean())


def test_violins_are_drawn_of_some_cells_and_quartiles_of_all():
    figure = expression_violins_figure(SUMMARY, SAMPLED)
    violins = [trace for trace in figure.data if trace.type == "violin"]
    assert len(violins) == 18
    assert all(len(trace.y) == 12 for trace in violins)
    scattered = [trace for trace in figure.data if trace.type == "scatter"]
    medians = [trace for trace in scattered if trace.mode == "markers"]
    expected = SUMMARY[SUMMARY["gene"] == "gene3"]["median"]
    np.testing.assert_allclose(medians[1].y, expected)


def test_the_heat_map_has_cells_side_by_side_under_a_bar_for_each_group():
    figure = expression_heat_map_figure(SAMPLED)
    assert np.array(figure.data[0].z).shape == (3, 72)
    bars = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert [(bar.x0, bar.x1) for bar in bars[:2]] == [(-0.5, 11.5), (11.5, 23.5)]
    assert [note.text for note in figure.layout.annotations] == list(GROUPS)


def test_shares_have_a_point_for_each_sample_and_their_median():
    figure = set_shares_figure(COUNTED, "treated")
    assert {trace.name for trace in figure.data} == {"yes", "no", "median"}
    yes = next(trace for trace in figure.data if trace.name == "yes")
    np.testing.assert_allclose(np.sort(yes.x), [0, 0, 0, 100 / 3, 100 / 3, 100 / 3])


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_names_are_never_interpreted(palette):
    hostile = {f"{ATTACK}{number}": cells for number, cells in enumerate(GROUPS.values())}
    attacked = FOUND.assign(gene=[ATTACK + str(number) for number in range(5)])
    summary = expression_summary(CELLS, GENES, hostile).replace({"gene": {"gene0": ATTACK}})
    sampled = sampled_cells(CELLS, GENES, hostile, 5)
    object.__setattr__(sampled, "genes", (ATTACK, *sampled.genes[1:]))
    counted = COUNTED.replace({"part": {"yes": ATTACK}, "group": {"0": ATTACK}})
    for figure in (
        expression_volcano_figure(attacked, (ATTACK, ATTACK), palette=palette),
        expression_dots_figure(summary, palette=palette),
        expression_matrix_figure(summary, palette=palette),
        expression_violins_figure(summary, sampled, palette=palette),
        expression_heat_map_figure(sampled, palette=palette),
        set_shares_figure(counted, ATTACK, palette=palette),
    ):
        assert_inert(figure)
        assert figure.layout.template.layout.paper_bgcolor == palette.background
