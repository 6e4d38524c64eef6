"""The likelihood is the one of scipy and of torch, in value and in slope."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from scdyn_core.nn.negative_binomial import log_factorials, log_likelihood


@given(
    st.integers(0, 5000),
    st.floats(-6, 8, allow_nan=False),
    st.floats(-5, 9, allow_nan=False),
)
def test_equals_scipy(count, log_mean, log_dispersion):
    x, m, t = (torch.tensor(value, dtype=torch.float64) for value in
               (float(count), log_mean, log_dispersion))  # fmt: skip
    found = float(log_likelihood(x, m, t) - log_factorials(x))
    dispersion, mean = np.exp(log_dispersion), np.exp(log_mean)
    # scipy wants 1 - p where p is close to 0, and loses it: torch has the log odds themselves.
    expected = float(
        torch.distributions.NegativeBinomial(
            torch.tensor(dispersion, dtype=torch.float64),
            logits=torch.tensor(log_mean - log_dispersion, dtype=torch.float64),
        ).log_prob(x)
    )
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-8)
    if mean < 1e3 * dispersion:
        scipy = nbinom.logpmf(count, dispersion, dispersion / (dispersion + mean))
        assert found == pytest.approx(scipy, rel=1e-6, abs=1e-6)


def test_is_a_distribution_with_the_mean_and_variance_it_says():
    mean, dispersion = 3.7, 1.9
    x = torch.arange(0.0, 400.0, dtype=torch.float64)
    like = log_likelihood(
        x, torch.tensor(mean, dtype=x.dtype).log(), torch.tensor([dispersion], dtype=x.dtype).log()
    )
    p = (like - log_factorials(x)).exp()
    assert float(p.sum()) == pytest.approx(1.0)
    assert float((p * x).sum()) == pytest.approx(mean)
    variance = mean + mean**2 / dispersion
    assert float((p * (x - mean) ** 2).sum()) == pytest.approx(variance)


def test_becomes_poisson_where_nothing_is_dispersed():
    x = torch.arange(0.0, 30.0, dtype=torch.float64)
    rate = torch.tensor(6.0, dtype=torch.float64)
    found = log_likelihood(x, rate.log(), torch.tensor(18.0, dtype=torch.float64))
    expected = torch.distributions.Poisson(rate).log_prob(x)
    torch.testing.assert_close(found - log_factorials(x), expected, atol=1e-4, rtol=1e-4)


def test_single_precision_is_enough():
    rng = np.random.default_rng(0)
    x = torch.as_tensor(rng.poisson(rng.lognormal(2, 1.5, 500)), dtype=torch.float64)
    m = torch.as_tensor(rng.normal(2, 1.5, 500))
    t = torch.full((500,), 6.0, dtype=torch.float64)
    single = log_likelihood(x.float(), m.float(), t.float()).double()
    assert float((single - log_likelihood(x, m, t)).abs().max()) < 3e-3


def test_slopes_are_right():
    generator = torch.Generator().manual_seed(0)
    x = torch.randint(0, 9, (4, 3), generator=generator).double()
    m = torch.randn(4, 3, generator=generator, dtype=torch.float64, requires_grad=True)
    t = torch.randn(3, generator=generator, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda m, t: log_likelihood(x, m, t), (m, t))
