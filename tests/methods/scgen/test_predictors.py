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


@pytest.mark.parametrize("common", [0.0, 3.0])
def test_the_share_of_the_network_is_what_predicts_seen_types_best(
    network: ScgenNetwork, common: float
) -> None:
    values = VALUES.copy()
    values[TREATED] += common * np.linspace(-1.0, 1.0, GENES)
    share = network_share(network, LearnedTypes.of(network, values, NAMES, TREATED), 0.3)
    best = best_share(network, values, 0.3)
    assert share == pytest.approx(0.5 * (np.clip(best, 0.0, 1.0) + EVEN))
    # Beyond 1 where types have nothing in common, in between where they have.
    assert best > 1.0 if common == 0.0 else 0.2 < best < 0.4


def best_share(network: ScgenNetwork, values: np.ndarray, width: float) -> float:
    """Return the share that predicts every seen type best from the others, by least squares."""
    latents = encoded(network, values)
    from_network, from_genes, truth = [], [], []
    for left_out in "abc":
        others = [name for name in "abc" if name != left_out]
        own = {
            (name, state): values[(name == NAMES) & (state == TREATED)]
            for name in "abc"
            for state in (False, True)
        }
        control = own[left_out, False]
        means = {key: values.mean(axis=0) for key, values in own.items()}
        far = np.array([np.linalg.norm(means[k, False] - means[left_out, False]) for k in others])
        weights = np.exp(-far / (width * far.mean()))
        weights /= weights.sum()
        shifts = np.array([
            latents[(name == NAMES) & TREATED].mean(axis=0)
            - latents[(name == NAMES) & ~TREATED].mean(axis=0)
            for name in others
        ])  # fmt: skip
        z = encoded(network, control)
        moved = decoded(network, z + weights @ shifts) - decoded(network, z)
        from_network.append(moved.mean(axis=0))
        changes = np.array([means[name, True] - means[name, False] for name in others])
        from_genes.append(weights @ changes)
        truth.append(means[left_out, True] - means[left_out, False])
    network_says, genes_say, observed = map(np.concatenate, (from_network, from_genes, truth))
    (best,), *_ = np.linalg.lstsq((network_says - genes_say)[:, None], observed - genes_say)
    return float(best)


def test_two_types_are_too_few_to_choose_between_network_and_genes(
    network: ScgenNetwork, learned: LearnedTypes
) -> None:
    assert network_share(network, learned.without(0), 0.3) == EVEN
