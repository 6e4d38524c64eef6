"""The phase portrait: lines follow the field, names cover little, stability can be seen."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from scdyn_core.data.simulators.bistable import Bistable
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.evaluation.field.fixed_points import find_fixed_points
from scdyn_core.evaluation.field.plane import Plane
from scdyn_core.evaluation.field.support import Support
from scdyn_core.plots.palette import LIGHT
from scdyn_core.plots.path_lines import path_colours
from scdyn_core.plots.phase_portrait import phase_portrait
from scdyn_core.plots.points import group_colours
from scdyn_core.plots.streamlines import streamlines
from tests.evaluation.field.systems import disc, simulated

ATTACK = "<img src=x onerror=alert(1)>$x$"
LOW, HIGH = np.array([-2.0, -1.0]), np.array([2.0, 1.0])


def everywhere(places: np.ndarray) -> np.ndarray:
    return (np.abs(places) <= HIGH).all(axis=1)


def turning(places: np.ndarray) -> np.ndarray:
    return np.column_stack([-places[:, 1], places[:, 0]])


def test_streamlines_follow_the_field() -> None:
    lines = streamlines(turning, everywhere, LOW, HIGH)
    assert len(lines) > 10
    for line in lines:
        radius = np.linalg.norm(line, axis=1)
        assert np.ptp(radius) < 0.05 * max(radius.mean(), 0.2)
        ahead = (np.diff(line, axis=0) * turning(line[:-1])).sum(axis=1)
        assert (ahead > 0).all()


def test_streamlines_keep_their_distance() -> None:
    lines = streamlines(lambda p: np.tile([1.0, 0.3], (len(p), 1)), everywhere, LOW, HIGH)
    for number, line in enumerate(lines):
        others = np.concatenate([other for n, other in enumerate(lines) if n != number])
        gaps = np.linalg.norm((line[:, None] - others[None]) / (HIGH - LOW), axis=2).min(axis=1)
        assert np.median(gaps) > 0.012


def test_no_line_where_no_cell_is() -> None:
    lines = streamlines(turning, lambda p: p[:, 0] > 0, LOW, HIGH)
    assert all((line[:, 0] > 0).all() for line in lines)
    assert streamlines(turning, lambda p: np.zeros(len(p), dtype=bool), LOW, HIGH) == []


def test_a_field_that_stands_still_has_no_lines() -> None:
    assert streamlines(np.zeros_like, everywhere, LOW, HIGH) == []


def switch_figure(**options):
    cells = np.random.default_rng(0).uniform(-0.1, 1.1, (900, 2))
    field, support = simulated(Bistable().system()), Support(cells)
    plane = Plane.through_median(cells, 0, 1)
    points = find_fixed_points(field, support)
    return phase_portrait(field, cells, plane, fixed_points=points, **options)


def test_stability_can_be_told_from_the_symbol() -> None:
    figure = switch_figure()
    symbols = {
        trace.name: (trace.marker.symbol, len(trace.x))
        for trace in figure.data
        if trace.name and trace.name.endswith("fixed point")
    }
    assert symbols == {
        "stable fixed point": ("circle", 2),
        "saddle fixed point": ("diamond-open", 1),
        "unstable fixed point": ("circle-open", 1),
    }


def test_a_point_beyond_the_cells_is_pale() -> None:
    ring = disc(1.0)
    ring /= np.linalg.norm(ring, axis=1, keepdims=True)
    field = simulated(Hopf().system())
    points = find_fixed_points(field, Support(ring))
    figure = phase_portrait(
        field, ring, Plane.through_median(ring, 0, 1), fixed_points=points, palette=LIGHT
    )
    (mark,) = (trace for trace in figure.data if trace.name == "unstable fixed point")
    assert mark.marker.color[0] == LIGHT.muted
    assert mark.customdata[0][1] == "beyond the cells"


def names_on(figure: go.Figure) -> list[go.layout.Annotation]:
    """Return the names of groups: those with a line to their cells."""
    return [note for note in figure.layout.annotations if note.showarrow]


@pytest.mark.parametrize("flow", ["streamlines", "arrows", "none"])
def test_hostile_names_of_groups_and_paths_are_shown_as_they_are(flow: str) -> None:
    groups = [f"{ATTACK}{number % 3}" for number in range(900)]
    path = {ATTACK: np.array([[0.1, 0.1], [0.2, 0.2]])}
    figure = switch_figure(groups=groups, paths=path, flow=flow)
    written = figure.to_json()
    assert "<img" not in written.replace("\\u003c", "<")
    assert len(names_on(figure)) == 3


def test_names_do_not_lie_on_each_other() -> None:
    figure = switch_figure(groups=[f"a long name {number % 6}" for number in range(900)])
    places = np.array([(note.ax, note.ay) for note in names_on(figure)])
    assert len(np.unique(places, axis=0)) == 6


def test_a_path_from_a_group_has_the_colour_of_the_group() -> None:
    colours = path_colours(["B", "mine"], ["A", "B", "B"], LIGHT)
    assert colours["B"] == group_colours(pd.Series(["A", "B", "B"]), LIGHT)["B"]
    assert colours["mine"] not in LIGHT.categorical[:2]
