"""Fixed points: all of them, where they are, and what kind they are."""

import numpy as np
import pytest

from scdyn_core.data.simulators.bistable import Bistable
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.evaluation.field.fixed_point_table import Replicate, fixed_point_table
from scdyn_core.evaluation.field.fixed_points import find_fixed_points
from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.stability import kind_of
from scdyn_core.evaluation.field.support import Support
from tests.evaluation.field.systems import disc, field_of, simulated
from tests.plots.synthetic_run import equations_table


def test_a_limit_cycle_turns_round_an_unstable_spiral() -> None:
    hopf = Hopf()
    (point,) = find_fixed_points(simulated(hopf.system()), Support(disc(1.5)))
    np.testing.assert_allclose(point.position, 0.0, atol=1e-8)
    assert point.kind == "unstable spiral"
    assert point.growth == pytest.approx(hopf.attraction)
    assert point.period == pytest.approx(2 * np.pi / hopf.frequency)


def test_a_switch_has_two_fates_a_saddle_and_a_source() -> None:
    switch = Bistable()
    cells = np.random.default_rng(0).uniform(-0.1, 1.1, (2000, 2))
    points = find_fixed_points(simulated(switch.system()), Support(cells))
    found = {tuple(np.round(point.position, 6) + 0.0): point.kind for point in points}
    between = round(1 / (1 + switch.competition), 6)
    assert found == {
        (1.0, 0.0): "stable node",
        (0.0, 1.0): "stable node",
        (between, between): "saddle",
        (0.0, 0.0): "unstable node",
    }


def test_the_search_uses_all_latents() -> None:
    # A limit cycle times a decay: only the whole space has the saddle with one way in.
    (point,) = find_fixed_points(
        LearnedField.of(equations_table(1), 0), Support(disc(1.5, dimension=3))
    )
    assert point.kind == "saddle spiral"
    np.testing.assert_allclose(sorted(point.eigenvalues.real), [-0.5, 0.15, 0.15], atol=1e-9)


def test_points_outside_the_range_of_the_cells_are_not_reported() -> None:
    field = field_of({(1, "1"): 5.0, (1, "z1"): -1.0, (2, "z2"): -1.0}, 2)
    assert find_fixed_points(field, Support(disc(2.0))) == []


def test_a_point_no_cell_is_near_is_said_to_be_beyond_them() -> None:
    ring = disc(1.0)
    ring /= np.linalg.norm(ring, axis=1, keepdims=True)
    (point,) = find_fixed_points(simulated(Hopf().system()), Support(ring))
    assert not point.among
    assert point.distance == pytest.approx(1.0, abs=0.05)


def test_a_held_latent_is_a_parameter() -> None:
    # dz1 = z2 - z1: with z2 held at 0.4 cells come to rest at 0.4.
    field = field_of({(1, "z1"): -1.0, (1, "z2"): 1.0, (2, "z2"): 1.0}, 2)
    (point,) = find_fixed_points(field, Support(disc(1.0)), held={1: 0.4})
    np.testing.assert_allclose(point.position, [0.4, 0.4])
    assert point.kind == "stable node"
    assert len(point.eigenvalues) == 1


def test_a_line_of_fixed_points_is_undecided_and_bounded() -> None:
    points = find_fixed_points(field_of({(1, "z1"): -1.0}, 2), Support(disc(1.0)))
    assert 1 < len(points) <= 24
    assert {point.kind for point in points} == {"undecided"}


def test_without_equations_everything_stands_still_undecidedly() -> None:
    assert {p.kind for p in find_fixed_points(field_of({}, 1), Support(disc(1.0, 50, 1)))} == {
        "undecided"
    }


@pytest.mark.parametrize(
    ("eigenvalues", "kind"),
    [
        ([-1, -2], "stable node"),
        ([-1 + 2j, -1 - 2j], "stable spiral"),
        ([1, 2], "unstable node"),
        ([1 + 1j, 1 - 1j], "unstable spiral"),
        ([1, -1], "saddle"),
        ([1, -1 + 1j, -1 - 1j], "saddle spiral"),
        ([1j, -1j], "undecided"),
        ([0, -1], "undecided"),
        ([0, 0], "undecided"),
    ],
)
def test_eigenvalues_decide_the_kind(eigenvalues: list[complex], kind: str) -> None:
    assert kind_of(np.array(eigenvalues, dtype=complex)) == kind


def test_the_search_is_the_same_every_time() -> None:
    field, support = simulated(Bistable().system()), Support(disc(1.2))
    places = [[p.position for p in find_fixed_points(field, support)] for _ in range(2)]
    np.testing.assert_array_equal(*places)


def test_replicates_are_compared_whatever_their_latents_are_called() -> None:
    cells, matrix = disc(1.5), np.array([[0.0, -2.0], [1.0, 0.5]])
    support = Support(cells)
    points = find_fixed_points(simulated(Hopf(attraction=0.15).system()), support)
    other = find_fixed_points(simulated(Hopf(attraction=0.25).system()), support)
    elsewhere = find_fixed_points(simulated(Bistable().system()), Support(disc(0.3) + 1.0))
    table = fixed_point_table(
        points,
        support,
        ["a"] * len(cells),
        [Replicate(cells @ matrix, other), Replicate(cells + 1.0, elsewhere)],
    )
    row = table.iloc[0]
    assert row["replicates"] == pytest.approx(2 / 3)
    assert row["same_kind"] == pytest.approx(2 / 3)
    assert row["growth_sd"] == pytest.approx(np.std([0.15, 0.25], ddof=1))
    assert row["nearest"] == "a (100%)"
