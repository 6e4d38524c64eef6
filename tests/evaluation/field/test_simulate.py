"""Paths: right where theory knows them, and ended where the cells end."""

import numpy as np
import pytest

from scdyn_core.data.simulators.bistable import Bistable
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.evaluation.field.simulate import follow, simulate
from scdyn_core.evaluation.field.support import Support, place_on_map
from tests.evaluation.field.systems import disc, field_of, simulated

WIDE = (np.full(2, -10.0), np.full(2, 10.0))


def test_paths_agree_with_the_simulator() -> None:
    system = Bistable().system()
    start = np.random.default_rng(0).uniform(0.02, 0.2, (40, 2))
    times = np.linspace(0, 14, 30)
    truth = system.paths(start, np.full(40, 14.0), 2000)[-1]
    found = follow(simulated(system), start, times, WIDE)
    np.testing.assert_allclose(found[-1], truth, atol=1e-4)
    np.testing.assert_array_equal(found[0], start)


def test_many_paths_are_the_same_as_each_alone() -> None:
    field, times = simulated(Hopf().system()), np.linspace(0, 20, 50)
    start = disc(1.2, 20)
    together = follow(field, start, times, WIDE)
    alone = np.concatenate([follow(field, one[None], times, WIDE) for one in start], axis=1)
    np.testing.assert_allclose(together, alone, atol=1e-3)


def test_one_cell_that_runs_away_stops_no_other() -> None:
    # dz1 = z1^2 reaches infinity at t = 1 / z1.
    field = field_of({(1, "z1^2"): 1.0, (2, "z2"): -1.0}, 2)
    start = np.array([[5.0, 1.0], [-0.1, 1.0]])
    found = follow(field, start, np.linspace(0, 3, 40), (np.full(2, -1.0), np.full(2, 1.0)))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[-1, 1], [-0.1 / 1.3, np.exp(-3)], rtol=1e-3)


@pytest.mark.parametrize("term", ["z1*z1*z1", "exp(z1)", "1"])
def test_exploding_equations_come_to_an_end(term: str) -> None:
    field = field_of({(1, term): 1e12}, 1)
    box = (np.array([-1e300]), np.array([1e300]))
    found = follow(field, np.array([[1.0]]), np.linspace(0, 1e6, 50), box)
    assert found.shape == (50, 1, 1)
    assert found[0, 0, 0] == 1.0


def test_a_path_ends_where_the_cells_end() -> None:
    field = field_of({(1, "1"): 1.0}, 2)
    paths = simulate(field, np.zeros((1, 2)), np.linspace(0, 3, 301), Support(disc(1.0)))
    assert paths.left[0]
    assert paths.leaving_times[0] == pytest.approx(1.0, abs=0.2)
    assert np.isnan(paths.states[-1]).all()
    np.testing.assert_allclose(paths.ends[0], [paths.leaving_times[0], 0.0], atol=1e-9)


def test_a_path_that_stays_is_whole() -> None:
    paths = simulate(
        simulated(Hopf().system()), np.array([[0.5, 0.0]]), np.linspace(0, 40, 50),
        Support(disc(1.3)),
    )  # fmt: skip
    assert not paths.left[0]
    assert np.linalg.norm(paths.ends[0]) == pytest.approx(1.0, abs=0.01)


def test_a_start_beyond_the_cells_may_come_to_them() -> None:
    inwards = field_of({(1, "z1"): -1.0, (2, "z2"): -1.0}, 2)
    outwards = field_of({(1, "z1"): 1.0, (2, "z2"): 1.0}, 2)
    start, times, support = np.array([[2.0, 0.0]]), np.linspace(0, 2, 80), Support(disc(1.0))
    assert not simulate(inwards, start, times, support).left[0]
    gone = simulate(outwards, start, times, support)
    assert gone.left[0]
    np.testing.assert_array_equal(gone.ends, start)


def test_most_cells_are_among_themselves() -> None:
    support = Support(disc(1.0))
    assert support.among(support.cells).mean() >= 0.99
    assert not support.among(np.array([[3.0, 0.0]]))[0]


def test_states_lie_on_the_map_where_their_cells_do() -> None:
    cells = disc(1.0)
    path = np.vstack([cells[:5], [[np.nan, np.nan]]])
    places = place_on_map(path, Support(cells), cells @ np.array([[0.0, 2.0], [1.0, 0.0]]))
    np.testing.assert_allclose(places[:5], path[:5] @ [[0.0, 2.0], [1.0, 0.0]], atol=0.05)
    assert np.isnan(places[5]).all()
