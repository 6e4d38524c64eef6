"""The same parameters give the same numbers as in scvi-tools 1.4.2.

The reference was written by ``python -m benchmarks.scvi_tools --fixture``: modules with random
weights and running moments in evaluation mode, two batches, counts of 40 cells and 25 genes.
"""

from pathlib import Path

import numpy as np
import pytest
import torch

from scdyn_core.methods.scvi.network import ScviNetwork, divergence
from scdyn_core.methods.scvi.presets import PUBLISHED
from scdyn_core.methods.scvi.reading import Reading
from scdyn_core.nn.negative_binomial import log_factorials

REFERENCE = Path(__file__).parent / "scvi_tools_reference.npz"


def reference(likelihood):
    with np.load(REFERENCE, allow_pickle=False) as stored:
        return {
            name.removeprefix(f"{likelihood}/"): torch.as_tensor(stored[name])
            for name in stored.files
            if name.startswith(f"{likelihood}/")
        }


def hidden_layers(theirs, state, layers, name):
    """Copy ``linear, batch normalisation``: a bias before that normalisation moves its mean."""
    bias = theirs[f"{layers}.0.bias"]
    state[f"{name}.weights.0"] = theirs[f"{layers}.0.weight"]
    state[f"{name}.gains.0"] = theirs[f"{layers}.1.weight"]
    state[f"{name}.biases.0"] = theirs[f"{layers}.1.bias"]
    state[f"{name}.moments_0"] = torch.stack(
        [theirs[f"{layers}.1.running_mean"] - bias, theirs[f"{layers}.1.running_var"]]
    )


def loaded(stored, likelihood):
    """Return our network with their weights."""
    theirs = {k.removeprefix("state/"): v for k, v in stored.items() if k.startswith("state/")}
    genes = len(theirs["px_r"])
    nothing = torch.zeros(genes)
    reading = Reading(2, 0.0, nothing, nothing + 1, nothing, nothing)
    config = PUBLISHED.model_copy(update={"hidden": 16, "latents": 4, "likelihood": likelihood})
    network = ScviNetwork(config, reading, 0).eval()
    state = network.state_dict()
    hidden_layers(theirs, state, "z_encoder.encoder.fc_layers.Layer 0", "encoder")
    hidden_layers(theirs, state, "decoder.px_decoder.fc_layers.Layer 0", "decoder")
    heads = {
        "mean": "z_encoder.mean_encoder",
        "spread": "z_encoder.var_encoder",
        "rate": "decoder.px_scale_decoder.0",
        "dropout": "decoder.px_dropout_decoder",
    }
    for ours, name in heads.items():
        if f"{ours}_weight" in state:
            state[f"{ours}_weight"] = theirs[f"{name}.weight"]
            state[f"{ours}_bias"] = theirs[f"{name}.bias"]
    state["log_dispersion"] = theirs["px_r"]
    network.load_state_dict(state)
    return network


@pytest.mark.parametrize("likelihood", ["nb", "zinb"])
@torch.no_grad()
def test_posterior_and_likelihood_of_every_cell_are_those_of_scvi_tools(likelihood):
    stored = reference(likelihood)
    network, counts = loaded(stored, likelihood), stored["counts"]
    cells = {
        "counts": counts,
        "library": counts.sum(1).log(),
        "log_factorials": log_factorials(counts).sum(1),
        "batch": torch.nn.functional.one_hot(stored["batch"].ravel(), 2).float(),
    }
    m, v = network.posterior(cells)
    torch.testing.assert_close(m, stored["mean"], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(v, stored["variance"], rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(divergence(m, v), stored["kl"], rtol=1e-5, atol=1e-5)
    decoded = network.decoded(stored["z"], cells)
    torch.testing.assert_close(decoded.log_share.exp(), stored["share"], rtol=1e-4, atol=1e-7)
    found = network.log_likelihood(cells, decoded)
    torch.testing.assert_close(found, stored["log_likelihood"], rtol=1e-5, atol=0.0)
    assert float(found.std()) > 1.0


def test_penalty_on_parameters_is_the_weight_decay_of_torch():
    """A step of torch's Adam with weight decay is one of plain Adam on loss and penalty."""
    stored = reference("nb")
    network = loaded(stored, "nb")
    decay = 0.3
    penalty = decay * network.half_squares()
    slopes = torch.autograd.grad(penalty, list(network.parameters()))
    for slope, value in zip(slopes, network.parameters(), strict=True):
        torch.testing.assert_close(slope, decay * value.detach())
