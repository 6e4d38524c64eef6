"""What predicts an unseen type, where the answer is known by hand."""

import numpy as np
import pytest
import torch

from scdyn_core.methods.scgen.network import ScgenNetwork
from scdyn_core.methods.scgen.predictors import (
    EVEN,
    LearnedTypes,
    decoded,
    encoded,
    network_share,
    predicted_cells,
)
from tests.methods.scgen.small import config

GENES = 6
RNG = np.random.default_rng(0)
NAMES = np.repeat(["a", "b", "c"], 20)
TREATED = np.tile(np.arange(20) < 10, 3)
VALUES = RNG.normal(np.repeat([0.0, 1.0, 4.0], 20)[:, None], 0.3, (60, GENES))
VALUES[TREATED] += np.repeat(RNG.normal(size=(3, GENES)), 10, axis=0)
CONTROL = RNG.normal(1.2, 0.3, (15, GENES))


@pytest.fixture(scope="module")
def network() -> ScgenNetwork:
    return ScgenNetwork(config(), torch.zeros(GENES), torch.ones(GENES), seed=0).eval()


@pytest.fixture(scope="module")
def learned(network: ScgenNetwork) -> LearnedTypes:
    return LearnedTypes.of(network, VALUES, NAMES, TREATED)


def shift_in_latents(network: ScgenNetwork, name: str) -> np.ndarray:
    z = encoded(network, VALUES)
    own = name == NAMES
    return z[own & TREATED].mean(axis=0) - z[own & ~TREATED].mean(axis=0)


def test_latent_arithmetic_decodes_the_mean_shift(
    network: ScgenNetwork, learned: LearnedTypes
) -> None:
    shift = np.mean([shift_in_latents(network, name) for name in "abc"], axis=0)
    expected = decoded(network, encoded(network, CONTROL) + shift)
    found = predicted_cells(network, learned, CONTROL, 0.3)
    np.testing.assert_allclose(found["latent arithmetic"], expected, rtol=1e-5, atol=1e-6)
    kept = CONTROL - decoded(network, encoded(network, CONTROL))
    np.testing.assert_allclose(found["decoded difference"], expected + kept, rtol=1e-5, atol=1e-6)


def test_nearest_types_with_a_narrow_width_take_the_nearest_alone(
    network: ScgenNetwork, learned: LearnedTypes
) -> None:
    z = encoded(network, CONTROL)
    expected = CONTROL + decoded(network, z + shift_in_latents(network, "b")) - decoded(network, z)
    found = predicted_cells(network, learned, CONTROL, 1e-3)["nearest types"]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_combined_lies_between_the_network_and_the_genes(
    network: ScgenNetwork, learned: LearnedTypes
) -> None:
    found = predicted_cells(network, learned, CONTROL, 0.3)
    share = network_share(network, learned, 0.3)
    between = share * found["nearest types"] + (1 - share) * found["similar types' shift"]
    np.testing.assert_allclose(found["combined"], between)
    assert 0.5 * EVEN <= share <= 0.5 + 0.5 * EVEN


def test_two_types_are_too_few_to_choose_between_network_and_genes(
    network: ScgenNetwork, learned: LearnedTypes
) -> None:
    assert network_share(network, learned.without(0), 0.3) == EVEN
