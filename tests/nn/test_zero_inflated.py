"""The zero-inflated likelihood is the mixture it says, in value and in slope."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from scdyn_core.nn import negative_binomial, zero_inflated
from scdyn_core.nn.negative_binomial import log_factorials


@given(
    st.integers(0, 300),
    st.floats(-4, 5, allow_nan=False),
    st.floats(-2, 5, allow_nan=False),
    st.floats(-12, 12, allow_nan=False),
)
def test_equals_the_mixture_by_scipy(count, log_mean, log_dispersion, dropout):
    x, m, t, odds = (torch.tensor(value, dtype=torch.float64) for value in
                     (float(count), log_mean, log_dispersion, dropout))  # fmt: skip
    found = float(zero_inflated.log_likelihood(x, m, t, odds) - log_factorials(x))
    dispersion, mean = np.exp(log_dispersion), np.exp(log_mean)
    own = nbinom.logpmf(count, dispersion, dispersion / (dispersion + mean)) - np.logaddexp(
        0.0, dropout
    )
    inflated = -np.logaddexp(0.0, -dropout)
    expected = np.logaddexp(inflated, own) if count == 0 else own
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_is_a_distribution_with_more_zeros_and_a_smaller_mean():
    mean, share = 3.7, 0.3
    x = torch.arange(0.0, 400.0, dtype=torch.float64)
    known = [torch.tensor(v, dtype=x.dtype).log() for v in (mean, 1.9)]
    odds = torch.tensor(share, dtype=x.dtype).logit()
    p = (zero_inflated.log_likelihood(x, *known, odds) - log_factorials(x)).exp()
    plain = (negative_binomial.log_likelihood(x, *known) - log_factorials(x)).exp()
    assert float(p.sum()) == pytest.approx(1.0)
    assert float((p * x).sum()) == pytest.approx((1 - share) * mean)
    assert float(p[0]) == pytest.approx(share + (1 - share) * float(plain[0]))


def test_becomes_the_negative_binomial_where_nothing_is_inflated():
    x = torch.arange(0.0, 30.0)
    m, t, never = torch.tensor(1.2), torch.tensor(0.4), torch.tensor(-40.0)
    torch.testing.assert_close(
        zero_inflated.log_likelihood(x, m, t, never), negative_binomial.log_likelihood(x, m, t)
    )


def test_slopes_are_right():
    generator = torch.Generator().manual_seed(0)
    x = torch.randint(0, 4, (4, 3), generator=generator).double()
    m, t, odds = (
        torch.randn(4, 3, generator=generator, dtype=torch.float64, requires_grad=True)
        for _ in range(3)
    )
    assert (x == 0).any()
    assert torch.autograd.gradcheck(
        lambda m, t, odds: zero_inflated.log_likelihood(x, m, t, odds), (m, t, odds)
    )


@pytest.mark.parametrize("mean", [-80.0, 0.0, 30.0])
@pytest.mark.parametrize("dispersion", [-15.0, 0.0, 15.0])
@pytest.mark.parametrize("odds", [-60.0, 60.0])
def test_slopes_stay_finite_far_out(mean, dispersion, odds):
    x = torch.tensor([0.0, 1.0, 5000.0])
    known = [torch.full((3,), v, requires_grad=True) for v in (mean, dispersion, odds)]
    found = zero_inflated.log_likelihood(x, *known)
    assert bool(found.isfinite().all())
    assert all(bool(g.isfinite().all()) for g in torch.autograd.grad(found.sum(), known))
