"""The map of genes: colours, rows that can be picked, names of a few."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.cluster_choice import ClusterChoice
from scdyn_core.plots.cluster_colours import cluster_colour
from scdyn_core.plots.gene_map import GENE_COLOURS, available_colours, gene_map_figure
from scdyn_core.plots.palette import LIGHT
from tests.plots.synthetic_responses import response_tables

TABLES = response_tables()
CLUSTERS = ClusterChoice.default(TABLES["choice_of_k"]).rows(TABLES["clusters"])
GENES = TABLES["genes"]


def test_clusters_have_their_colours_and_every_point_carries_its_row():
    drawn = gene_map_figure(GENES, CLUSTERS.sample(frac=1, random_state=0))
    assert [each.name for each in drawn.data] == [f"Cluster {n}" for n in range(1, 6)]
    assert [e.marker.color for e in drawn.data] == [cluster_colour(n, LIGHT) for n in range(1, 6)]
    seen = []
    for number, trace in enumerate(drawn.data, start=1):
        own = [row[0] for row in trace.customdata]
        genes = GENES.iloc[own]
        np.testing.assert_allclose(trace.x, genes["umap_1"])
        assert set(genes["gene"]) == set(CLUSTERS.loc[CLUSTERS["cluster"] == number, "gene"])
        seen += own
    assert sorted(seen) == list(range(len(GENES)))


def test_genes_in_no_cluster_stay_on_the_map_in_grey():
    drawn = gene_map_figure(GENES, CLUSTERS.iloc[5:])
    assert drawn.data[-1].name == "in no cluster"
    assert drawn.data[-1].marker.color == LIGHT.faint
    assert len(drawn.data[-1].x) == 5


def test_signed_values_meet_at_zero_and_amounts_do_not():
    marker = gene_map_figure(GENES, CLUSTERS, colour="change").data[0].marker
    assert marker.cmin == -marker.cmax
    assert marker.colorscale[0][1] == LIGHT.diverging[0]
    marker = gene_map_figure(GENES, CLUSTERS, colour="level").data[0].marker
    np.testing.assert_allclose(marker.color, GENES["level"])
    assert 0 < marker.cmin < marker.cmax


def test_unknown_half_lives_are_grey_points_of_their_own():
    unknown, known = gene_map_figure(GENES, CLUSTERS, colour="half_life").data
    assert len(unknown.x) == GENES["half_life"].isna().sum() > 0
    assert unknown.marker.color == LIGHT.faint
    np.testing.assert_allclose(known.marker.color, GENES["half_life"].dropna())
    nothing = gene_map_figure(GENES.assign(half_life=np.nan), CLUSTERS, colour="half_life")
    assert len(nothing.data[0].x) == len(GENES)


def test_only_colours_with_values_are_offered():
    offered = available_colours(GENES, CLUSTERS)
    assert "stability" not in offered
    assert set(offered) == set(GENE_COLOURS) - {"stability"}
    assert "class_true" not in available_colours(GENES.drop(columns="class_true"), CLUSTERS)


@pytest.mark.parametrize("colour", GENE_COLOURS)
def test_every_colour_draws_every_gene(colour):
    drawn = gene_map_figure(GENES, CLUSTERS.assign(stability=0.5), colour=colour)
    assert sum(len(each.x) for each in drawn.data) == len(GENES)


def test_only_the_asked_names_are_written_and_they_do_not_lie_on_each_other():
    near = ["GENE1", "GENE6", "GENE11"]
    drawn = gene_map_figure(GENES, CLUSTERS, labelled=[*near, "absent"])
    notes = drawn.layout.annotations
    assert {note.text for note in notes} == {f"<b>{gene}</b>" for gene in near}
    first = GENES.set_index("gene").loc["GENE1"]
    assert any((note.x, note.y) == (first["umap_1"], first["umap_2"]) for note in notes)
    rings = drawn.data[-1]
    assert len(rings.x) == 3
    assert not gene_map_figure(GENES, CLUSTERS).layout.annotations


def test_a_gene_without_a_place_is_not_named():
    lost = GENES.assign(umap_1=GENES["umap_1"].where(GENES["gene"] != "GENE1"))
    assert not gene_map_figure(lost, CLUSTERS, labelled=["GENE1"]).layout.annotations


def test_many_genes_are_drawn_by_the_graphics_card():
    copies = range(60)
    genes, clusters = (
        pd.concat([frame.assign(gene=frame["gene"] + f"_{n}") for n in copies], ignore_index=True)
        for frame in (GENES, CLUSTERS)
    )
    drawn = gene_map_figure(genes, clusters, labelled=["GENE1_7"])
    assert drawn.data[0].type == "scattergl"
    assert sum(len(each.x) for each in drawn.data[:-1]) == len(genes)
