"""Sample weights: whatever the scheme, weights of sum 1 within bounds, or what to mend."""

from __future__ import annotations

import numpy as np
import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.training.resampling.options import SAMPLING, SamplingOptions
from scdyn_core.training.resampling.weights import sample_weights
from tests.training.resampling.cells import gain, several_types

LATENT, LABEL = several_types(1, sizes=(600, 300, 60, 20))
ADAPTIVE = ("sketch", "marginal", "neighbours", "clusters")


@pytest.mark.parametrize("name", SAMPLING)
def test_weights_sum_to_one_and_are_the_same_again(name):
    first, again = (
        sample_weights(SAMPLING[name], latent=LATENT, classes=LABEL, seed=5) for _ in range(2)
    )
    assert first.shape == LABEL.shape
    assert first.dtype == np.float64
    assert first.min() >= 0
    assert first.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("name", ADAPTIVE)
def test_no_type_falls_below_half_of_its_share(name):
    weights = sample_weights(SAMPLING[name], latent=LATENT, classes=LABEL, seed=0)
    assert min(gain(weights, each == LABEL) for each in range(4)) >= 0.5 - 1e-9
    assert weights.min() * len(weights) >= 0.5 - 1e-9


def test_uniform_needs_either_of_both():
    for given in ({"latent": LATENT, "classes": None}, {"latent": None, "classes": LABEL}):
        weights = sample_weights(SAMPLING["uniform"], seed=0, **given)
        np.testing.assert_array_equal(weights, 1 / len(LABEL))


@pytest.mark.parametrize("name", ["neighbours", "clusters", "sketch"])
def test_neither_scale_nor_place_of_the_latents_matters_to_what_reads_distances(name):
    there = sample_weights(SAMPLING[name], latent=LATENT, classes=None, seed=0)
    moved = sample_weights(SAMPLING[name], latent=LATENT * 8.0 + 1e6, classes=None, seed=0)
    np.testing.assert_allclose(moved, there, rtol=1e-4)


def test_the_scale_of_an_axis_does_not_matter_to_marginals_unless_as_published():
    scaled = LATENT * np.logspace(-3, 3, LATENT.shape[1])
    for name, same in (("marginal", True), ("published", False)):
        weights = [
            sample_weights(SAMPLING[name], latent=latent, classes=None, seed=0)
            for latent in (LATENT, scaled)
        ]
        assert np.allclose(*weights, rtol=1e-6) is same


def test_a_constant_axis_is_standardised_without_a_warning():
    padded = np.column_stack([LATENT, np.full(len(LATENT), 3.0)])
    weights = sample_weights(SAMPLING["marginal"], latent=padded, classes=None, seed=0)
    assert np.isfinite(weights).all()


@pytest.mark.parametrize("name", ADAPTIVE)
def test_two_samples_are_enough(name):
    weights = sample_weights(SAMPLING[name], latent=np.eye(2), classes=None, seed=0)
    np.testing.assert_allclose(weights, 0.5)


@pytest.mark.parametrize(
    ("scheme", "latent", "classes", "found"),
    [
        ("balanced", LATENT, None, "no cell types"),
        ("clusters", None, LABEL, "no latents"),
        ("neighbours", np.ones((1, 3)), None, "1 samples"),
        ("sketch", np.ones((5, 0)), None, r"shape \(5, 0\)"),
        ("clusters", np.array([[0.0], [np.nan], [1.0]]), None, "1 of 3 cells"),
        ("uniform", None, None, "no latents"),
    ],
)
def test_what_is_missing_is_said(scheme, latent, classes, found):
    with pytest.raises(ConfigError, match=found):
        sample_weights(SamplingOptions(scheme=scheme), latent=latent, classes=classes, seed=0)
