"""Shapley values of plain functions: exact, in pieces of the background, and of many inputs."""

import numpy as np
import pytest

from scdyn_core.methods.clera.explain import shapley
from scdyn_core.methods.clera.explain.shapley import explainer_name, shapley_batches
from scdyn_core.reporter import SilentReporter

RNG = np.random.default_rng(0)


def explain(function, inputs, background):
    batches = shapley_batches(function, inputs, background, 0, SilentReporter())
    return np.concatenate([values for _, values in batches])


def bent(z):
    return np.column_stack([z[:, 0] * z[:, 1], np.sin(z).sum(axis=1), z[:, 2] ** 2])


def test_pieces_of_the_background_change_nothing(monkeypatch):
    inputs, background = RNG.normal(size=(20, 3)), RNG.normal(size=(17, 3))
    whole = explain(bent, inputs, background)
    monkeypatch.setattr(shapley, "MOST_OUTPUTS", 5 * 8 * 3)
    np.testing.assert_allclose(explain(bent, inputs, background), whole, atol=1e-12)


def test_a_product_is_shared_evenly_around_its_mean():
    inputs, background = RNG.normal(size=(5, 3)), RNG.normal(size=(40, 3))
    phi = explain(bent, inputs, background)[:, :, 0]
    a, b = inputs[:, 0], inputs[:, 1]
    first, second = background[:, 0], background[:, 1]
    expected = ((a * second.mean() - (first * second).mean()) + (a * b - first.mean() * b)) / 2
    np.testing.assert_allclose(phi[:, 0], expected, atol=1e-12)
    np.testing.assert_allclose(phi[:, 2], 0, atol=1e-12)


def test_one_input_and_one_output_keep_their_axes():
    inputs, background = RNG.normal(size=(4, 1)), RNG.normal(size=(9, 1))
    phi = explain(lambda z: z**2, inputs, background)
    assert phi.shape == (4, 1, 1)
    np.testing.assert_allclose(phi[:, :, 0], inputs**2 - (background**2).mean())


@pytest.mark.parametrize("latents", [12, 16])
def test_many_inputs_are_sampled_and_still_add_up(latents):
    inputs, background = RNG.normal(size=(3, latents)), RNG.normal(size=(10, latents))
    weights = RNG.normal(size=latents)

    def function(z):
        return np.tanh(z @ weights)[:, None] + z[:, :1] * z[:, 1:2]

    assert "sampled" in explainer_name(latents)
    phi = explain(function, inputs, background)
    reached = function(inputs) - function(background).mean(axis=0)
    np.testing.assert_allclose(phi.sum(axis=1), reached, atol=1e-9)
