"""Effects of perturbations: drawn and expected ones, their divergence, and what edges cost."""

import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.effects import LEAST_VARIANCE, MASKS, DrawnEffects
from scdyn_core.methods.regulation.propagation import gene_changes
from tests.methods.gpo_vae.small import MEMBERS, SHORT, network_of, reading

WIDTH = 5


def drawn_effects(guide="mean_field", masked=True, particles=3, seed=0):
    config = GpoVaeConfig(**SHORT, acts_on="latents", guide=guide, masked=masked)
    config = config.model_copy(update={"particles": particles})
    generator = torch.Generator().manual_seed(seed)
    effects = DrawnEffects(config, reading(), WIDTH, generator).double()
    with torch.no_grad():
        for value in effects.parameters():
            noise = torch.randn(value.shape, generator=generator, dtype=value.dtype)
            value.add_(noise if value is effects.mask_logit else 0.5 * noise)
    return effects


def given_masks(effects, mask):
    """Return means and variances of effects given masks, (P, T, W)."""
    m, v = effects._posterior(mask)
    return m.expand_as(mask), v.expand_as(mask)


@pytest.mark.parametrize("masked", [True, False])
def test_divergence_of_independent_effects_is_that_of_both_distributions(masked):
    effects = drawn_effects(masked=masked)
    _, found = effects.draws()
    q = Normal(effects.centre, (effects.log_variance.exp() + LEAST_VARIANCE).sqrt())
    expected = kl_divergence(q, Normal(0.0, 1.0)).sum()
    if masked:
        prior = Bernoulli(torch.tensor(effects.config.mask_prior).double())
        expected = expected + kl_divergence(Bernoulli(logits=effects.mask_logit), prior).sum()
    torch.testing.assert_close(found, expected.double())


def test_divergence_of_correlated_effects_is_what_draws_say_on_average():
    """``E log q(E, M) - log p(E, M)`` by brute force."""
    effects = drawn_effects("correlated", particles=4000)
    with torch.no_grad():
        torch.manual_seed(0)
        _, found = effects.draws()
        torch.manual_seed(1)
        mask = Bernoulli(logits=effects.mask_logit).sample((4000,))
        m, v = given_masks(effects, mask)
        drawn = m + v.sqrt() * torch.randn_like(m)
        prior = torch.tensor(effects.config.mask_prior).double()
        log_ratio = (
            Normal(m, v.sqrt()).log_prob(drawn) - Normal(0.0, 1.0).log_prob(drawn)
            + Bernoulli(logits=effects.mask_logit).log_prob(mask)
            - Bernoulli(prior).log_prob(mask)
        ).sum((1, 2))  # fmt: skip
    tolerance = 5 * float(log_ratio.std()) / 4000**0.5
    assert float(found) == pytest.approx(float(log_ratio.mean()), abs=tolerance)


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("guide", ["mean_field", "correlated"])
def test_effects_of_labels_are_sums_over_their_targets_and_as_expected_on_average(guide, masked):
    effects = drawn_effects(guide, masked, particles=20_000)
    with torch.no_grad():
        torch.manual_seed(0)
        found, _ = effects.draws()
        expected = effects.mean()
    assert found.shape == (20_000, len(MEMBERS), WIDTH)
    assert expected.shape == found.shape[1:]
    torch.testing.assert_close(found[:, 4], found[:, 1] + found[:, 2])
    torch.testing.assert_close(expected[4], expected[1] + expected[2])
    assert not found[:, 0].any()
    assert not expected[0].any()
    # Those of correlated guides are over a hundred masks.
    error = 5 * found.std(0) * (1 / 20_000 + (1 / MASKS if guide == "correlated" else 0)) ** 0.5
    assert bool(((found.mean(0) - expected).abs() <= error + 1e-9).all())


def test_expected_effects_are_the_same_every_time():
    effects = drawn_effects("correlated")
    torch.manual_seed(1)
    first = effects.mean()
    assert torch.equal(first, effects.mean())


def test_masks_are_hard_and_have_the_slope_of_soft_ones():
    effects = drawn_effects()
    torch.manual_seed(0)
    mask = effects._mask(2000)
    assert set(mask.detach().round(decimals=6).unique().tolist()) == {0.0, 1.0}
    torch.testing.assert_close(mask.mean(0), effects.mask_logit.sigmoid(), atol=0.06, rtol=0)
    (slope,) = torch.autograd.grad(mask.mean(0).sum(), effects.mask_logit)
    assert bool((slope > 0).all())
    # Of ``sigmoid(l + logit u)`` over uniform u: its mean, by numerical integration.
    u = ((torch.arange(20_000, dtype=torch.float64) + 0.5) / 20_000).logit().view(-1, 1, 1)
    at = effects.mask_logit.detach().requires_grad_()
    (expected,) = torch.autograd.grad((at + u).sigmoid().mean(0).sum(), at)
    torch.testing.assert_close(slope, expected, atol=0.02, rtol=0)


def test_dense_effects_have_no_masks():
    effects = drawn_effects(masked=False)
    assert bool((effects.probability() == 1).all())
    assert bool((effects._mask(3) == 1).all())


def test_path_effects_are_changes_along_paths_and_edges_cost_what_they_did():
    network = network_of(GpoVaeConfig(**SHORT))
    effects = network.effects
    coefficients = effects.network()
    assert not coefficients[[0, 1, 3], [0, 2, 5]].any()
    found, divergence = effects.draws()
    torch.testing.assert_close(
        found[0], gene_changes(coefficients, effects.column, effects.dose, effects.members)
    )
    assert float(divergence) == 0.0
    assert not found[0, 0].any()
    expected = 3.0 * coefficients.abs().sum() + 0.5 * (coefficients / 0.5).square().sum()
    torch.testing.assert_close(effects.penalty(), expected / 100)


def test_what_is_supposed_acts_but_is_neither_learned_nor_paid_for():
    network = network_of(GpoVaeConfig(**SHORT))
    effects, price = network.effects, network.effects.penalty()
    effects.supposed[1, 7] = 5.0
    assert torch.equal(effects.penalty(), price)
    assert float((effects.network() - effects.coefficients * effects.allowed)[1, 7].detach()) == 5.0
    assert "effects.supposed" not in dict(network.named_parameters())
    # Nothing else reaches gene 7 in a network without other edges.
    with torch.no_grad():
        effects.coefficients.zero_()
        assert float(effects.mean()[2, 7]) == float(5.0 * effects.dose[1])
