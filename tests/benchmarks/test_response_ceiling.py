"""The classifier that knows everything: its likelihood, its grid, and that it needs no more."""

import numpy as np
import pytest

from benchmarks.response_ceiling import ceiling, class_posterior, curve_grid, log_likelihoods
from scdyn_core.data.simulators.response_shapes import mean_curves
from scdyn_core.data.simulators.responses import Responses

HOURS = np.array([0, 1, 3, 6, 12, 24.0])


def test_the_likelihood_is_gaussian_at_the_best_level():
    rng = np.random.default_rng(0)
    observed, curves = rng.normal(size=(5, 6)), rng.normal(size=(4, 6))
    precision = rng.uniform(0.5, 2, (5, 6))
    found = log_likelihoods(observed, precision, curves)
    for gene in range(5):
        for curve in range(4):
            rest = observed[gene] - curves[curve]
            rest = rest - np.average(rest, weights=precision[gene])
            expected = -0.5 * (precision[gene] * rest**2).sum()
            assert found[gene, curve] == pytest.approx(expected)


@pytest.mark.parametrize("stretch_sd", [0.0, 0.3])
def test_the_grid_spans_the_fold_changes_and_its_prior_is_one(stretch_sd):
    curves, log_prior = curve_grid(Responses(stretch_sd=stretch_sd))
    assert np.exp(log_prior).sum() == pytest.approx(1)
    sustained = np.exp(curves[:, 3, -1])
    assert sustained.min() == pytest.approx(1.5, rel=0.01)
    assert sustained.max() == pytest.approx(6, rel=0.01)
    assert (curves[:, 0] == 0).all()


def test_exact_means_give_the_true_class_whatever_the_offset():
    simulator = Responses(n_cells=60, n_genes=120, fold_least=2.0)
    genes = simulator.sample(0).var
    moved = np.log(mean_curves(genes, HOURS)) + np.array([0, 1, -1, 0.5, 0, 2])
    posterior = class_posterior(moved, np.full(moved.shape, 0.02), genes, simulator)
    np.testing.assert_allclose(posterior.sum(axis=1), 1)
    classes = genes["response_class_true"].cat.codes
    np.testing.assert_array_equal(posterior.argmax(axis=1), classes)


def test_deep_samples_are_solved_and_shallow_ones_are_not():
    deep = Responses(n_cells=1200, n_genes=120, baseline=5.0, fold_least=2.0)
    shallow = Responses(n_cells=300, n_genes=120, baseline=0.05)
    assert ceiling(deep.sample(0), deep) > 0.95
    assert ceiling(shallow.sample(0), shallow) < 0.5
