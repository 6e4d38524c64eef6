"""Who is drawn how often: colours that are fair to both sides of 1, types, epochs, the left out."""

import json

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.palette import DARK, LIGHT
from scdyn_core.plots.rare_epochs import MOST_NAMED, sampling_epochs_figure
from scdyn_core.plots.rare_looks import (
    arm_look,
    arm_name,
    share_axis,
    weight_reach,
    weight_scale,
    weight_ticks,
)
from scdyn_core.plots.rare_never_drawn import never_drawn_by_type, never_drawn_figure
from scdyn_core.plots.rare_type_mass import type_mass_figure, type_masses
from scdyn_core.plots.rare_weight_map import map_columns, weight_map_figure
from scdyn_core.training.resampling.words import NAMES
from tests.plots.synthetic_rare import TYPES, sampling_frames
from tests.plots.test_escaping import ATTACK, assert_inert

FRAMES = sampling_frames(replicates=2)
CELLS = FRAMES["sampling_cells"]
ONE = CELLS[CELLS["replicate"] == 0]


def test_the_scale_reaches_as_far_below_one_as_above_and_is_grey_at_one():
    marker = weight_map_figure(ONE).data[0].marker
    assert marker.cmin == -marker.cmax
    middle = marker.colorscale[len(marker.colorscale) // 2]
    assert middle[0] == 0.5
    assert middle[1] == LIGHT.faint
    assert [at for at, _ in weight_scale(DARK)] == pytest.approx(np.linspace(0, 1, 7))


@pytest.mark.parametrize("reach", [2.0, 4.9, 20.0, 333.0, 1e9])
def test_ticks_are_as_many_below_one_as_above_and_inside(reach):
    ticks = np.array(weight_ticks(reach))
    assert np.allclose(ticks * ticks[::-1], 1)
    assert ticks.max() <= reach * 1.001
    assert 3 <= len(ticks) <= 7


def test_one_cell_far_out_does_not_take_the_colours_from_all_others():
    weights = np.append(np.linspace(0.5, 2, 999), 500.0)
    assert weight_reach(weights) == pytest.approx(2, rel=0.05)
    assert weight_reach(np.array([])) == 2.0


def test_the_heaviest_cells_lie_on_top():
    colours = np.abs(weight_map_figure(ONE).data[0].marker.color)
    assert (np.diff(colours) >= 0).all()


def test_a_map_is_a_umap_else_principal_components_else_none():
    assert map_columns(ONE) == ("umap_1", "umap_2")
    components = ONE.rename(columns={"umap_1": "pca_1", "umap_2": "pca_2"})
    assert map_columns(components) == ("pca_1", "pca_2")
    assert weight_map_figure(components).layout.xaxis.title.text == "PC 1"
    assert map_columns(ONE.drop(columns="umap_1")) is None


def test_shares_and_masses_are_those_of_the_last_refresh_over_replicates():
    masses = type_masses(FRAMES["sampling_mass"])
    assert list(masses["cell_type"][:2]) == ["Dendritic", "NK cells"]
    assert masses["mass"].sum() == pytest.approx(1)
    last = FRAMES["sampling_mass"].query("epoch == 60 and cell_type == 'Dendritic'")["mass"]
    first = masses.iloc[0]
    assert (first["low"], first["high"]) == (last.min(), last.max())
    assert first["times"] == pytest.approx(last.mean() / (12 / 417))


def test_half_of_each_share_is_marked():
    masses = type_masses(FRAMES["sampling_mass"])
    figure = type_mass_figure(masses)
    (floor,) = [trace for trace in figure.data if trace.name and "half" in trace.name]
    assert np.asarray(floor.x) == pytest.approx(50 * masses["share"])
    raised = next(trace for trace in figure.data if trace.name and "more" in trace.name)
    assert set(raised.y) == set(np.flatnonzero(masses["times"] >= 1))


def test_a_type_that_is_never_drawn_can_still_be_drawn_on_a_logarithmic_axis():
    masses = type_masses(FRAMES["sampling_mass"])
    masses.loc[0, ["mass", "low", "times"]] = 0.0
    figure = type_mass_figure(masses)
    drawn = np.concatenate([np.asarray(trace.x, dtype=float) for trace in figure.data])
    assert (drawn[np.isfinite(drawn)] > 0).all()


def test_types_whose_mass_changes_most_have_a_name_of_their_own():
    many = pd.DataFrame(
        [(0, epoch, f"t{k}", 0.01 * (1 + (epoch > 1) * k)) for epoch in (1, 9) for k in range(20)],
        columns=["replicate", "epoch", "cell_type", "mass"],
    )
    figure = sampling_epochs_figure(FRAMES["sampling"], many)
    named = [trace.name for trace in figure.data if trace.showlegend]
    assert set(named) == {f"t{k}" for k in range(20 - MOST_NAMED, 20)}


def test_equal_shares_are_not_told_apart_by_their_last_digits():
    axis = share_axis(100 / 7 + np.linspace(0, 1e-12, 7), "share")
    assert axis["range"] == pytest.approx([0.95 * 100 / 7, 1.05 * 100 / 7])


def test_every_way_of_drawing_has_a_mark_of_its_own():
    assert len({arm_look(arm, LIGHT) for arm in NAMES}) == len(NAMES)
    assert len({arm_look(arm, LIGHT).symbol for arm in NAMES}) == len(NAMES)


def test_many_replicates_are_a_median_and_a_range():
    log = FRAMES["sampling"]
    many = pd.concat([log.query("replicate == 0").assign(replicate=k) for k in range(12)])
    assert len(sampling_epochs_figure(many).data) == 4
    assert len(sampling_epochs_figure(log).data) == 6


def test_a_uniform_run_has_one_point_and_no_error():
    frames = sampling_frames(scheme="uniform")
    figure = sampling_epochs_figure(frames["sampling"], frames["sampling_mass"])
    assert list(figure.data[0].y) == [100.0]


def test_the_left_out_are_counted_by_type():
    counted = never_drawn_by_type(ONE).set_index("cell_type")
    assert counted["never_drawn"].to_dict() == dict.fromkeys(TYPES, 0) | {"T cells": 7}
    assert counted.loc["T cells", "share"] == pytest.approx(7 / 200)
    assert list(never_drawn_figure(counted.reset_index()).data[0].text) == ["7 of 200"]


def test_names_are_shown_letter_by_letter():
    frames = sampling_frames(prefix=ATTACK)
    cells = frames["sampling_cells"]
    for figure in (
        weight_map_figure(cells),
        type_mass_figure(type_masses(frames["sampling_mass"])),
        sampling_epochs_figure(frames["sampling"], frames["sampling_mass"]),
        never_drawn_figure(never_drawn_by_type(cells)),
    ):
        assert_inert(figure)
        assert json.loads(figure.to_json())


def test_every_way_of_drawing_has_a_name_and_unknown_ones_keep_theirs():
    assert arm_name("neighbours") == "joint: neighbours"
    assert arm_name("newer") == "newer"
