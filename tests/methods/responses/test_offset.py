"""What all genes share between times is found beneath responses."""

import numpy as np
import pytest

from scdyn_core.methods.responses.offset import common_change
from scdyn_core.methods.responses.pseudobulk import Curves

SHARED = np.array([0.0, 0.5, -0.3, 0.2])


def curves(seed=0, genes=600, responding=0.4, error=0.1):
    rng = np.random.default_rng(seed)
    shape = np.where(rng.random((genes, 1)) < responding, rng.uniform(1, 4, (genes, 1)), 0.0)
    mean = rng.normal(0, 3, (genes, 1)) + shape * np.array([0, 0.3, 0.8, 1]) + SHARED
    se = error * rng.uniform(0.5, 2.0, mean.shape)
    cells = np.full(4, 100)
    return Curves(np.arange(4.0), cells, mean + se * rng.normal(size=mean.shape), se)


@pytest.mark.parametrize("responding", [0.0, 0.2, 0.4])
def test_genes_that_respond_do_not_pull_it(responding):
    assert common_change(curves(responding=responding)) == pytest.approx(SHARED, abs=0.1)


def test_it_is_counted_from_the_first_time():
    found = curves()
    assert common_change(found)[0] == 0.0


def test_times_that_were_not_measured_have_none():
    found = curves()
    se = found.se.copy()
    se[:, 2] = np.inf
    offset = common_change(Curves(found.times, found.cells, found.mean, se))
    assert offset[2] == 0.0
    assert offset[[1, 3]] == pytest.approx(SHARED[[1, 3]], abs=0.1)


def test_genes_that_all_change_alike_have_exactly_that_change():
    mean = np.arange(5.0)[:, None] + SHARED
    found = Curves(np.arange(4.0), np.full(4, 9), mean, np.full(mean.shape, 0.1))
    assert common_change(found) == pytest.approx(SHARED)
