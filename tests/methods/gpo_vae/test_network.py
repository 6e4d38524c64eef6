"""The network: losses are the densities they are said to be, and effects act where they should."""

import numpy as np
import pytest
import torch
from torch.distributions import NegativeBinomial, Normal, kl_divergence

from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.evidence import evidence
from scdyn_core.methods.gpo_vae.network import Drawn
from tests.methods.gpo_vae.small import GENES, SHORT, cells_for, network_of

KINDS = {
    "rates": {},
    "nodes": {"acts_on": "nodes", "guide": "correlated"},
    "latents": {"acts_on": "latents"},
}
EVERY = frozenset(
    {"reconstruction", "kl", "effects", "edges", "counterfactual", "alignment", "penalty"}
)


def config_of(kind, **changes):
    return GpoVaeConfig(**{**SHORT, **KINDS[kind], **changes})


@pytest.fixture
def without_draws(monkeypatch):
    """Latents are at their means; masks and effects are still drawn."""
    monkeypatch.setattr(torch, "randn_like", torch.zeros_like)


@pytest.mark.parametrize("batches", [0, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_losses_are_the_densities_of_counts_and_latents(kind, batches, without_draws):
    network = network_of(config_of(kind, every_draw=True, particles=3), batches=batches)
    cells = cells_for(network)
    torch.manual_seed(3)
    losses = network(cells, frozenset())
    torch.manual_seed(3)
    drawn = network.drawn()
    likelihood, divergence = [], []
    for number in range(len(drawn.effects)):
        one = Drawn(drawn.effects[number : number + 1], drawn.divergence, None)
        for row in range(len(cells["label"])):
            cell = {name: value[row : row + 1] for name, value in cells.items()}
            at = torch.zeros(1, dtype=torch.long)
            m, v = network.posterior(cell, one, at, at)
            share = network.log_rates(m, cell, one, at, at).exp()
            torch.testing.assert_close(share.sum(), torch.tensor(1.0).double())
            size = network.log_dispersion.exp()
            mean = share * cell["counts"].sum()
            counts = NegativeBinomial(size, logits=(mean / size).log())
            likelihood.append(counts.log_prob(cell["counts"]).sum())
            divergence.append(kl_divergence(Normal(m, v.sqrt()), Normal(0.0, 1.0)).sum())
    torch.testing.assert_close(losses["reconstruction"], -torch.stack(likelihood).mean())
    torch.testing.assert_close(losses["kl"], 0.7 * torch.stack(divergence).mean())


@pytest.mark.parametrize("kind", ["nodes", "latents"])
def test_one_draw_for_each_cell_is_right_on_average(kind):
    """Every cell under every draw, and every cell under one, have the same expected loss."""
    means, errors = [], []
    for every in (True, False):
        network = network_of(config_of(kind, every_draw=every, particles=5))
        cells = cells_for(network, n=20)
        torch.manual_seed(0)
        with torch.no_grad():
            values = torch.stack(
                [sum(network(cells, frozenset({"effects"})).values()) for _ in range(400)]
            )
        means.append(float(values.mean()))
        errors.append(float(values.std()) / 20)
    assert abs(means[0] - means[1]) < 4 * np.hypot(*errors)


def test_rows_are_all_pairs_of_cell_and_draw_or_the_cells_under_draws_in_turn():
    cpu = torch.device("cpu")
    cell, draw = network_of(config_of("latents", every_draw=True)).rows(4, 3, cpu)
    pairs = set(zip(cell.tolist(), draw.tolist(), strict=True))
    assert len(cell) == 12
    assert pairs == {(c, d) for c in range(4) for d in range(3)}
    cell, draw = network_of(config_of("latents")).rows(5, 3, cpu)
    assert cell.tolist() == [0, 1, 2, 3, 4]
    assert draw.tolist() == [0, 1, 2, 0, 1]


def test_the_divergence_of_all_effects_is_shared_by_all_training_cells():
    """Summed over the steps of an epoch it counts once, controls and pairs or not."""
    network = network_of(config_of("latents"))
    cells = cells_for(network)
    torch.manual_seed(0)
    loss = network(cells, frozenset({"effects"}))["effects"]
    torch.manual_seed(0)
    torch.testing.assert_close(loss * 100, network.drawn().divergence)


def test_the_encoder_takes_out_what_the_perturbation_did():
    """A gene at its mean level, changed and read again, is at its mean level."""
    network = network_of(config_of("rates"))
    level = network.mean.expm1()
    change = torch.linspace(-3, 3, GENES).double()
    counts = (level * change.exp()).repeat(2, 1)
    cells = {"counts": counts, "library": torch.full((2,), network.depth).double()}
    read = network.inputs(cells, change.repeat(2, 1))
    torch.testing.assert_close(read, torch.zeros_like(read), atol=1e-6, rtol=0)
    torch.testing.assert_close(
        network.inputs(cells, torch.zeros(2, GENES).double()), network.inputs(cells, None)
    )


@pytest.mark.parametrize("size", [1e2, 1e3])
def test_changes_beyond_what_numbers_hold_stay_finite(size):
    """A cycle that grows may say ``exp(1000)``: loss and slopes are numbers all the same."""
    network = network_of(config_of("rates")).float()
    with torch.no_grad():
        network.effects.coefficients.copy_(size * network.effects.coefficients)
        for value in (network.encoder.weights[0], network.spread_weight):
            value.mul_(1e-3)
    cells = {name: value.float() for name, value in cells_for(network).items()}
    change = network.effects.mean().abs().max()
    assert float(change.detach()) > 88
    read = network.inputs(cells, network.effects.mean()[cells["label"].long()])
    assert bool(torch.isfinite(read).all())
    (slope,) = torch.autograd.grad(read.sum(), network.effects.coefficients)
    assert bool(torch.isfinite(slope).all())


@pytest.mark.parametrize("kind", KINDS)
def test_the_control_is_as_its_latents_say_and_perturbations_act_in_their_space(kind):
    network = network_of(config_of(kind))
    cells = cells_for(network)
    drawn = network.expected()
    nothing = Drawn(torch.zeros_like(drawn.effects), drawn.divergence, None)
    at, first = torch.arange(11), torch.zeros(11, dtype=torch.long)
    z = torch.randn(11, 3, generator=torch.Generator().manual_seed(0)).double()
    for label in (0, 1, 4):
        given = {**cells, "label": torch.full((11,), float(label))}
        rates = network.log_rates(z, given, drawn, at, first)
        still = network.log_rates(z, given, nothing, at, first)
        assert torch.equal(rates, still) == (label == 0)
        if kind == "rates":
            shifted = (still + drawn.effects[0, label]).log_softmax(-1)
            torch.testing.assert_close(rates, shifted)
        if kind == "latents":
            moved = network.log_rates(z + drawn.effects[0, label], given, nothing, at, first)
            torch.testing.assert_close(rates, moved)


@pytest.mark.parametrize("kind", KINDS)
def test_the_counterfactual_term_is_a_divergence_between_posteriors(kind, without_draws):
    network = network_of(config_of(kind, quality=True, counterfactual=0.3, particles=1))
    cells = cells_for(network)
    torch.manual_seed(2)
    asked = frozenset({"counterfactual"})
    found = network(cells, asked)["counterfactual"]
    torch.manual_seed(2)
    drawn = network.drawn()
    at, first = torch.arange(11), torch.zeros(11, dtype=torch.long)
    other = {**cells, "fails": 1 - cells["fails"]}
    profile = {
        "counts": cells["counterfactual"],
        # A profile has a depth of its own.
        "library": cells["counterfactual"].sum(1).clamp_min(1).log(),
    }
    p, q = (
        Normal(m, v.sqrt())
        for m, v in (
            network.posterior({**other, **profile}, drawn, at, first),
            network.posterior(other, drawn, at, first),
        )
    )
    known = cells["has_counterfactual"] > 0
    expected = 0.3 * kl_divergence(p, q).sum(-1)[known].mean()
    torch.testing.assert_close(found, expected)
    nobody = {**cells, "has_counterfactual": torch.zeros(11).double()}
    assert float(network(nobody, asked)["counterfactual"].detach()) == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_failing_quality_moves_failing_cells_only(kind):
    network = network_of(config_of(kind, quality=True))
    cells = cells_for(network)
    drawn, at, first = network.expected(), torch.arange(11), torch.zeros(11, dtype=torch.long)
    plain = Drawn(drawn.effects, drawn.divergence, torch.zeros_like(drawn.quality))
    failing = cells["fails"] > 0
    for value, still in (
        (network.posterior(cells, each, at, first)[0] for each in (drawn, plain)),
        (network.log_rates(torch.zeros(11, 3).double(), cells, each, at, first)
         for each in (drawn, plain)),
    ):  # fmt: skip
        moved = (value != still).any(1)
        assert torch.equal(moved, failing)


def test_what_failing_quality_is_worth_has_a_divergence_of_its_own(without_draws):
    network = network_of(config_of("rates", quality=True))
    v = network.quality_log_variance.exp() + 1e-4
    expected = kl_divergence(Normal(network.quality_mean, v.sqrt()), Normal(0.0, 1.0)).sum()
    torch.testing.assert_close(network.drawn().divergence, expected)


def test_only_terms_that_are_asked_for_are_there():
    network = network_of(config_of("nodes", quality=True))
    cells = cells_for(network)
    assert set(network(cells, frozenset())) == {"reconstruction", "kl"}
    assert set(network(cells, EVERY)) == EVERY - {"edges"}
    assert set(network_of(config_of("rates"))(cells, frozenset({"edges"}))) == {
        "reconstruction", "kl", "edges",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_has_a_slope(kind):
    config = config_of(kind, quality=True, alignment=1.0, edge_penalty=1.0)
    network = network_of(config)
    # The alignment is between nodes.
    terms = EVERY if kind == "nodes" else EVERY - {"alignment"}
    loss = sum(network(cells_for(network), terms).values())
    named = dict(network.named_parameters())
    slopes = torch.autograd.grad(loss, list(named.values()), allow_unused=True)
    for name, slope in zip(named, slopes, strict=True):
        assert slope is not None, name
        assert bool(torch.isfinite(slope).all()), name


def test_evidence_is_the_probability_of_the_counts():
    """One latent: the integral over it by quadrature; draws are from near the prior."""
    network = network_of(config_of("rates", latents=1, importance_samples=1500))
    with torch.no_grad():
        network.mean_weight.zero_()
        network.spread_weight.zero_()
        network.rate_weight.mul_(0.05)
        network.spread_bias.fill_(0.2)
        network.mean_bias.fill_(0.3)
    cells = cells_for(network, n=6)
    found = evidence(network, cells, False, seed=0)
    drawn, at = network.expected(), torch.arange(6)
    first = torch.zeros(6, dtype=torch.long)
    grid = torch.linspace(-7, 7, 701).double()
    with torch.no_grad():
        terms = []
        for z in grid:
            at_z = z.expand(6, 1)
            share = network.log_rates(at_z, cells, drawn, at, first)
            size = network.log_dispersion.exp()
            mean = share.exp() * cells["counts"].sum(1, keepdim=True)
            likelihood = NegativeBinomial(size, logits=(mean / size).log())
            terms.append(likelihood.log_prob(cells["counts"]).sum(1) + Normal(0.0, 1.0).log_prob(z))
        expected = torch.stack(terms).logsumexp(0) + (grid[1] - grid[0]).log()
    np.testing.assert_allclose(found, expected.numpy(), atol=0.1)


def test_more_draws_bound_the_evidence_more_closely_and_without_effects_it_is_another():
    values = []
    for samples in (1, 50):
        network = network_of(config_of("latents", importance_samples=samples))
        cells = cells_for(network, n=40)
        values.append([evidence(network, cells, without, 0).mean() for without in (False, True)])
    assert values[1][0] > values[0][0]
    assert values[1][0] != values[1][1]
