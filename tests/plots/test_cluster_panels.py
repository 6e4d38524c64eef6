"""One panel a cluster: the numbers drawn are those of the tables."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.cluster_choice import ClusterChoice
from scdyn_core.plots.cluster_colours import cluster_colour, translucent
from scdyn_core.plots.cluster_panels import MOST_MEMBERS, cluster_panels_figure
from scdyn_core.plots.fold_change import fold_changes
from scdyn_core.plots.palette import DARK, LIGHT
from tests.plots.synthetic_responses import TIMES, response_tables

TABLES = response_tables()
CHOICE = ClusterChoice.default(TABLES["choice_of_k"])
OWN = [CHOICE.rows(TABLES[name]) for name in ("clusters", "cluster_curves", "cluster_summary")]
CLUSTERS, CURVES, SUMMARY = OWN


def figure(**changes):
    return cluster_panels_figure(TABLES["fitted"], *OWN, **changes)


def trace(drawn, name):
    return next(each for each in drawn.data if each.name == name)


def test_the_rule_names_the_clustering_and_its_rows():
    assert ClusterChoice("mixture", 5) == CHOICE
    assert len(CLUSTERS) == TABLES["clusters"]["gene"].nunique()
    none = TABLES["choice_of_k"].assign(chosen=False)
    assert ClusterChoice.default(none) == ClusterChoice("mixture", 2)


def test_titles_count_the_genes_of_every_cluster():
    titles = [note.text for note in figure().layout.annotations[:5]]
    sizes = CLUSTERS["cluster"].value_counts()
    assert titles == [f"<b>Cluster {n}</b> · {sizes[n]} genes" for n in range(1, 6)]


def test_mean_and_band_are_those_of_the_table_at_the_true_times():
    drawn, curve = figure(time_scale="linear"), CURVES[CURVES["cluster"] == 3]
    mean, band = (trace(drawn, f"Cluster 3, {n}") for n in ("mean", "5 to 95 % of genes"))
    np.testing.assert_allclose(mean.y, curve["mean"])
    np.testing.assert_allclose(mean.x, TIMES)
    np.testing.assert_allclose(band.y, [*curve["high"], *curve["low"][::-1]])
    assert mean.line.color == cluster_colour(3, LIGHT) == LIGHT.categorical[2]


def test_members_start_at_zero_and_only_the_most_typical_are_drawn():
    many = pd.concat(
        [TABLES["fitted"].assign(gene=TABLES["fitted"]["gene"] + tail) for tail in "abcd"]
    )
    clusters = pd.concat([CLUSTERS.assign(gene=CLUSTERS["gene"] + tail) for tail in "abcd"])
    drawn = cluster_panels_figure(many, clusters, CURVES, SUMMARY)
    own = clusters[clusters["cluster"] == 2].sort_values(
        "membership", ascending=False, kind="stable"
    )
    assert len(own) > MOST_MEMBERS
    members = trace(drawn, "Cluster 2, genes")
    values = np.array(members.y).reshape(MOST_MEMBERS, len(TIMES) + 1)
    changes = fold_changes(many[many["measured"]], "fitted")
    np.testing.assert_allclose(values[:, :-1], changes.loc[own["gene"].head(MOST_MEMBERS)])
    np.testing.assert_array_equal(values[:, 0], 0)
    assert np.isnan(values[:, -1]).all()
    assert members.text[1] == f"{own['gene'].iloc[0]} at 1"


def test_onset_and_peak_lie_on_the_mean_and_a_flat_cluster_has_none():
    drawn = figure(time_scale="linear")
    peaks = [each for each in drawn.data if each.name == "largest change"]
    moving = SUMMARY[SUMMARY["peak_time"] > 0]
    assert len(peaks) == len(moving) < len(SUMMARY)
    np.testing.assert_allclose([peak.x[0] for peak in peaks], moving["peak_time"])
    late = CURVES[CURVES["cluster"] == 4].set_index("time")["mean"]
    assert peaks[2].y[0] == pytest.approx(late[24.0])
    assert [each.showlegend for each in peaks] == [True, False, False, False]


def test_genes_of_interest_are_drawn_and_named_in_the_panel_of_their_cluster():
    member = CLUSTERS.set_index("gene")["cluster"]
    drawn = figure(genes=["GENE1", "GENE3", "absent"])
    assert {each.name for each in drawn.data if each.meta} == {"● GENE1", "● GENE3"}
    own = trace(drawn, "● GENE1")
    mean = trace(drawn, f"Cluster {member['GENE1']}, mean")
    assert (own.xaxis, own.yaxis) == (mean.xaxis, mean.yaxis)
    names = [note for note in drawn.layout.annotations if "GENE" in note.text]
    assert {(note.text, note.xref) for note in names} == {
        ("● GENE1", own.xaxis),
        ("● GENE3", trace(drawn, "● GENE3").xaxis),
    }


def test_all_panels_share_one_axis_and_some_can_be_left_out():
    drawn = figure(only=[4, 2], palette=DARK)
    assert [n.text[:16] for n in drawn.layout.annotations] == [
        "<b>Cluster 4</b>",
        "<b>Cluster 2</b>",
    ]
    assert drawn.layout.yaxis2.matches == "y"
    assert trace(drawn, "Cluster 2, mean").line.color == cluster_colour(2, DARK)


def test_colours_are_those_of_the_palette_for_any_number_of_clusters():
    assert cluster_colour(1, LIGHT) == LIGHT.categorical[0]
    assert len({cluster_colour(number, LIGHT) for number in range(1, 17)}) == 16
    assert cluster_colour(17, LIGHT) == cluster_colour(1, LIGHT)
    assert translucent("#0072B2", 0.2) == "rgba(0, 114, 178, 0.2)"
