"""Counts that are left out of a cell are predicted from the others alone, whoever predicts them."""

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from scipy.stats import nbinom

from scdyn_core.methods.scvi.dispersion import log_dispersion
from scdyn_core.methods.scvi.held_out import EVIDENCE, REBUILT, UNSEEN, held_out_scores
from scdyn_core.methods.scvi.network import divergence
from scdyn_core.methods.scvi.predictors import Components
from scdyn_core.methods.scvi.reading import cells_of
from scdyn_core.methods.scvi.thinning import halves
from scdyn_core.preprocess.size_factors import median_total
from scdyn_core.training.seeding import derive_seed
from tests.methods.scvi.small import TINY, counted, tensors_of, train

SEED = 4


@pytest.fixture(scope="module")
def tensors():
    return tensors_of(counted(150))


@pytest.fixture(scope="module")
def network(tensors):
    (trained,) = train(tensors)
    return trained


@pytest.fixture(scope="module")
def scores(network, tensors):
    return {each.metric: each for each in held_out_scores([network], tensors, None, SEED)}


def counts_of(tensors, part):
    return csr_matrix(np.asarray(tensors.parts[part]["counts"], dtype=np.float64))


def improbable(counts, shares, log_theta):
    """Return minus the log likelihood of a cell by scipy, mean over cells."""
    counts, theta = counts.toarray(), np.exp(log_theta)
    means = counts.sum(1, keepdims=True) * shares
    return -nbinom.logpmf(counts, theta, theta / (theta + means)).sum(1).mean()


@torch.no_grad()
def shares_of(network, counts):
    """Return the shares that the posterior means of these counts stand for."""
    seen = torch.as_tensor(counts.toarray(), dtype=torch.float32)
    cells = {"counts": seen, "library": seen.sum(1).log()}
    return network.decoded(network.posterior(cells)[0], cells).log_share.exp().double().numpy()


def test_the_model_sees_one_half_and_is_asked_for_the_other(network, tensors, scores):
    seen, asked = halves(counts_of(tensors, "test"), derive_seed(SEED, "halves"))
    theta = network.log_dispersion.detach().double().numpy()
    by_hand = improbable(asked, shares_of(network, seen), theta)
    assert scores[UNSEEN].value == pytest.approx(by_hand, rel=1e-5)
    whole = counts_of(tensors, "test")
    by_hand = improbable(whole, shares_of(network, whole), theta)
    assert scores[REBUILT].value == pytest.approx(by_hand, rel=1e-5)


def test_components_see_the_same_half_and_learn_from_training_cells_alone(tensors, scores):
    known, told = halves(counts_of(tensors, "train"), derive_seed(SEED, "training halves"))
    seen, asked = halves(counts_of(tensors, "test"), derive_seed(SEED, "halves"))
    components = Components.fit(known, TINY.latents, median_total(known), SEED)
    theta = log_dispersion(told, told.sum(1).A1[:, None] * components.shares(known, None))
    by_hand = improbable(asked, components.shares(seen, None), theta)
    assert scores[UNSEEN].baselines[components.name] == pytest.approx(by_hand)


def test_means_of_genes_are_those_of_training_cells(tensors, scores):
    train_counts, test_counts = (counts_of(tensors, part) for part in ("train", "test"))
    share = train_counts.sum(0).A1 + 1.0
    share /= share.sum()
    theta = log_dispersion(train_counts, train_counts.sum(1).A1[:, None] * share)
    by_hand = improbable(test_counts, np.tile(share, (test_counts.shape[0], 1)), theta)
    assert scores[REBUILT].baselines["gene means"] == pytest.approx(by_hand)
    # What looks at no count of the cell says how probable it is, and is no bound.
    assert scores[EVIDENCE].baselines["gene means"] == pytest.approx(-by_hand)


def test_components_expect_as_many_counts_of_a_gene_as_there_are():
    # Few counts, spread widely: the mean of logs is far from the log of the mean.
    counts = counts_of(tensors_of(counted(500, genes=60, depth=60.0, dispersion=0.5)), "train")
    depth = median_total(counts)
    components = Components.fit(counts, TINY.latents, depth, 0)
    scaled = counts.toarray() / np.maximum(counts.sum(1).A1[:, None], 1.0) * depth
    said = components.shares(counts, None).mean(0) * depth
    np.testing.assert_allclose(said, scaled.mean(0), rtol=0.1)


@torch.no_grad()
def test_the_evidence_is_a_bound_of_what_many_draws_say(network, tensors, scores):
    cells = cells_of(tensors, "test")
    m, v = network.posterior(cells)
    z = m + v.sqrt() * torch.randn(400, *m.shape, generator=torch.Generator().manual_seed(0))
    likelihood = network.log_likelihood(cells, network.decoded(z, cells))
    evidence = float((likelihood.mean(0) - divergence(m, v)).mean())
    spread = float(likelihood.std(0).mean()) / np.sqrt(len(m) * TINY.evidence_draws)
    assert scores[EVIDENCE].value == pytest.approx(evidence, abs=6.0 * spread)
    assert scores[EVIDENCE].value < -scores[REBUILT].value
