"""Maps of perturbations and of their cells: places, sizes, colours, what can be clicked."""

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import leaves_list

from scdyn_core.plots.palette import LIGHT
from scdyn_core.plots.perturbation_cells import (
    MOST_PANELS,
    perturbation_cells_figure,
    perturbation_cells_grid_figure,
)
from scdyn_core.plots.perturbation_latent_maps import latent_map_figure
from scdyn_core.plots.perturbation_map import (
    LARGEST,
    MAP_COLOURS,
    available_map_colours,
    perturbation_map_figure,
)
from scdyn_core.plots.perturbation_tree import (
    MEASURES,
    MOST_SHOWN,
    perturbation_tree_figure,
    similarity_linkage,
    similarity_matrix,
)
from scdyn_core.plots.points import MOST_POINTS
from tests.plots.synthetic_screen.planted import CONTROL, NULL, PATHWAY
from tests.plots.synthetic_screen.tables import screen_tables

TABLES = screen_tables()
KNOWN, MAP, SIMILARITY = (
    TABLES[name] for name in ("perturbations", "similarity_map", "similarity")
)
CELLS, LATENT = TABLES["cells"], TABLES["latent"]


def test_every_perturbation_is_on_the_map_at_its_place_and_carries_its_row():
    places = MAP.set_index("perturbation")
    points = [(row[0], x, y) for trace in perturbation_map_figure(MAP, KNOWN).data
              for row, x, y in zip(trace.customdata, trace.x, trace.y, strict=True)]  # fmt: skip
    assert len(points) == len(MAP)
    for row, x, y in points:
        assert (x, y) == tuple(places.loc[KNOWN["perturbation"][row]])


def test_the_area_of_a_point_is_the_effect_and_a_ring_has_none_that_can_be_seen():
    (trace,) = perturbation_map_figure(MAP, KNOWN).data
    rows = [row[0] for row in trace.customdata]
    effect = KNOWN["e_distance"].iloc[rows].to_numpy()
    assert (np.diff(effect) <= 0).all(), "large ones first, so that small ones lie on top"
    assert trace.marker.size[0] == LARGEST
    rings = np.array([symbol.endswith("-open") for symbol in trace.marker.symbol])
    np.testing.assert_array_equal(~rings, KNOWN["visible"].iloc[rows])


def test_unmeasured_values_are_grey_and_kinds_have_colours_of_their_own():
    known, unknown = KNOWN["knock_down"].notna(), KNOWN["knock_down"].isna()
    grey, coloured = perturbation_map_figure(MAP, KNOWN, colour="knock_down").data
    assert grey.marker.color == LIGHT.faint
    assert (len(grey.x), len(coloured.x)) == (unknown.sum() - 1, known.sum()), (
        "control is not on it"
    )
    kinds = perturbation_map_figure(MAP, KNOWN, colour="kind").data
    assert [trace.name for trace in kinds] == ["single", "combination", "null control"]
    assert len({trace.marker.color for trace in kinds}) == 3
    assert "knock_down" not in available_map_colours(KNOWN.assign(knock_down=np.nan))
    assert available_map_colours(KNOWN) == list(MAP_COLOURS)


def test_the_strongest_and_the_null_control_are_named_unless_others_are_asked_for():
    def written(**changes):
        notes = perturbation_map_figure(MAP, KNOWN, **changes).layout.annotations
        return {note.text for note in notes if note.showarrow}

    assert f"<b>{NULL}</b>" in written()
    assert written(labelled=["G01", "absent"]) == {"<b>G01</b>"}


def test_similarity_is_a_symmetric_matrix_and_its_tree_joins_the_pathway_first():
    shown = [name for name in KNOWN["perturbation"] if name != CONTROL]
    matrix = similarity_matrix(SIMILARITY, "response_correlation", shown)
    np.testing.assert_allclose(matrix, matrix.T)
    np.testing.assert_allclose(np.diag(matrix), 1.0)
    tree = similarity_linkage(matrix)
    assert (np.diff(tree[:, 2]) >= 0).all()
    pathway = set(KNOWN["perturbation"][2 : 2 + PATHWAY])
    leaves = [matrix.index[leaf] in pathway for leaf in leaves_list(tree)]
    first = leaves.index(True)
    assert all(leaves[first : first + PATHWAY]), "the pathway stands together"


@pytest.mark.parametrize("measure", MEASURES)
def test_squares_beside_the_tree_carry_the_row_of_their_pair(measure):
    figure = perturbation_tree_figure(SIMILARITY, measure=measure)
    squares = figure.data[-1]
    names = figure.layout.yaxis2.ticktext
    for y, line in enumerate(squares.customdata):
        for x, (row,) in enumerate(line):
            pair = SIMILARITY.iloc[row]
            assert (pair["perturbation_a"], pair["perturbation_b"]) == (names[y], names[x])
            value = np.asarray(squares.z, dtype=float)[y, x]
            assert value == pytest.approx(pair[measure], abs=1e-3, nan_ok=True)


def test_the_tree_has_a_leaf_at_every_row_and_branches_at_one_less_similarity():
    figure = perturbation_tree_figure(SIMILARITY, measure="response_correlation")
    branches, n = figure.data[0], len(figure.data[1].z)
    x, y = np.asarray(branches.x), np.asarray(branches.y)
    assert set(y[x == 0]) == set(range(n))
    own = SIMILARITY[SIMILARITY["perturbation_a"] != SIMILARITY["perturbation_b"]]
    nearest = 1 - own["response_correlation"].max()
    assert x[x > 0].min() == pytest.approx(nearest)


def test_a_tree_of_many_shows_a_readable_part_and_of_one_says_so():
    names = [f"P{number}" for number in range(MOST_SHOWN + 20)]
    pairs = pd.MultiIndex.from_product([names, names], names=["perturbation_a", "perturbation_b"])
    many = pairs.to_frame(index=False).assign(shift_cosine=1.0)
    assert len(perturbation_tree_figure(many).data[1].z) == MOST_SHOWN
    assert len(perturbation_tree_figure(many, shown=names[:5]).data[1].z) == 5
    alone = perturbation_tree_figure(many, shown=names[:1])
    assert not alone.data
    assert "fewer than two" in alone.layout.annotations[0].text


def test_cells_of_a_perturbation_lie_on_top_of_control_on_top_of_the_rest():
    rest, control, own = perturbation_cells_figure(CELLS, "G01", [CONTROL, NULL]).data
    named = CELLS["perturbation"]
    assert len(own.x) == (named == "G01").sum()
    assert set(zip(own.x, own.y, strict=True)) == set(
        CELLS.loc[named == "G01", ["umap_1", "umap_2"]].itertuples(index=False, name=None)
    )
    assert len(control.x) == named.isin([CONTROL, NULL]).sum()
    assert len(rest.x) == len(CELLS) - len(own.x) - len(control.x)
    assert own.marker.color == LIGHT.model


def test_too_many_cells_are_thinned_but_those_of_the_perturbation_stay():
    many = pd.concat([CELLS] * 60, ignore_index=True)
    drawn = perturbation_cells_figure(many, "G01", [CONTROL])
    assert len(drawn.data[0].x) == MOST_POINTS
    assert len(drawn.data[-1].x) == (many["perturbation"] == "G01").sum()


def test_small_panels_show_one_perturbation_each_over_the_same_control_cells():
    shown = KNOWN["perturbation"].tolist()[2:8]
    figure = perturbation_cells_grid_figure(CELLS, shown, [CONTROL])
    backdrops, own = figure.data[::2], figure.data[1::2]
    counts = CELLS["perturbation"].value_counts()
    assert [len(trace.x) for trace in own] == [counts[name] for name in shown]
    assert len({tuple(trace.x) for trace in backdrops}) == 1
    assert [note.text.split("</b>")[0] for note in figure.layout.annotations] == [
        f"<b>{name}" for name in shown
    ]
    every = perturbation_cells_grid_figure(CELLS, KNOWN["perturbation"], [CONTROL])
    assert len(every.data) == 2 * MOST_PANELS


def test_each_latent_colours_all_cells_in_standard_deviations_of_one_replicate():
    figure = latent_map_figure(CELLS, LATENT, [3, 1], replicate=2)
    own = LATENT[LATENT["replicate"] == 2]
    assert [note.text for note in figure.layout.annotations] == [
        "<b>latent 3</b>", "<b>latent 1</b>"
    ]  # fmt: skip
    for trace, column in zip(figure.data, ("z3", "z1"), strict=True):
        values = (own[column] - own[column].mean()) / own[column].std()
        np.testing.assert_allclose(np.sort(trace.marker.color), np.sort(values))
        assert (np.diff(np.abs(trace.marker.color)) >= 0).all(), "extreme cells lie on top"
    assert figure.layout.coloraxis.cmin == -figure.layout.coloraxis.cmax
