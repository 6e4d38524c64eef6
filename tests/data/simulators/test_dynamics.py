"""The latent equations, the path along them, and the molecules that follow it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from scdyn_core.data.simulators.bistable import Bistable
from scdyn_core.data.simulators.genes import Genes, count
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.data.simulators.polynomial import PolynomialSystem, Term

coordinates = st.floats(-2, 2)


def test_a_term_is_named_like_a_library_term():
    assert Term(1, (0, 0), 1.0).name == "1"
    assert Term(1, (1, 1), 1.0).name == "z1*z2"
    assert Term(1, (2, 1), 1.0).name == "z1^2*z2"


@given(coordinates, coordinates)
def test_the_hopf_terms_are_the_normal_form(x, y):
    hopf = Hopf(attraction=0.2, frequency=0.7)
    dx, dy = hopf.system().velocity(np.array([[x, y]]))[0]
    radius = x**2 + y**2
    assert dx == pytest.approx(0.2 * x - 0.7 * y - 0.2 * x * radius, abs=1e-12)
    assert dy == pytest.approx(0.7 * x + 0.2 * y - 0.2 * y * radius, abs=1e-12)


@given(coordinates, coordinates)
def test_the_bistable_terms_are_competition(x, y):
    dx, dy = Bistable(growth=0.5, competition=2.0).system().velocity(np.array([[x, y]]))[0]
    assert dx == pytest.approx(0.5 * x * (1 - x - 2 * y), abs=1e-12)
    assert dy == pytest.approx(0.5 * y * (1 - y - 2 * x), abs=1e-12)


def test_every_cell_follows_the_equations_for_its_own_time():
    decay = PolynomialSystem((Term(1, (1,), -0.5),))
    start, hours = np.array([[1.0], [2.0]]), np.array([1.0, 4.0])
    path = decay.paths(start, hours, 100)
    np.testing.assert_allclose(path[-1, :, 0], start[:, 0] * np.exp(-0.5 * hours), rtol=1e-8)


def test_molecules_agree_with_an_adaptive_solver():
    rng = np.random.default_rng(0)
    system = Hopf().system()
    genes = Genes.draw(
        3, 2, rng, gain=1.5, splicing=1.5, degradation=0.4, rate_sd=0.2, abundance_sd=0.6
    )
    start, hours = np.array([[0.4, -1.2]]), np.array([17.0])

    def kinetics(_, state):
        z, u, s = state[None, :2], state[2:5], state[5:]
        du = genes.transcription(z)[0] - genes.splicing * u
        ds = genes.splicing * u - genes.degradation * s
        return np.concatenate([system.velocity(z)[0], du, ds])

    alpha = genes.transcription(start)[0]
    begin = np.concatenate([start[0], alpha / genes.splicing, alpha / genes.degradation])
    exact = solve_ivp(kinetics, (0, hours[0]), begin, rtol=1e-9, atol=1e-9).y[:, -1]
    path = system.paths(start, hours, 200)
    u, s = genes.molecules(path, hours)
    np.testing.assert_allclose(path[-1, 0], exact[:2], rtol=1e-5)
    np.testing.assert_allclose(u[0], exact[2:5], rtol=2e-3)
    np.testing.assert_allclose(s[0], exact[5:], rtol=2e-3)


def test_counts_have_the_asked_depth_and_the_variance_of_capture_and_counting():
    rng = np.random.default_rng(1)
    molecules = np.full((4000, 10), 3.0)
    unspliced, spliced = count((molecules / 3, molecules), 500.0, 0.3, rng)
    totals = spliced.sum(axis=1)
    assert totals.mean() == pytest.approx(500, rel=0.02)
    assert unspliced.sum() / spliced.sum() == pytest.approx(1 / 3, rel=0.02)
    assert totals.std() == pytest.approx(500 * np.sqrt(np.expm1(0.09) + 1 / 500), rel=0.1)
