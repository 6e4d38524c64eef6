"""The losses of CLERA against formulas written out again with torch.func.jvp."""

import pytest
import torch
from torch.func import jvp

from scdyn_core.errors import ConfigError
from scdyn_core.methods.clera.config import CleraConfig, LibraryConfig
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.published import PUBLISHED
from scdyn_core.training.module import EpochContext

GENES, CELLS, CLASSES = 9, 50, 4


def network(config, variances=(1.0, 1.0)):
    net = CleraNetwork(config, GENES, 1.7, torch.tensor(variances), CLASSES, seed=3)
    with torch.no_grad():
        net.coefficients.copy_(torch.randn(net.coefficients.shape) * 0.3)
        net.mask.copy_((torch.rand(net.mask.shape) > 0.4).float())
        net.latent_mean.fill_(0.1)
        net.latent_map.copy_(torch.eye(net.latent_map.shape[0]) * 1.3 + 0.2)
    return net.double().eval()


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
    config = CleraConfig(latents=GENES, widths=(), activation="linear", linear_start=False)
    net = CleraNetwork(config, GENES, 1.0, torch.ones(2), 0, seed=0).double().eval()
    with torch.no_grad():
        net.decoder.weights[0].copy_(torch.linalg.inv(net.encoder.weights[0]))
    losses = net(batch, frozenset({"tangent", "reconstruction"}))
    assert losses["tangent"].item() < 1e-20
    assert losses["reconstruction"].item() < 1e-20


def test_a_linear_start_is_the_projection_on_the_principal_axes(batch):
    torch.manual_seed(0)
    axes = torch.linalg.qr(torch.randn(GENES, 3)).Q.T
    sd = torch.tensor([3.0, 2.0, 1.0])
    net = CleraNetwork(
        CleraConfig(latents=3), GENES, 1.7, torch.ones(2), 0, seed=0, axes=axes, axis_sd=sd
    )
    with torch.no_grad():
        for part in (net.encoder, net.decoder):
            part.weights[-1].zero_()
    x = batch["x"].float()
    torch.testing.assert_close(net.encode(x), x @ axes.T / sd)
    torch.testing.assert_close(net.decode(net.encode(x)), x @ axes.T @ axes)


def test_noise_reaches_the_encoder_in_training_only(batch):
    net = network(CleraConfig(input_noise=0.5))
    names = frozenset({"reconstruction"})
    quiet = net(batch, names)["reconstruction"]
    torch.testing.assert_close(net(batch, names)["reconstruction"], quiet)
    noisy = net.train()(batch, names)["reconstruction"]
    assert abs(noisy - quiet) > 1e-3


def test_excluded_terms_never_enter(batch):
    config = CleraConfig(latents=3, excluded_terms=("z1*z2", "dz3: 1"), smallest_share=0.0)
    net = CleraNetwork(config, GENES, 1.0, torch.ones(2), 0, seed=0)
    names = [term.text for term in net.library.terms]
    state = dict(net.state_dict())
    data = {name: value.float() for name, value in batch.items()}
    for epoch in (10, 280):
        net.after_epoch(state, data, EpochContext("fit", epoch, 280))
    kept = state["mask"].numpy()
    assert not kept[names.index("z1*z2")].any()
    assert kept[names.index("1")].tolist() == [1.0, 1.0, 0.0]
    assert kept.sum() == kept.size - 4


@pytest.mark.parametrize("entry", ["z1*z9", "dz7:z1", "x:z1", "sin(z1)"])
def test_an_unknown_excluded_term_is_named(entry):
    with pytest.raises(ConfigError, match="excluded_terms"):
        CleraNetwork(CleraConfig(excluded_terms=(entry,)), GENES, 1.0, torch.ones(2), 0, seed=0)


def test_solving_finds_the_minimum_of_the_derivative_losses(batch):
    """No small change of the coefficients makes the loss smaller than the solved ones do."""
    config = CleraConfig(
        latents=3, ridge=0.0, smallest_share=0.0, weight_derivative=2.0,
        weight_latent_derivative=1.0,
    )  # fmt: skip
    net = network(config).float().eval()
    with torch.no_grad():
        net.mask.fill_(1.0)
    data = {name: value.float() for name, value in batch.items()}
    with torch.no_grad():
        net.loss_scale[1] = data["dx"].square().mean()
        net.after_epoch(dict(net.state_dict()), data, EpochContext("fit", 280, 280))
    losses = net.double()(batch, frozenset({"derivative", "latent_derivative"}))
    loss = 2.0 * losses["derivative"] + losses["latent_derivative"]
    (gradient,) = torch.autograd.grad(loss, [net.coefficients])
    assert gradient.abs().max() < 1e-4
