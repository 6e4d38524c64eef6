"""Baselines of a hidden time: what each can know, and that none looks at what is hidden."""

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

from scdyn_core.evaluation.clock import log_clock
from scdyn_core.evaluation.forecast import gaussian_process as process
from scdyn_core.evaluation.forecast.baselines import baselines_of
from scdyn_core.evaluation.forecast.intervals import coverage, rmse
from scdyn_core.evaluation.forecast.task import HiddenTime
from tests.evaluation.clustering.planted import TIMES, planted

NOISE = 0.1
LEARNING = ["Gaussian process", "ridge", "random forest"]


def a_task(hidden, genes=240, change=0.0):
    """Return the task and what is hidden; ``change`` is added to what must not be seen."""
    curves, _ = planted(genes, NOISE, seed=4)
    curves[160:, hidden] += change
    se = np.full_like(curves, NOISE)
    task = HiddenTime.of(TIMES, hidden, (curves[:160], se[:160]), (curves[160:], se[160:]))
    return task, curves[160:, hidden]


def test_the_simple_baseline_has_the_name_of_the_task():
    assert list(baselines_of(a_task(2)[0])) == ["linear", *LEARNING]
    assert list(baselines_of(a_task(-1)[0])) == ["last value", *LEARNING]


@pytest.mark.parametrize("hidden", [0, 3, 5])
@pytest.mark.parametrize("number", range(4))
def test_the_hidden_value_is_not_seen_and_the_seed_decides(hidden, number):
    (task, _), (other, _) = a_task(hidden), a_task(hidden, change=100.0)
    baseline = list(baselines_of(task).values())[number]
    one, same = baseline(task, 1), baseline(other, 1)
    np.testing.assert_array_equal(one.mean, same.mean)
    np.testing.assert_array_equal(one.sd, same.sd)
    assert one.mean.shape == one.sd.shape == (80,)


def test_linear_interpolates_over_real_time_and_holds_the_ends():
    curves = np.array([[0.0, 2.0, 99.0, 8.0, 5.0, 7.0]])
    expected = {0: 2.0, 2: 2.0 + 6.0 * (3 - 1) / (6 - 1), 5: 5.0}
    for hidden, value in expected.items():
        task = HiddenTime.of(TIMES, hidden, (curves, 0 * curves), (curves, 0 * curves))
        found = next(iter(baselines_of(task).values()))(task, 0)
        assert found.mean[0] == pytest.approx(value)
        assert np.isnan(found.sd).all()


@pytest.mark.parametrize("name", LEARNING)
@pytest.mark.parametrize(("hidden", "most"), [(2, 1.0), (4, 0.8)])
def test_learning_beats_interpolation_and_is_about_as_sure_as_it_is_right(name, hidden, most):
    task, observed = a_task(hidden)
    methods = baselines_of(task)
    found = methods[name](task, 0)
    assert rmse(observed, found.mean) < most * rmse(observed, methods["linear"](task, 0).mean)
    half = 1.645 * found.sd
    assert 0.8 < coverage(observed, found.mean - half, found.mean + half) <= 1.0


@pytest.mark.parametrize("name", LEARNING)
def test_a_gene_far_above_the_others_is_predicted_at_its_own_level(name):
    curves, _ = planted(120, NOISE, seed=5)
    se = np.full_like(curves, NOISE)
    high = np.full((1, 6), 1.2 * curves.max())
    task = HiddenTime.of(TIMES, 3, (curves, se), (high, se[:1]))
    assert baselines_of(task)[name](task, 0).mean[0] == pytest.approx(high[0, 0], abs=1.0)


def test_one_kernel_is_the_textbook_gaussian_process(monkeypatch):
    monkeypatch.setattr(process, "LENGTHS", (0.5,))
    monkeypatch.setattr(process, "AMPLITUDES", (0.3,))
    task, _ = a_task(3)
    found = process.gaussian_process(task, 0)
    clock = log_clock(TIMES)[:, None]
    largest = np.abs(task.train - task.train.mean(axis=1, keepdims=True)).max()
    kernel = ConstantKernel(100 * task.train.var()) + ConstantKernel((0.3 * largest) ** 2) * RBF(
        0.5 * np.ptp(clock)
    )
    for gene in range(3):
        height = task.others[gene].mean()
        textbook = GaussianProcessRegressor(kernel, alpha=task.others_se[gene] ** 2, optimizer=None)
        textbook.fit(np.delete(clock, 3, axis=0), task.others[gene] - height)
        mean, sd = textbook.predict(clock[3:4], return_std=True)
        assert found.mean[gene] == pytest.approx(mean[0] + height, abs=1e-6)
        assert found.sd[gene] ** 2 == pytest.approx(sd[0] ** 2 + NOISE**2, abs=1e-5)


def test_constant_genes_are_no_error():
    curves = np.ones((30, 6))
    task = HiddenTime.of(TIMES, 3, (curves, 0.1 * curves), (curves, 0.1 * curves))
    for baseline in baselines_of(task).values():
        np.testing.assert_allclose(baseline(task, 0).mean, 1.0, atol=1e-6)
