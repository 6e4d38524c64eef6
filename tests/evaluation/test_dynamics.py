"""Shares, and the baselines every derivative is compared with."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.evaluation.dynamics import (
    Motion,
    centred_share,
    derivative_baselines,
    mean_cosine,
    share_explained,
    sparse_quadratic_ode,
    tangent_share,
)

rng = np.random.default_rng(0)


def test_share_of_no_change_is_zero_and_of_the_truth_one():
    target = rng.normal(size=(50, 4)) + 3
    assert share_explained(target, np.zeros_like(target)) == 0.0
    assert share_explained(target, target) == 1.0


def test_centred_share_gives_no_credit_for_the_mean():
    target = rng.normal(size=(500, 4)) + 3
    mean = np.broadcast_to(target.mean(axis=0), target.shape)
    assert share_explained(target, mean) > 0.8
    assert centred_share(target, mean) == pytest.approx(0.0, abs=1e-12)


@given(st.floats(0.01, 100))
def test_cosine_does_not_see_speed(speed):
    target = np.random.default_rng(1).normal(size=(20, 3))
    assert mean_cosine(target, speed * target) == pytest.approx(1.0)
    assert mean_cosine(target, -speed * target) == pytest.approx(-1.0)


def motion(n, types=True):
    scores = rng.normal(size=(n, 3))
    dscores = np.column_stack([-scores[:, 1], scores[:, 0], scores[:, 0] * scores[:, 1]])
    loadings = np.linalg.qr(np.random.default_rng(2).normal(size=(12, 3)))[0].T
    labels = (scores[:, 0] > 0).astype(int) if types else None
    return Motion(scores, dscores, dscores @ loadings, labels), loadings


def test_a_quadratic_system_is_found_exactly():
    train, _ = motion(400)
    test, _ = motion(100)
    ode = sparse_quadratic_ode(train.scores, train.dscores)
    assert share_explained(test.dscores, ode(test.scores)) > 0.999
    assert ode.active_terms == 3


def test_baselines_rank_as_they_must():
    (train, loadings), (test, _) = motion(600), motion(200)
    fits = derivative_baselines(train, test, loadings, {"all": 3, "one": 1})
    shares = {name: fit.share for name, fit in fits.items()}
    assert shares["no change"] == 0.0
    assert shares["all"] > 0.99
    assert shares["one"] < 0.1
    assert 0.1 < shares["cell-type mean"] < shares["10 nearest cells"] < shares["all"]


def test_the_mean_earns_no_centred_share():
    (train, loadings), (test, _) = motion(300), motion(200)
    drift = np.ones(12)
    train, test = (replace(part, dx=part.dx + drift) for part in (train, test))
    mean = derivative_baselines(train, test, loadings, {})["mean"]
    assert mean.share > 0.5
    assert mean.centred_share == pytest.approx(0.0, abs=0.05)


@given(st.floats(0, 1), st.integers(0, 2**16))
def test_tangent_share_is_what_lies_in_the_span(inside, seed):
    draw = np.random.default_rng(seed)
    directions = np.linalg.qr(draw.normal(size=(8, 8)))[0].T
    size = draw.normal(size=(30, 1))
    derivative = size * (np.sqrt(inside) * directions[0] + np.sqrt(1 - inside) * directions[5])
    assert tangent_share(derivative, directions[:3]) == pytest.approx(inside, abs=1e-9)


def test_no_derivative_has_no_tangent_share():
    assert tangent_share(np.zeros((4, 3)), np.eye(3)[:2]) == 0.0


def test_unknown_types_leave_their_baseline_out():
    (train, loadings), (test, _) = motion(100, types=False), motion(50, types=False)
    assert "cell-type mean" not in derivative_baselines(train, test, loadings, {})


def test_a_derivative_without_signal_has_no_equations():
    ode = sparse_quadratic_ode(rng.normal(size=(300, 2)), np.zeros((300, 2)))
    assert ode.active_terms == 0
    assert not ode(rng.normal(size=(5, 2))).any()
