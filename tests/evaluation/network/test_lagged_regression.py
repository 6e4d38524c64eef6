"""Trees along pseudotime: the direction of an edge shows in what comes later."""

import numpy as np
import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.network.lagged_regression import LagSettings, lagged_regression

GENES = ("driver", "follower", "silent", "other")


def lineages(cells=600, seed=0):
    """Return cells of two lineages on which a wandering gene drives another down, shuffled."""
    rng = np.random.default_rng(seed)
    drawn, times, step = [], [], 0.05
    for _ in range(2):
        driver, follower = np.zeros(cells), np.zeros(cells)
        for cell in range(1, cells):
            push = rng.normal(scale=np.sqrt(2 * step))
            driver[cell] = driver[cell - 1] * (1 - step) + push
            follower[cell] = follower[cell - 1] * (1 - step) - 2 * step * driver[cell]
        still, other = np.zeros(cells), rng.normal(size=cells)
        drawn.append(np.column_stack([driver, follower, still, other]))
        times.append(step * np.arange(cells))
    pseudotime = np.full((2 * cells, 2), np.nan)
    pseudotime[:cells, 0], pseudotime[cells:, 1] = times
    order = rng.permutation(2 * cells)
    return np.concatenate(drawn)[order], pseudotime[order]


def test_the_driver_is_found_with_its_direction_and_sign():
    values, time = lineages()
    found = lagged_regression(values, GENES, time).value
    assert found[0, 1] < -0.05
    assert abs(found[0, 1]) > 3 * abs(found[1, 0])
    assert abs(found[0, 1]) > 3 * abs(found[3]).max()
    assert not found.diagonal().any()
    assert not found[:, 2].any()
    assert not found[2].any()


def test_only_the_order_along_pseudotime_counts():
    values, time = lineages()
    first = lagged_regression(values, GENES, time)
    again = lagged_regression(values, GENES, np.exp(time / 4))
    np.testing.assert_array_equal(first.value, again.value)
    shuffled = np.random.default_rng(1).permutation(time[:, 0])
    assert abs(lagged_regression(values, GENES, shuffled).value[0, 1]) < abs(first.value[0, 1])


def test_sources_are_those_asked_for_and_the_seed_decides():
    values, time = lineages()
    found = lagged_regression(values, GENES, time, ["other", "driver", "missing"])
    assert found.sources == ("other", "driver")
    assert found.value.shape == (2, 4)
    again = lagged_regression(values, GENES, time, ["other", "driver"])
    np.testing.assert_array_equal(found.value, again.value)


def test_a_lineage_of_too_few_cells_is_refused():
    values, time = lineages(cells=10)
    with pytest.raises(ConfigError, match="long enough") as caught:
        lagged_regression(values, GENES, time)
    assert "25 cells" in caught.value.needed
    settings = LagSettings(window=1, lag=1, leaf=1)
    assert lagged_regression(values, GENES, time, settings=settings).value.any()
