"""The network: losses are what they say, slopes are finite, evaluation draws nothing."""

import numpy as np
import pytest
import torch
from scipy.stats import nbinom

from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.network import divergence
from scdyn_core.methods.scvi.presets import PUBLISHED
from scdyn_core.methods.scvi.reading import cells_of
from tests.methods.scvi.small import METHOD, SHORT, TINY, counted, tensors_of, train

TERMS = frozenset({"reconstruction", "kl", "decay"})


def network_and_cells(batches=2, **changes):
    config = TINY.model_copy(update=changes)
    tensors = tensors_of(counted(60, batches=batches), config)
    return METHOD.build(tensors, config, 0), cells_of(tensors, "train")


@torch.no_grad()
def test_likelihood_of_a_cell_is_that_of_scipy():
    network, cells = network_and_cells()
    network, cells = network.double(), {name: value.double() for name, value in cells.items()}
    decoded = network.decoded(torch.randn(len(cells["counts"]), 3).double(), cells)
    mean = (cells["library"][:, None] + decoded.log_share).exp().numpy()
    theta = decoded.log_dispersion.exp().numpy()
    expected = nbinom.logpmf(cells["counts"].numpy(), theta, theta / (theta + mean)).sum(1)
    found = network.log_likelihood(cells, decoded).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-6)


@torch.no_grad()
def test_divergence_is_that_of_torch():
    m, v = torch.randn(7, 3), torch.rand(7, 3) + 0.1
    expected = torch.distributions.kl_divergence(
        torch.distributions.Normal(m, v.sqrt()), torch.distributions.Normal(0.0, 1.0)
    ).sum(-1)
    torch.testing.assert_close(divergence(m, v), expected)


@pytest.mark.parametrize("likelihood", ["nb", "zinb"])
@pytest.mark.parametrize("dispersion", ["gene", "gene-batch"])
@pytest.mark.parametrize("preset", ["scdyn", "published"])
def test_losses_and_slopes_are_finite(likelihood, dispersion, preset):
    base = {"scdyn": ScviConfig(), "published": PUBLISHED}[preset]
    config = base.model_copy(update={**SHORT, "likelihood": likelihood, "dispersion": dispersion})
    tensors = tensors_of(counted(60, batches=2), config)
    network, cells = METHOD.build(tensors, config, 0).train(), cells_of(tensors, "train")
    network.beta.fill_(1.0)
    losses = network(cells, TERMS)
    assert set(losses) == TERMS
    total = torch.stack(list(losses.values())).sum()
    slopes = torch.autograd.grad(total, list(network.parameters()))
    assert all(bool(slope.isfinite().all()) for slope in slopes)
    assert all(float(slope.abs().max()) > 0 for slope in slopes)


@pytest.mark.parametrize("batch", ["decoder", "both", "none"])
def test_who_is_told_the_batch_knows_it(batch):
    network, cells = network_and_cells(batch=batch)
    network.eval()
    swapped = {**cells, "batch": 1.0 - cells["batch"]} if "batch" in cells else cells
    assert ("batch" in cells) == (batch != "none")
    same_latent = torch.equal(network.latent(cells), network.latent(swapped))
    assert same_latent == (batch != "both")
    z = torch.randn(len(cells["counts"]), 3)
    shares = [network.decoded(z, each).log_share for each in (cells, swapped)]
    assert torch.equal(*shares) == (batch == "none")


def test_latents_in_evaluation_are_drawn_from_nothing():
    network, cells = network_and_cells()
    network.eval()
    assert torch.equal(network.latent(cells), network.latent(cells))
    assert torch.equal(network.latent(cells), network.posterior(cells)[0])
    network.train()
    assert not torch.equal(network.latent(cells), network.latent(cells))


def test_an_informed_start_has_the_shares_and_dispersions_of_the_training_cells():
    tensors = tensors_of(counted(400, dispersion=2.0))
    network = METHOD.build(tensors, TINY, 0)
    shares = network.rate_bias.detach().exp().double().numpy()
    counts = np.asarray(tensors.parts["train"]["counts"])
    np.testing.assert_allclose(shares, counts.sum(0) / counts.sum(), rtol=0.05)
    assert float(network.log_dispersion.detach().exp().median()) < 2.0


def test_the_weight_of_the_divergence_grows_and_moments_are_remembered():
    config = PUBLISHED.model_copy(update={**SHORT, "epochs": 2, "kl_epochs": 8})
    (network,) = train(tensors_of(counted()), config)
    assert float(network.beta) == pytest.approx(2 / 8)
    assert float((network.encoder.moments_0[0]).abs().max()) > 0
    assert float((network.decoder.moments_0[1] - 1.0).abs().max()) > 0
    (whole,) = train(tensors_of(counted()), config.model_copy(update={"kl_epochs": 1}))
    assert float(whole.beta) == 1.0


def test_only_after_the_warm_up_are_epochs_compared():
    warm_up, fit = METHOD.phases(ScviConfig(epochs=60, kl_epochs=20, patience=25))
    assert (warm_up.epochs, fit.epochs) == (20, 40)
    assert (warm_up.patience, warm_up.restore_best) == (None, False)
    assert (fit.patience * fit.validate_every, fit.restore_best) == (25, True)
    (alone,) = METHOD.phases(PUBLISHED)
    assert (alone.epochs, alone.restore_best, alone.schedule) == (400, False, "constant")


def test_a_count_of_a_gene_that_is_next_to_silent_does_not_throw_a_cell_out():
    network, cells = network_and_cells()
    network.eval().scale[0] = 1e4
    cells["counts"][0, 0] = 5.0
    assert network.inputs(cells)[0, 0] == 10.0
