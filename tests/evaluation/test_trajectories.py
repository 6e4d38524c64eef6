"""Time errors: true motion carries one time to the next, wrong motion does not."""

import numpy as np
import pytest

from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.evaluation.energy_distance import differ, energy_distance
from scdyn_core.evaluation.trajectories import (
    Snapshots,
    end_error,
    linear_ode,
    overall_error,
    shuffled_ode,
    time_bins,
    time_errors,
    time_unit,
)
from tests.evaluation.field.systems import simulated

SYSTEM = Hopf(frequency=0.35, attraction=0.3).system()
TRUTH = simulated(SYSTEM)


def snapshots(seed: int, count: int = 5, n: int = 150) -> Snapshots:
    """Cells spreading round the cycle, seen every two hours."""
    rng = np.random.default_rng(seed)
    start = np.column_stack([rng.normal(1.5, 0.1, count * n), rng.normal(0, 0.15, count * n)])
    hours = np.repeat(2.0 * np.arange(count), n) + 1e-9
    ends = SYSTEM.paths(start, hours, 200)[-1]
    return Snapshots(tuple(ends.reshape(count, n, 2)))


TIMES = [0.0, 2.0, 4.0, 6.0, 8.0]


def errors(field) -> float:
    return time_errors(field, snapshots(0), snapshots(1), TIMES, unit=2.0)


def test_the_true_motion_leaves_almost_no_error_and_finds_the_time() -> None:
    steps = errors(TRUTH)
    assert len(steps) == 4
    assert overall_error(steps) < 0.02
    np.testing.assert_allclose(steps["duration"], 2.0, atol=0.25)


def test_the_unit_of_time_does_not_matter() -> None:
    slow = time_errors(lambda z: TRUTH(z) / 10, snapshots(0), snapshots(1), TIMES, unit=20.0)
    assert overall_error(slow) < 0.02


def test_motion_the_wrong_way_is_no_better_than_none() -> None:
    assert overall_error(errors(lambda z: -TRUTH(z))) == pytest.approx(1.0, abs=0.15)


def test_a_null_of_shuffled_derivatives_is_worse_than_the_truth() -> None:
    z = np.concatenate(snapshots(0).clouds)
    null = overall_error(errors(shuffled_ode(z, TRUTH(z), seed=0)))
    assert null > 0.3
    assert overall_error(errors(linear_ode(z, TRUTH(z)))) < null


def test_the_linear_ode_is_exact_for_linear_motion() -> None:
    z = np.random.default_rng(0).normal(size=(100, 2))
    matrix = np.array([[0.1, -1.0], [1.0, 0.2]])
    np.testing.assert_allclose(linear_ode(z, z @ matrix + 0.5)(z), z @ matrix + 0.5, atol=1e-12)


def test_labelled_times_are_bins_and_orders_are_cut_into_eight() -> None:
    train, test = np.array([0.0, 6.0, 6.0, np.nan]), np.array([6.0, 3.0, np.nan])
    a, b, times = time_bins(train, test, ordered=False)
    assert (a.tolist(), b.tolist(), times) == ([0, 1, 1, -1], [1, -1, -1], [0.0, 6.0])
    order = np.random.default_rng(0).random(800)
    a, b, times = time_bins(order, order[:100], ordered=True)
    assert np.bincount(a).tolist() == [100] * 8
    assert times == sorted(times)


def test_times_with_too_few_cells_are_left_out() -> None:
    few = Snapshots((*snapshots(1).clouds[:2], np.empty((0, 2)), *snapshots(1).clouds[3:]))
    steps = time_errors(TRUTH, snapshots(0), few, TIMES, unit=4.0)
    assert steps["time"].tolist() == [0.0, 2.0, 6.0]
    assert steps["next_time"].tolist() == [2.0, 6.0, 8.0]


def test_large_bins_are_thinned_the_same_way_every_time() -> None:
    z, bins = np.random.default_rng(0).normal(size=(3000, 2)), np.zeros(3000, dtype=np.int64)
    one, other = (Snapshots.of(z, bins, 1, seed=3).clouds[0] for _ in range(2))
    assert len(one) == 400
    np.testing.assert_array_equal(one, other)


def test_energy_distance_is_zero_for_one_distribution_on_average() -> None:
    rng = np.random.default_rng(0)
    same = [energy_distance(rng.normal(size=(60, 2)), rng.normal(size=(60, 2))) for _ in range(200)]
    assert abs(np.mean(same)) < 0.01
    assert energy_distance(rng.normal(size=(60, 2)), rng.normal(2, 1, (60, 2))) > 1.0


def test_clouds_of_one_distribution_rarely_differ() -> None:
    rng = np.random.default_rng(0)
    found = [
        differ(rng.normal(size=(40, 2)), rng.normal(size=(50, 2)), seed=number)
        for number in range(100)
    ]
    assert np.mean(found) < 0.12
    assert differ(rng.normal(size=(40, 2)), rng.normal(1, 1, (50, 2)), seed=0)


def test_where_nothing_changes_there_is_no_error_to_speak_of() -> None:
    cloud = snapshots(0).clouds[2]
    same = Snapshots((cloud[:70], cloud[70:]))
    steps = time_errors(TRUTH, same, same, [0.0, 1.0], unit=2.0)
    assert steps["counts"].tolist() == [False]
    assert np.isnan(overall_error(steps))


def test_a_typical_cell_crosses_the_data_in_one_unit_of_time() -> None:
    z = np.random.default_rng(0).normal(size=(5000, 2))
    assert time_unit(z, np.full_like(z, 1.0)) == pytest.approx(1.0, abs=0.05)
    assert time_unit(z, np.zeros_like(z)) == 1.0


def test_the_end_error_of_the_truth_in_other_coordinates_and_time_is_nothing() -> None:
    rng = np.random.default_rng(0)
    true = rng.normal(size=(400, 2))
    matrix, offset, speed = np.array([[2.0, 1.0], [-0.5, 1.0]]), np.array([3.0, -1.0]), 5.0

    def learned(z):
        return speed * TRUTH((z - offset) @ np.linalg.inv(matrix)) @ matrix

    fitted_on = {"z": true @ matrix + offset, "true": true}
    start = {name: values[:50] for name, values in fitted_on.items()}
    error = end_error(learned, TRUTH, fitted_on, start, horizon=10.0)
    assert error.end < 1e-3
    backwards = end_error(lambda z: -learned(z), TRUTH, fitted_on, start, horizon=10.0)
    assert backwards.end > 0.5
