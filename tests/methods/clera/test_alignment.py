"""Matching replicates: a network under other names is the same network, and is recognised."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.methods.clera import tables
from scdyn_core.methods.clera.alignment import (
    match_latents,
    matched_networks,
    may_flip,
    reference_replicate,
)
from scdyn_core.methods.clera.alignment_table import alignment_table, field_agreement
from scdyn_core.methods.clera.config import CleraConfig, LibraryConfig
from scdyn_core.methods.clera.library import Library
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import Readout, read_all
from tests.methods.clera.planted import planted_motion

INPUTS, CLASSES = 9, 4
MIRRORED = LibraryConfig(order=3, reciprocal=True, sin=True, cos=True, tanh=True)
DTYPE = torch.float64


def network(latents, library=MIRRORED, seed=0, inputs=INPUTS, **settings):
    """A network whose every weight and buffer is random."""
    config = CleraConfig(latents=latents, library=library, widths=(7, 5), **settings)
    axes, sd = torch.eye(inputs)[:latents], torch.ones(latents)
    net = CleraNetwork(config, inputs, 1.7, torch.ones(2), CLASSES, seed, axes, sd)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in (*net.parameters(), net.latent_mean, net.latent_map):
            value.copy_(torch.randn(value.shape, generator=generator) * 0.4)
        net.mask.copy_((torch.rand(net.mask.shape, generator=generator) > 0.5).float())
    return net.to(DTYPE).eval()


@st.composite
def relabellings(draw):
    latents = draw(st.integers(1, 4))
    order = draw(st.permutations(range(latents)))
    signs = draw(st.lists(st.sampled_from([1.0, -1.0]), min_size=latents, max_size=latents))
    return order, signs


@settings(deadline=None, max_examples=40)
@given(
    relabelling=relabellings(),
    activation=st.sampled_from(["elu", "tanh", "relu"]),
    linear_start=st.booleans(),
)
def test_a_relabelled_network_is_the_same_function(relabelling, activation, linear_start):
    order, signs = relabelling
    old = network(len(order), activation=activation, linear_start=linear_start)
    new = copy.deepcopy(old)
    new.relabel_latents(order, signs)
    x, dx = torch.randn(2, 30, INPUTS, dtype=DTYPE, generator=torch.Generator().manual_seed(1))
    flip = torch.tensor(signs, dtype=DTYPE)
    (z, dz), (z_new, dz_new) = old.encode_dual(x, dx), new.encode_dual(x, dx)
    torch.testing.assert_close(new.encode(x), z[:, order] * flip)
    torch.testing.assert_close(z_new, z[:, order] * flip)
    torch.testing.assert_close(dz_new, dz[:, order] * flip)
    velocity = old.velocity(z)
    torch.testing.assert_close(new.velocity(z_new), velocity[:, order] * flip)
    torch.testing.assert_close(new.decode(z_new), old.decode(z))
    for after, before in zip(
        new.decode_dual(z_new, velocity[:, order] * flip),
        old.decode_dual(z, velocity),
        strict=True,
    ):
        torch.testing.assert_close(after, before)
    torch.testing.assert_close(new.classifier(z_new), old.classifier(z))
    terms = frozenset(
        {"reconstruction", "derivative", "latent_derivative", "classification", "sparsity"}
    )
    batch = {"x": x, "dx": dx, "classes": torch.eye(CLASSES, dtype=DTYPE)[torch.arange(30) % 4]}
    torch.testing.assert_close(new(batch, terms), old(batch, terms))


@settings(deadline=None, max_examples=30)
@given(relabelling=relabellings())
def test_terms_of_the_library_follow_the_latents(relabelling):
    order, signs = relabelling
    library = Library(len(order), MIRRORED)
    terms, term_signs = library.relabelled(order, signs)
    z = torch.randn(20, len(order), dtype=DTYPE, generator=torch.Generator().manual_seed(1))
    new = library(z[:, order] * torch.tensor(signs, dtype=DTYPE))
    torch.testing.assert_close(new, library(z)[:, terms] * torch.tensor(term_signs, dtype=DTYPE))
    assert sorted(terms) == list(range(library.size))


def test_an_exponential_has_no_mirror_image():
    library = LibraryConfig(exp=True)
    assert may_flip(Library(3, MIRRORED))
    assert not may_flip(Library(3, library))
    net = network(2, library)
    with pytest.raises(ValueError, match="mirror"):
        net.relabel_latents([0, 1], [-1.0, 1.0])
    net.relabel_latents([1, 0], [1.0, 1.0])
    assert net.latent_origin == (2, 1)


@settings(deadline=None, max_examples=30)
@given(relabelling=relabellings(), seed=st.integers(0, 99))
def test_a_signed_permutation_is_recovered(relabelling, seed):
    order, signs = relabelling
    z = np.random.default_rng(seed).normal(size=(200, len(order)))
    found = match_latents(z, z[:, order] * signs, flips=True)
    np.testing.assert_allclose(found.correlation, 1.0)
    other = (z[:, order] * signs)[:, found.order] * found.signs
    np.testing.assert_allclose(other, z)


def test_without_mirror_images_only_the_order_is_matched():
    z = np.random.default_rng(0).normal(size=(200, 2))
    found = match_latents(z, -z[:, ::-1], flips=False)
    assert found.order == (1, 0)
    assert found.signs == (1.0, 1.0)
    np.testing.assert_allclose(found.correlation, -1.0)


def test_a_constant_latent_is_matched_to_what_is_left():
    z = np.random.default_rng(0).normal(size=(200, 3))
    dead = z.copy()
    dead[:, 1] = 0.0
    found = match_latents(z, dead[:, [1, 2, 0]], flips=True)
    assert found.order == (2, 0, 1)
    assert found.agreement == pytest.approx(2 / 3)


def test_the_reference_is_the_replicate_in_the_middle():
    rng = np.random.default_rng(0)
    middle = rng.normal(size=(500, 2))
    latents = [middle + level * rng.normal(size=middle.shape) for level in (1.0, 0.1, 1.0, 1.0)]
    assert reference_replicate(latents) == 1


@pytest.fixture(scope="module")
def relabelled():
    """Three copies of one network under different names of their latents, and its tensors."""
    tensors, _, _ = planted_motion(cells=300)
    inputs = tensors.parts["train"]["x"].shape[1]
    nets = [network(3, inputs=inputs).float() for _ in range(3)]
    nets[1].relabel_latents([2, 0, 1], [1.0, -1.0, -1.0])
    nets[2].relabel_latents([0, 2, 1], [-1.0, 1.0, 1.0])
    return nets, tensors


def test_the_tables_of_matched_networks_are_equal(relabelled):
    nets, tensors = relabelled
    matched, reference = matched_networks(nets, tensors)
    equations = tables.equations_table(matched, matched[0].library).frame
    programs = tables.programs_table(matched, tensors).frame
    for frame, value in ((equations, "coefficient"), (programs, "effect")):
        first, *others = (rows[value].to_numpy() for _, rows in frame.groupby("replicate"))
        for other in others:
            np.testing.assert_allclose(other, first, atol=1e-4 * np.abs(first).max())
    assert set(equations["inclusion"]) == {0.0, 1.0}
    readouts = [read_all(net, tensors) for net in matched]
    table = alignment_table(matched, readouts, reference).frame
    np.testing.assert_allclose(table[["correlation", "affine_r2", "field_share"]], 1.0, atol=1e-5)
    np.testing.assert_allclose(field_agreement(readouts), 1.0, atol=1e-5)


def test_matching_twice_is_matching_once_and_leaves_the_originals(relabelled):
    nets, tensors = relabelled
    before = [net.state_dict()["coefficients"].clone() for net in nets]
    once, _ = matched_networks(nets, tensors)
    twice, _ = matched_networks(once, tensors)
    for first, second in zip(once, twice, strict=True):
        assert first.latent_origin == second.latent_origin
        for name, value in first.state_dict().items():
            assert torch.equal(value, second.state_dict()[name]), name
    for net, coefficients in zip(nets, before, strict=True):
        assert torch.equal(net.coefficients, coefficients)


def test_test_cells_have_no_say_in_the_matching(relabelled):
    nets, tensors = relabelled
    rng = np.random.default_rng(0)
    other = copy.deepcopy(tensors)
    for array in other.parts["test"].values():
        array[:] = rng.normal(size=array.shape)
    for ours, theirs in zip(
        Clera().settle(nets, tensors, nets[0].config),
        Clera().settle(nets, other, nets[0].config),
        strict=True,
    ):
        assert ours.latent_origin == theirs.latent_origin


def test_a_linear_image_of_a_field_is_the_same_field():
    rng = np.random.default_rng(0)
    turn = rng.normal(size=(2, 2))

    def parts(matrix):
        found = {}
        for part in ("train", "validation", "test"):
            z = np.random.default_rng(len(part)).normal(size=(300, 2))
            dz = z @ np.array([[-0.3, 1.0], [-1.0, -0.3]])
            found[part] = Readout(z @ matrix + 1.0, dz, dz @ matrix, z, z, None)
        return found

    plain, turned = parts(np.eye(2)), parts(turn)
    np.testing.assert_allclose(field_agreement([plain, turned]), 1.0)
    nets = [network(2).float(), network(2).float()]
    table = alignment_table(nets, [plain, turned], 0).frame
    np.testing.assert_allclose(table["affine_r2"], 1.0)
    np.testing.assert_allclose(table["field_cosine"], 1.0)
