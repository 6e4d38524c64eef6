"""Expectation maximisation: what goes up, and what it finds.

What never goes down is the likelihood with the pulls that keep small classes sane: those of
templates to zero, and of a gene's worth of weight spread over the amplitudes of every class.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.methods.responses.mixture.fitting import (
    BENDING_RIDGE,
    PRIOR_GENES,
    RIDGE,
    maximise,
)
from scdyn_core.methods.responses.mixture.model import Measured
from scdyn_core.methods.responses.mixture.posterior import posterior
from tests.methods.responses.mixture.generated import drawn, mixture


def objective(source, y, se):
    found = posterior(source, Measured.of(y, se, float(source.n)))
    ridge = np.array([RIDGE, *[BENDING_RIDGE] * (source.f.shape[1] - 1)])
    pull = 0.5 * (ridge[:, None] * source.f**2).sum()
    return found.log_likelihood.sum() - pull + PRIOR_GENES / len(source.a) * source.w.sum()


def disturbed(source, seed, size=0.3):
    rng = np.random.default_rng(seed)
    f = source.f + size * rng.normal(size=source.f.shape)
    f[0] = 0.0
    w = source.w + rng.normal(size=source.w.shape)
    offset = source.o + size * rng.normal(size=source.o.shape)
    n = np.array(np.exp(rng.normal(np.log(0.1), 0.7)))
    return replace(
        source, f=f - f.mean(axis=2, keepdims=True), o=offset - offset[0], n=n,
        w=w - np.log(np.exp(w).sum()),
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), shared=st.booleans(), noisy=st.booleans())
def test_no_step_lowers_the_likelihood_with_its_pulls(seed, shared, noisy):
    found = drawn(mixture(), 60, seed)
    source = disturbed(mixture(), seed)
    before = objective(source, found.y, found.se)
    for _ in range(8):
        source, _ = maximise(source, found.y, found.se, 1, noisy=noisy, shared=shared)
        after = objective(source, found.y, found.se)
        assert after >= before - 1e-8 * abs(before)
        before = after


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_step_lowers_it_where_times_are_missing(seed):
    found = drawn(mixture(), 60, seed)
    gone = np.random.default_rng(seed).random(found.se.shape) < 0.2
    gone[:, :2] = False
    se = np.where(gone, np.inf, found.se)
    source = disturbed(mixture(), seed)
    before = objective(source, found.y, se)
    for _ in range(8):
        source, _ = maximise(source, found.y, se, 1, noisy=True, shared=True)
        after = objective(source, found.y, se)
        assert after >= before - 1e-8 * abs(before)
        before = after


def test_it_finds_what_the_curves_were_drawn_from():
    truth = mixture()
    found = drawn(truth, 3000, seed=7)
    fitted, likelihood = maximise(
        disturbed(truth, 3, size=0.05), found.y, found.se, 200, noisy=True, shared=True
    )
    own = posterior(truth, Measured.of(found.y, found.se, float(truth.n))).log_likelihood.sum()
    assert likelihood > own - 5
    assert fitted.o == pytest.approx(truth.o, abs=0.04)
    assert float(fitted.n) == pytest.approx(float(truth.n), abs=0.02)
    assert fitted.f[:, 0] == pytest.approx(truth.f[:, 0], abs=0.12)


def test_parameters_that_are_not_to_be_learned_stay():
    found = drawn(mixture(), 100, seed=8)
    start = disturbed(mixture(), 2)
    fitted, _ = maximise(start, found.y, found.se, 5, noisy=False, shared=False)
    assert np.array_equal(fitted.o, start.o)
    assert np.array_equal(fitted.n, start.n)
    assert not np.array_equal(fitted.f, start.f)


def test_the_flat_class_stays_flat_and_templates_have_no_level():
    found = drawn(mixture(), 100, seed=9)
    fitted, _ = maximise(disturbed(mixture(), 3), found.y, found.se, 10, noisy=True, shared=True)
    assert (fitted.f[0] == 0).all()
    assert fitted.f.mean(axis=2) == pytest.approx(0, abs=1e-12)
    assert np.exp(fitted.w).sum() == pytest.approx(1)


def test_the_reported_likelihood_is_that_of_the_returned_mixture():
    found = drawn(mixture(), 100, seed=10)
    for steps in (1, 7, 400):
        fitted, likelihood = maximise(mixture(), found.y, found.se, steps, noisy=True, shared=True)
        seen = posterior(fitted, Measured.of(found.y, found.se, float(fitted.n)))
        assert likelihood == pytest.approx(seen.log_likelihood.sum(), rel=1e-12)


def test_genes_without_scatter_of_their_own_get_the_least_there_is():
    found = drawn(mixture(bend=0.0, scatter=0.0), 400, seed=11)
    fitted, _ = maximise(mixture(), found.y, found.se, 150, noisy=True, shared=True)
    assert 0.02 <= float(fitted.n) < 0.06
