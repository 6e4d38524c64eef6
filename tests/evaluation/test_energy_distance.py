"""The energy test: its distance, and p values that are right under the null and in the tail."""

import numpy as np
import pytest
from scipy.stats import kstest

from scdyn_core.evaluation.energy_distance import differ, energy_distance, energy_test


def clouds(seed: int, shift: float = 0.0):
    rng = np.random.default_rng(seed)
    return rng.normal(shift, 1, (30, 4)), rng.normal(size=(50, 4)), rng


def test_the_distance_is_the_energy_distance() -> None:
    for seed in range(5):
        a, b, rng = clouds(seed, shift=0.3)
        assert energy_test(a, b, rng, 20)[0] == pytest.approx(energy_distance(a, b))


def test_p_values_of_one_distribution_are_uniform() -> None:
    p = [energy_test(*clouds(seed), permutations=200)[1] for seed in range(200)]
    assert kstest(p, "uniform").pvalue > 0.01


def test_the_tail_continues_what_many_permutations_say() -> None:
    few, many = [], []
    for seed in range(12):
        a, b, rng = clouds(seed, shift=0.5)
        few.append(energy_test(a, b, rng)[1])
        many.append(energy_test(a, b, rng, 20_000)[1])
    checked = np.array(many) > 11 / 20_000
    assert checked.sum() >= 4
    assert (np.array(many)[checked] < 11 / 1000).sum() >= 3
    difference = np.log10(np.array(few)[checked] / np.array(many)[checked])
    assert np.abs(difference).max() < 0.7


def test_far_clouds_pass_any_correction_for_many_tests() -> None:
    a, b, rng = clouds(0, shift=2.0)
    assert energy_test(a, b, rng, 200)[1] < 1e-8


def test_clouds_without_any_spread_do_not_differ() -> None:
    same = np.ones((5, 2))
    assert energy_test(same, same, np.random.default_rng(0), 50) == (0.0, 1.0)
    assert not differ(same, same, seed=0)
