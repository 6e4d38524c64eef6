"""Turning the latents changes what they mean and nothing that is computed."""

import copy

import numpy as np
import pytest
import torch

from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.moments import encoded, label_moments
from scdyn_core.methods.svae.replicates import in_one_frame, relabelled
from scdyn_core.methods.svae.turning import centre, label_frame, turn
from tests.methods.svae.small import cells_for, network_of

KINDS = [
    ({}, 0),
    ({"layers": 2}, 3),
    ({"normalisation": "batch", "activation": "relu"}, 0),
    ({"normalisation": "batch", "layers": 2}, 3),
]


def network_and_cells(changes, batches, **more):
    config = SvaeConfig(**{"latents": 3, "hidden": 8, "layers": 1, **changes})
    network = network_of(config, batches=batches, **more).eval()
    if config.normalisation == "batch":
        for part in (network.encoder, network.decoder):
            for name, value in part.named_buffers():
                value.copy_(torch.rand_like(value) + 0.5 if name else value)
    return network, cells_for(network, n=60)


def decoded(network, cells):
    m, _ = encoded(network, cells)
    return network.log_rates(m, cells.get("batch"))


def changed(network, how):
    """Return another network, changed in its state as training does."""
    other = copy.deepcopy(network)
    state = other.state_dict()
    how(other, state)
    other.load_state_dict(state)
    return other


@torch.no_grad()
@pytest.mark.parametrize(("changes", "batches"), KINDS)
def test_a_turn_keeps_what_is_decoded_and_moves_the_means_by_the_frame(changes, batches):
    network, cells = network_and_cells(changes, batches)
    moments = label_moments(network, cells)
    frame = label_frame(network, moments)
    turned = changed(network, lambda other, state: turn(other, state, moments))
    before, after = encoded(network, cells), encoded(turned, cells)
    expected = frame.applied(before[0].numpy())
    np.testing.assert_allclose(after[0].numpy(), expected, atol=1e-9)
    torch.testing.assert_close(decoded(turned, cells), decoded(network, cells))
    noise = torch.randn(len(before[0]), 3, dtype=torch.float64)
    draws = (each.drawn(*own, noise) for each, own in ((network, before), (turned, after)))
    one, other = (each.numpy() for each in draws)
    np.testing.assert_allclose(other, frame.applied(one), atol=1e-9)
    volume = torch.linalg.slogdet(turned.frame).logabsdet
    torch.testing.assert_close(turned.log_volume, volume, check_dtype=False)
    # The control is at the origin; a cell's spread is 1 with the scatter of its label.
    own = label_moments(turned, cells)
    assert float(own.means[0].abs().max()) < 1e-9
    assert float(turned.origin.abs().max()) == 0.0
    np.testing.assert_allclose(np.diag(own.within.numpy()), 1.0, atol=1e-3)


@torch.no_grad()
def test_a_turn_puts_shifts_of_single_targets_where_their_cells_are():
    members = [(5, 5), (0, 5), (1, 5), (2, 5), (3, 4)]
    network, cells = network_and_cells({}, 0, members=members, targets=5)
    moments = label_moments(network, cells)
    turned = changed(network, lambda other, state: turn(other, state, moments))
    own = label_moments(turned, cells)
    for label, target in ((1, 0), (2, 1), (3, 2)):
        torch.testing.assert_close(turned.shift[target], own.means[label])
    # Target 4 is in a combination alone: it is solved for later.
    torch.testing.assert_close(turned.shift[4], network.shift[4])


@torch.no_grad()
@pytest.mark.parametrize(("changes", "batches"), KINDS)
def test_moving_the_origin_to_0_keeps_distances_from_it(changes, batches):
    network, cells = network_and_cells(changes, batches)
    assert bool(network.origin.any())
    moved = changed(network, lambda other, state: centre(other, state))
    before, after = encoded(network, cells), encoded(moved, cells)
    torch.testing.assert_close(after[0], before[0] - network.origin)
    torch.testing.assert_close(after[1], before[1])
    torch.testing.assert_close(decoded(moved, cells), decoded(network, cells))
    members = network.members[cells["label"].long()]
    torch.testing.assert_close(
        moved.divergence(*after, members), network.divergence(*before, members)
    )


@torch.no_grad()
def test_without_a_control_the_median_of_labels_is_the_origin():
    network, cells = network_and_cells({}, 0)
    network.control.fill_(-1)
    moments = label_moments(network, cells)
    turned = changed(network, lambda other, state: turn(other, state, moments))
    means = label_moments(turned, cells).means.numpy()
    # Uncertain means count less than others, so that it is not the plain median to the digit.
    np.testing.assert_allclose(np.median(means, axis=0), 0.0, atol=0.05)
    assert np.abs(means).max() > 0.3


@torch.no_grad()
def test_other_names_and_signs_of_latents_change_nothing_that_is_computed():
    network, cells = network_and_cells({}, 3)
    network.origin.zero_()
    order, signs = np.array([2, 0, 1]), np.array([-1.0, 1.0, -1.0])
    other = relabelled(network, order, signs)
    torch.testing.assert_close(decoded(other, cells), decoded(network, cells))
    before, after = label_moments(network, cells), label_moments(other, cells)
    sign = torch.as_tensor(signs)
    torch.testing.assert_close(
        after.variance, before.variance[order][:, order] * sign * sign[:, None]
    )
    members = network.members[cells["label"].long()]
    torch.testing.assert_close(
        other.divergence(*encoded(other, cells), members),
        network.divergence(*encoded(network, cells), members),
    )
    # Replicates that differ by names alone are the same in one frame, whatever the reference.
    one, two = in_one_frame([network, other], cells)
    for name, value in one.state_dict().items():
        torch.testing.assert_close(two.state_dict()[name], value)
    on = ((one.mask_logit > 0) & (one.probability() > 0.5)).sum(0)
    assert on.tolist() == sorted(on.tolist(), reverse=True)
