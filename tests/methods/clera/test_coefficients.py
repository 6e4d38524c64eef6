"""Finding and removing coefficients: STLSQ, and the published threshold."""

import numpy as np
import pysindy
import pytest
import torch

from scdyn_core.methods.clera.coefficients import (
    LatentStatistics,
    solve_coefficients,
    start_coefficients,
    threshold_coefficients,
)
from scdyn_core.methods.clera.config import CleraConfig, LibraryConfig
from scdyn_core.methods.clera.library import Library


@pytest.fixture
def lorenz_like():
    """A sparse quadratic system with noise: library, derivative, true coefficients."""
    rng = np.random.default_rng(0)
    z = torch.as_tensor(rng.normal(size=(800, 3)))
    library = Library(3, LibraryConfig(order=2))
    truth = torch.zeros(library.size, 3, dtype=torch.float64)
    names = [term.text for term in library.terms]
    for equation, terms in enumerate(
        ({"z1": -1.0, "z2": 1.0}, {"z1": 0.8, "z1*z3": -0.5}, {"z3": -0.6, "z1*z2": 0.7})
    ):
        for term, coefficient in terms.items():
            truth[names.index(term), equation] = coefficient
    theta = library(z)
    return theta, theta @ truth + 0.05 * torch.as_tensor(rng.normal(size=(800, 3))), truth


def solved(theta, dz, **settings):
    state = {"coefficients": torch.zeros(theta.shape[1], 3), "mask": torch.ones(theta.shape[1], 3)}
    solve_coefficients(state, theta, dz, **({"ridge": 1e-6, "threshold": 0.1} | settings))
    return state


def test_recovers_the_support_and_the_values(lorenz_like):
    theta, dz, truth = lorenz_like
    state = solved(theta, dz)
    assert torch.equal(state["mask"] > 0, truth != 0)
    torch.testing.assert_close(state["coefficients"].double(), truth, atol=0.02, rtol=0)


def test_agrees_with_pysindy(lorenz_like):
    theta, dz, _ = lorenz_like
    optimiser = pysindy.STLSQ(threshold=0.1, alpha=0.0, unbias=False)
    optimiser.fit(theta.numpy(), dz.numpy())
    state = solved(theta, dz, ridge=0.0)
    np.testing.assert_allclose(state["coefficients"].numpy().T, optimiser.coef_, atol=1e-5)


def test_without_threshold_it_is_ridge_regression(lorenz_like):
    theta, dz, _ = lorenz_like
    state = solved(theta, dz, ridge=0.3, threshold=0.0)
    penalty = 0.3 * (theta**2).sum(0)
    expected = torch.linalg.solve(theta.T @ theta + torch.diag(penalty), theta.T @ dz)
    torch.testing.assert_close(state["coefficients"].double(), expected, atol=1e-5, rtol=0)
    assert state["mask"].all()


def test_an_equation_without_signal_is_empty():
    theta = torch.randn(500, 4, generator=torch.Generator().manual_seed(0))
    state = solved(theta, torch.zeros(500, 3))
    assert not state["mask"].any()


def test_published_threshold_lets_a_term_come_back():
    state = {
        "coefficients": torch.tensor([[0.05, 0.2], [-0.3, 0.1]]),
        "mask": torch.tensor([[1.0, 0.0], [1.0, 1.0]]),
    }
    threshold_coefficients(state, 0.1)
    assert state["mask"].tolist() == [[0.0, 1.0], [1.0, 0.0]]


@pytest.mark.parametrize("start", ["specified", "xavier", "constant", "normal"])
def test_starts_of_trained_coefficients(start):
    config = CleraConfig(latents=6, solver="gradient", coefficient_start=start)
    drawn = start_coefficients(config, 200, torch.Generator().manual_seed(0))
    expected_sd = {"specified": 1.0, "xavier": (2 / 206) ** 0.5, "constant": 0.0, "normal": 1.0}
    assert float(drawn.std()) == pytest.approx(expected_sd[start], rel=0.1)
    if start == "specified":
        assert set(drawn.flatten().tolist()) == {-1.0, 1.0}


def test_statistics_standardise():
    raw = torch.randn(300, 2) * 3 + 1
    z, tangent = LatentStatistics.of(raw, standardise=True).apply(raw, raw)
    torch.testing.assert_close(z.mean(0), torch.zeros(2), atol=1e-5, rtol=0)
    torch.testing.assert_close(z.std(0), torch.ones(2))
    torch.testing.assert_close(tangent, raw / raw.std(0))
