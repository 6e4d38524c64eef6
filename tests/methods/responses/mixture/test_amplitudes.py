"""Amplitudes of a class have one peak, and the likeliest such distribution is found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import log_softmax

from scdyn_core.methods.responses.mixture.amplitudes import class_weights

A = np.geomspace(0.15, 4.0, 11)
X = np.log(A)


def counted(seed, classes=4):
    rng = np.random.default_rng(seed)
    return rng.random((classes, len(A))) ** 6 * 50 + 1 / len(A)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_it_is_the_likeliest_of_its_kind(seed):
    members = counted(seed, classes=1)
    own = (members * class_weights(members, A)).sum()

    def loss(eta):
        logs = log_softmax(eta[0] * X - np.exp(eta[1]) * A)
        return -(members[0] * logs).sum()

    best = min(minimize(loss, [0.0, start], method="Nelder-Mead").fun for start in (-6.0, 0.0))
    assert own >= -best - 1e-4 * abs(best)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_there_is_one_peak_and_classes_keep_their_shares(seed):
    members = counted(seed)
    found = class_weights(members, A)
    turns = np.diff(np.sign(np.diff(found, axis=1).round(12)), axis=1)
    assert (turns <= 0).all()
    assert np.exp(found).sum() == pytest.approx(1.0)
    share = members.sum(axis=1) / members.sum()
    assert np.exp(found).sum(axis=1) == pytest.approx(share)


def test_moments_of_a_class_with_one_peak_are_kept():
    members = np.exp(3.0 * X - 2.0 * A)[None] * 400 + 1 / len(A)
    found = np.exp(class_weights(members, A))[0]
    for values in (X, A):
        expected = (members[0] * values).sum() / members.sum()
        assert (found * values).sum() == pytest.approx(expected, abs=1e-6)


def test_a_class_of_a_single_amplitude_stays_there():
    members = np.full((1, len(A)), 1 / len(A))
    members[0, 4] += 100
    assert np.exp(class_weights(members, A))[0, 3:6].sum() > 0.95
