"""The losses of CLERA against formulas written out again with torch.func.jvp."""

import pytest
import torch
from torch.func import jvp

from scdyn_core.methods.clera.config import PUBLISHED, CleraConfig, LibraryConfig
from scdyn_core.methods.clera.network import CleraNetwork

GENES, CELLS, CLASSES = 9, 50, 4


def network(config, variances=(1.0, 1.0)):
    net = CleraNetwork(config, GENES, 1.7, torch.tensor(variances), CLASSES, seed=3)
    with torch.no_grad():
        net.coefficients.copy_(torch.randn(net.coefficients.shape) * 0.3)
        net.mask.copy_((torch.rand(net.mask.shape) > 0.4).float())
        net.latent_mean.fill_(0.1)
        net.latent_sd.fill_(1.3)
    return net.double()


@pytest.fixture
def batch():
    torch.manual_seed(0)
    classes = torch.nn.functional.one_hot(torch.randint(CLASSES, (CELLS,)), CLASSES)
    x, dx = torch.randn(2, CELLS, GENES).double()
    return {"x": x, "dx": dx, "classes": classes.double()}


@pytest.mark.parametrize("activation", ["elu", "tanh", "relu", "sigmoid", "softplus"])
def test_derivative_losses_equal_their_definition(batch, activation):
    config = CleraConfig(
        latents=3, activation=activation, widths=(12, 8), normalise_losses=False,
        library=LibraryConfig(order=2, sin=True),
    )  # fmt: skip
    net = network(config)
    x, dx = batch["x"], batch["dx"]
    z, dz = jvp(net.encode, (x,), (dx,))
    dzhat = net.library(z) @ (net.mask * net.coefficients)
    xhat, dxhat = jvp(net.decode, (z,), (dzhat,))
    losses = net(batch, frozenset({"reconstruction", "derivative", "latent_derivative"}))
    expected = {
        "reconstruction": (x - xhat).square().mean(),
        "latent_derivative": (dz - dzhat).square().mean(),
        "derivative": (dx - dxhat).square().mean(),
    }
    for name, value in expected.items():
        torch.testing.assert_close(losses[name], value, atol=1e-6, rtol=0)


def test_normalised_losses_divide_by_the_variances(batch):
    names = frozenset({"reconstruction", "derivative", "latent_derivative"})
    plain = network(CleraConfig(normalise_losses=False))(batch, names)
    torch.manual_seed(1)
    net = network(CleraConfig(normalise_losses=True), variances=(2.0, 4.0))
    reference = network(CleraConfig(normalise_losses=False))
    reference.load_state_dict({**net.state_dict(), "loss_scale": torch.ones(2)})
    plain, scaled = reference(batch, names), net(batch, names)
    dz = net.encode_dual(batch["x"], batch["dx"])[1]
    torch.testing.assert_close(scaled["reconstruction"], plain["reconstruction"] / 2)
    torch.testing.assert_close(scaled["derivative"], plain["derivative"] / 4)
    torch.testing.assert_close(
        scaled["latent_derivative"], plain["latent_derivative"] / dz.square().mean()
    )


def test_classification_losses(batch):
    terms = frozenset({"classification"})
    for loss, config in (("softmax", CleraConfig()), ("sigmoid", PUBLISHED)):
        net = network(config)
        logits = net.classifier(net.encode(batch["x"]))
        expected = (
            torch.nn.functional.cross_entropy(logits, batch["classes"].argmax(1))
            if loss == "softmax"
            else torch.nn.functional.multilabel_soft_margin_loss(logits, batch["classes"])
        )
        torch.testing.assert_close(net(batch, terms)["classification"], expected)


def test_penalties(batch):
    net = network(PUBLISHED)
    losses = net(batch, frozenset({"sparsity", "network"}))
    torch.testing.assert_close(losses["sparsity"], net.coefficients.abs().mean())
    weights = [p for name, p in net.named_parameters() if "weights" in name]
    torch.testing.assert_close(losses["network"], sum(w.abs().sum() for w in weights))


def test_tangent_loss_is_zero_for_a_perfect_linear_autoencoder(batch):
    config = CleraConfig(latents=GENES, widths=(), activation="linear", standardise_latent=False)
    net = CleraNetwork(config, GENES, 1.0, torch.ones(2), 0, seed=0).double()
    with torch.no_grad():
        net.decoder.weights[0].copy_(torch.linalg.inv(net.encoder.weights[0]))
    losses = net(batch, frozenset({"tangent", "reconstruction"}))
    assert losses["tangent"].item() < 1e-20
    assert losses["reconstruction"].item() < 1e-20
