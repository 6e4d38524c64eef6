"""The loss is the evidence bound of the model, whatever of it is integrated, drawn or switched."""

import pytest
import torch
from torch.distributions import (
    Bernoulli,
    MultivariateNormal,
    NegativeBinomial,
    kl_divergence,
)
from torch.nn.functional import silu

from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.phases import parameters
from tests.methods.svae.small import cells_for, network_of

MODEL = {"latents": 3, "hidden": 8, "layers": 2}
TERMS = frozenset(["reconstruction", "kl", "sparsity", "decoder", "mask_prior"])


def layers(weights, biases, x):
    for weight, bias in zip(weights, biases, strict=True):
        x = silu(x @ weight.T + bias)
    return x


@pytest.mark.parametrize("batches", [0, 3])
def test_the_reconstruction_is_the_negative_binomial_of_torch(batches):
    network = network_of(SvaeConfig(**MODEL), batches=batches)
    cells = cells_for(network)
    counts = cells["counts"]
    x = ((counts / counts.sum(1, keepdim=True) * torch.tensor(4.0).exp()).log1p() - network.mean) \
        * network.scale  # fmt: skip
    hidden = layers(network.encoder.weights, network.encoder.biases, x)
    m = hidden @ network.mean_weight.T + network.mean_bias
    v = (hidden @ network.spread_weight.T + network.spread_bias).exp() + 1e-4
    torch.manual_seed(3)
    z = m + (torch.randn_like(m) * v.sqrt()) @ network.frame
    inputs = torch.cat([z, cells["batch"]], 1) if batches else z
    rho = (layers(network.decoder.weights, network.decoder.biases, inputs)
           @ network.rate_weight.T + network.rate_bias).softmax(1)  # fmt: skip
    mean = counts.sum(1, keepdim=True) * rho
    likelihood = NegativeBinomial(
        network.log_dispersion.exp(), logits=mean.log() - network.log_dispersion
    )
    torch.manual_seed(3)
    losses = network(cells, TERMS)
    expected = -likelihood.log_prob(counts).sum(1).mean()
    torch.testing.assert_close(losses["reconstruction"], expected)


def posterior(network, m, v):
    """The normal of torch that the network says a cell's latents are."""
    covariance = network.frame.T @ torch.diag_embed(v) @ network.frame
    return MultivariateNormal(m, covariance)


def random_divergence(network, cells, draws):
    """The expectation over masks by drawing them: torch's own divergence of normals."""
    m, v = network.posterior(cells["counts"], cells["library"])
    masks = Bernoulli(network.mask_logit.sigmoid()).sample((draws,))
    shifts = torch.cat([masks * network.shift, torch.zeros(draws, 1, 3, dtype=m.dtype)], 1)
    centre = network.origin + shifts[:, network.members[cells["label"].long()]].sum(-2)
    return kl_divergence(
        posterior(network, m, v), MultivariateNormal(centre, torch.eye(3).double())
    )


def test_the_divergence_is_the_expectation_over_masks_also_of_combinations():
    network = network_of(SvaeConfig(**MODEL))
    cells = cells_for(network, n=6)
    cells["label"] = torch.arange(6.0)
    torch.manual_seed(0)
    with torch.no_grad():
        drawn = random_divergence(network, cells, 20_000)
        m, v = network.posterior(cells["counts"], cells["library"])
        found = network.divergence(m, v, network.members[cells["label"].long()])
    error = drawn.std(0) / 20_000**0.5
    assert float(((found - drawn.mean(0)).abs() / error.clamp_min(1e-9)).max()) < 4
    # The control has no mask: its divergence is exact.
    assert float(error[0]) < 1e-9


def test_drawn_masks_have_the_same_expectation():
    network = network_of(SvaeConfig(mask="sampled", **MODEL))
    analytic = network_of(SvaeConfig(**MODEL))
    cells = cells_for(network, n=6)
    members = network.members[torch.arange(6)]
    torch.manual_seed(0)
    with torch.no_grad():
        m, v = network.posterior(cells["counts"], cells["library"])
        drawn = torch.stack([network.divergence(m, v, members) for _ in range(4000)])
        expected = analytic.divergence(m, v, members)
    error = drawn.std(0) / 4000**0.5
    assert float(((drawn.mean(0) - expected).abs() / error.clamp_min(1e-6)).max()) < 4


def test_a_drawn_mask_is_hard_forwards_and_soft_backwards():
    network = network_of(SvaeConfig(mask="sampled", **MODEL))
    members = network.members[[4]]
    torch.manual_seed(1)
    drawn = network.drawn_mask(members)
    assert set(drawn.detach().unique().tolist()) <= {0.0, 1.0}
    (slope,) = torch.autograd.grad(drawn.sum(), network.mask_logit)
    torch.manual_seed(1)
    closed = torch.full_like(network.mask_logit[:1], -5.0)
    logits = torch.cat([network.mask_logit.detach(), closed])[members]
    uniform = torch.rand_like(logits).clamp(1e-6, 1 - 1e-6)
    soft = (logits + uniform.logit()).sigmoid()[0]
    torch.testing.assert_close(slope[:2], soft * (1 - soft))
    assert not slope[2:].any()


def test_without_sparsity_every_target_is_open():
    network = network_of(SvaeConfig(prior="perturbation", **MODEL))
    cells = cells_for(network)
    m, v = network.posterior(cells["counts"], cells["library"])
    members = network.members[cells["label"].long()]
    shift = torch.cat([network.shift, torch.zeros_like(network.shift[:1])])[members].sum(1)
    prior = MultivariateNormal(network.origin + shift, torch.eye(3, dtype=shift.dtype))
    expected = kl_divergence(posterior(network, m, v), prior)
    torch.testing.assert_close(network.divergence(m, v, members), expected)


def test_a_plain_vae_keeps_the_prior_it_had_before_latents_were_turned():
    network = network_of(SvaeConfig(prior="none", **MODEL))
    with torch.no_grad():
        network.middle.copy_(torch.tensor([0.5, -1.0, 2.0]))
    cells = cells_for(network)
    m, v = network.posterior(cells["counts"], cells["library"])
    prior = MultivariateNormal(network.middle, network.frame.T @ network.frame)
    expected = kl_divergence(posterior(network, m, v), prior.expand([len(m)]))
    found = network.divergence(m, v, network.members[cells["label"].long()])
    torch.testing.assert_close(found, expected)


def test_penalties_are_what_they_say():
    config = SvaeConfig(mask="gradient", beta_penalty=4.0, decoder_decay=0.3, **MODEL)
    network = network_of(config)
    cells = cells_for(network)
    losses = network(cells, TERMS)
    p = network.mask_logit.sigmoid()
    beta = torch.distributions.Beta(torch.tensor(1.0), torch.tensor(4.0))
    expected = -beta.log_prob(p).sum() / network.cells.sum()
    torch.testing.assert_close(losses["mask_prior"], expected.double())
    weights = [*network.decoder.weights, network.rate_weight]
    torch.testing.assert_close(losses["decoder"], 0.3 * sum((w**2).sum() for w in weights))
    price = network.costs().of(network.shift, network.cells) * p
    open_ = torch.cat([price, torch.zeros_like(price[:1])])[network.members].sum((1, 2))
    torch.testing.assert_close(losses["sparsity"], 0.6 * open_[cells["label"].long()].mean())


def test_what_was_learned_has_no_slope_while_others_adapt():
    network = network_of(SvaeConfig(mask="gradient", **MODEL))
    network.cells[3] = 0.0
    cells = cells_for(network)
    cells["label"] = torch.tensor([4.0, 5.0]).repeat(6)[:11]
    for adapting in (0.0, 1.0):
        network.adapting.fill_(adapting)
        loss = sum(network(cells, TERMS).values())
        for slope in torch.autograd.grad(loss, [network.shift, network.mask_logit]):
            assert bool(slope[3].any())
            assert bool(slope[:2].any()) == (not adapting)


@pytest.mark.parametrize("normalisation", ["none", "batch"])
def test_every_parameter_is_named_for_freezing(normalisation):
    config = SvaeConfig(normalisation=normalisation, **MODEL)
    network = network_of(config)
    assert set(parameters(config)) == {name for name, _ in network.named_parameters()}


def test_remembered_moments_give_in_evaluation_what_training_gave():
    from scdyn_core.methods.svae.moments import remember_moments

    config = SvaeConfig(normalisation="batch", activation="relu", **MODEL)
    network = network_of(config, batches=2)
    cells = cells_for(network, n=4000)
    state = network.state_dict()
    with torch.no_grad():
        network.eval()
        torch.manual_seed(0)
        remember_moments(network, state, cells)
        network.load_state_dict(state)
        torch.manual_seed(1)
        evaluated = network(cells, TERMS)["reconstruction"]
        network.train()
        torch.manual_seed(1)
        trained = network(cells, TERMS)["reconstruction"]
    torch.testing.assert_close(evaluated, trained, rtol=2e-3, atol=0)


def test_draws_have_the_covariance_of_the_posterior():
    network = network_of(SvaeConfig(**MODEL))
    m, v = torch.randn(1, 3).double(), torch.tensor([[0.3, 1.0, 2.0]]).double()
    noise = torch.randn(200_000, 3, generator=torch.Generator().manual_seed(0)).double()
    drawn = network.drawn(m, v, noise)
    expected = posterior(network, m, v).covariance_matrix[0]
    torch.testing.assert_close(drawn.T.cov(), expected, atol=0.03, rtol=0.03)
