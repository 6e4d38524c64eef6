"""Finding and removing coefficients: STLSQ, and the published threshold."""

import numpy as np
import pysindy
import pytest
import torch

from scdyn_core.methods.clera.coefficients import start_coefficients, threshold_coefficients
from scdyn_core.methods.clera.config import CleraConfig, LibraryConfig
from scdyn_core.methods.clera.elimination import eliminate, normal_equations
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
    """Return coefficients by the latent loss alone, 0 where a term was removed."""
    equations = normal_equations(theta, dz, dz, (1.0, 0.0), lambda samples: dz[samples])
    rules = {"ridge": 1e-6, "threshold": 0.1, "smallest_share": 0.0, "fewest": 0} | settings
    kept, solution = eliminate(equations, torch.arange(theta.shape[1] * dz.shape[1]), **rules)
    found = torch.zeros(theta.shape[1] * dz.shape[1], dtype=torch.float64)
    found[kept] = solution
    return found.view(theta.shape[1], dz.shape[1])


@pytest.mark.parametrize("rule", [{}, {"threshold": 0.0, "smallest_share": 0.005}])
def test_recovers_the_support_and_the_values(lorenz_like, rule):
    theta, dz, truth = lorenz_like
    found = solved(theta, dz, **rule)
    assert torch.equal(found != 0, truth != 0)
    torch.testing.assert_close(found, truth, atol=0.02, rtol=0)


def test_thresholding_agrees_with_pysindy(lorenz_like):
    theta, dz, _ = lorenz_like
    optimiser = pysindy.STLSQ(threshold=0.1, alpha=0.0, unbias=False)
    optimiser.fit(theta.numpy(), dz.numpy())
    np.testing.assert_allclose(solved(theta, dz, ridge=0.0).numpy().T, optimiser.coef_, atol=1e-5)


def test_without_removal_it_is_ridge_regression(lorenz_like):
    theta, dz, _ = lorenz_like
    penalty = 0.3 * (theta**2).sum(0)
    expected = torch.linalg.solve(theta.T @ theta + torch.diag(penalty), theta.T @ dz)
    torch.testing.assert_close(solved(theta, dz, ridge=0.3, threshold=0.0), expected)


def test_published_threshold_lets_a_term_come_back():
    state = {
        "coefficients": torch.tensor([[0.05, 0.2], [-0.3, 0.1]]),
        "mask": torch.tensor([[1.0, 0.0], [1.0, 1.0]]),
        "allowed": torch.ones(2, 2),
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
