"""All genes: in order, clipped, named, and quick however many there are."""

import time

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.cluster_choice import ClusterChoice
from scdyn_core.plots.cluster_colours import cluster_colour
from scdyn_core.plots.cluster_heat_map import MOST_ROWS, WITHIN, Rows, cluster_heat_map_figure
from scdyn_core.plots.fold_change import fitted_changes
from scdyn_core.plots.palette import LIGHT
from tests.plots.synthetic_responses import TIMES, response_tables

TABLES = response_tables()
CLUSTERS = ClusterChoice.default(TABLES["choice_of_k"]).rows(TABLES["clusters"])
GENES, FIT = TABLES["genes"], TABLES["fitted"]


def draw(**changes):
    return cluster_heat_map_figure(FIT, CLUSTERS, GENES, **changes)


def test_genes_stand_by_cluster_then_onset():
    rows = Rows.of(CLUSTERS, GENES)
    onset = GENES.set_index("gene")["onset_time"].loc[rows.genes].to_numpy()
    order = np.lexsort((onset, rows.cluster))
    np.testing.assert_array_equal(rows.cluster, np.sort(rows.cluster))
    np.testing.assert_array_equal(onset, onset[order])
    np.testing.assert_array_equal(rows.row, np.arange(len(CLUSTERS)))


def test_cells_are_fitted_changes_at_the_sampling_times():
    drawn, rows = draw(), Rows.of(CLUSTERS, GENES)
    np.testing.assert_allclose(drawn.data[0].z, fitted_changes(FIT).loc[rows.genes], atol=6e-4)
    assert list(drawn.layout.xaxis.ticktext) == [f"{each:g}" for each in TIMES]
    assert drawn.data[0].text[7][0].startswith(f"<b>{rows.genes[7]}</b>")
    assert drawn.layout.yaxis.range[0] > drawn.layout.yaxis.range[1]


def test_colours_end_where_a_few_extreme_genes_begin():
    wild = FIT.assign(fitted=FIT["fitted"].where(FIT["gene"] != "GENE2", FIT["fitted"] * 100))
    heat = cluster_heat_map_figure(wild, CLUSTERS, GENES).data[0]
    assert heat.zmax == -heat.zmin == pytest.approx(np.quantile(np.abs(heat.z), WITHIN), rel=1e-3)
    assert heat.zmax < 5 < np.abs(heat.z).max()


def test_genes_that_never_change_are_drawn_too():
    heat = cluster_heat_map_figure(FIT.assign(fitted=1.0), CLUSTERS, GENES).data[0]
    assert (heat.zmin, heat.zmax) == (-1, 1)


def test_bars_have_the_colours_of_their_clusters_and_cover_their_rows():
    bars = [shape for shape in draw().layout.shapes if shape.type == "rect"]
    assert [bar.fillcolor for bar in bars] == [cluster_colour(n, LIGHT) for n in range(1, 6)]
    sizes = CLUSTERS["cluster"].value_counts().sort_index()
    np.testing.assert_allclose([bar.y1 - bar.y0 for bar in bars], sizes)


def test_named_genes_point_at_their_rows_and_others_have_no_names():
    rows = Rows.of(CLUSTERS, GENES)
    drawn = draw(named=["GENE3", "absent", "GENE1"])
    names = {n.text: n.y for n in drawn.layout.annotations if n.text.startswith("GENE")}
    assert names == {gene: rows.genes.index(gene) for gene in ("GENE3", "GENE1")}
    default = [n.text for n in draw().layout.annotations if n.text.startswith("GENE")]
    assert len(default) == 15


def test_twenty_thousand_genes_share_rows_within_their_cluster_and_stay_quick():
    copies = range(167)
    fitted, clusters, genes = (
        pd.concat([frame.assign(gene=frame["gene"] + f"_{n}") for n in copies], ignore_index=True)
        for frame in (FIT[FIT["measured"]], CLUSTERS, GENES)
    )
    began = time.process_time()
    drawn = cluster_heat_map_figure(fitted, clusters, genes, named=["GENE1_3"])
    size = len(drawn.to_json())
    assert time.process_time() - began < 5
    assert size < 4e6
    heat, rows = drawn.data[0], Rows.of(clusters, genes)
    assert len(rows.genes) == 20_040
    assert len(heat.z) <= MOST_ROWS + 5
    shared = pd.DataFrame({"row": rows.row, "cluster": rows.cluster})
    assert (shared.groupby("row")["cluster"].nunique() == 1).all()
    own = [gene for gene, row in zip(rows.genes, rows.row, strict=True) if row == 700]
    expected = fitted_changes(fitted).loc[own].mean()
    np.testing.assert_allclose(heat.z[700], expected, atol=6e-4)
    assert f"and {len(own) - 3} more (mean)" in heat.text[700][0]
