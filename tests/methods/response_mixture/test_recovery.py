"""Planted classes are found again, better than by what anybody would try first."""

import numpy as np
import pytest

from scdyn_core.evaluation.clustering.agreement import adjusted_rand
from scdyn_core.evaluation.clustering.baselines import level_only, raw_means, z_scored_means
from scdyn_core.methods.response_mixture.config import ResponseMixtureConfig
from scdyn_core.methods.response_mixture.fitted import ALGORITHM, MixtureFamily
from scdyn_core.methods.responses.arrays import all_curves, part_curves
from scdyn_core.methods.responses.mixture.starting import fit_mixture
from tests.methods.responses.small import QUIET, classes, planted, positions, tensors_of


def recovered(name, seed, numbers=(6,), **params):
    """Return curves of all genes, their planted classes and a family of mixtures."""
    dataset = planted(name, seed, **{"n_cells": 1800, "n_genes": 500, **params})
    tensors = tensors_of(dataset, ResponseMixtureConfig(), seed)
    learned, offset = part_curves(tensors, "train"), tensors.constants["offset"]
    fitted = {
        k: fit_mixture(learned.mean, learned.se, learned.times, offset, 0.07, k, seed, QUIET,
                       starts=6) for k in numbers
    }  # fmt: skip
    mixtures, likelihoods = ({k: each[i] for k, each in fitted.items()} for i in (0, 1))
    model = MixtureFamily(mixtures, likelihoods, len(learned.mean), True)
    return all_curves(tensors), classes(dataset, positions(tensors)), model


def agreement(found, truth, model):
    """Return how well mixture and k-means of z-scored means agree with the planted classes."""
    own = model.memberships(found, ALGORITHM, 6, 0).argmax(axis=1)
    z_scored = z_scored_means(found.mean, found.times, 6, 0)
    return adjusted_rand(own, truth), adjusted_rand(z_scored, truth)


@pytest.mark.parametrize("seed", [11, 12])
def test_planted_classes_are_found(seed):
    found, truth, model = recovered("levels", seed)
    own, z_scored = agreement(found, truth, model)
    assert own > 0.9
    assert 1 - own < 0.7 * (1 - z_scored)
    for way in (raw_means, level_only):
        assert adjusted_rand(way(found.mean, found.times, 6, 0), truth) < 0.2


def test_their_number_is_found():
    found, _, model = recovered("levels", 11, (5, 6, 7), n_cells=2400, n_genes=800)
    criteria = {k: model.criterion(found, ALGORITHM, k, 0) for k in model.mixtures}
    assert min(criteria, key=criteria.__getitem__) == 6


def test_genes_that_do_not_keep_time_stay_in_their_class():
    found, truth, model = recovered("delay", 11)
    own, z_scored = agreement(found, truth, model)
    assert own > 0.8
    assert own > z_scored + 0.05


def test_memberships_know_how_sure_they_are():
    found, truth, model = recovered("graded", 11)
    member = model.memberships(found, ALGORITHM, 6, 0)
    labels = member.argmax(axis=1)
    majority = np.array([np.bincount(truth[labels == j], minlength=6).argmax() for j in range(6)])
    right = majority[labels] == truth
    sure = member.max(axis=1) > 0.95
    assert right[sure].mean() > 0.93
    assert right[~sure].mean() < right[sure].mean() - 0.15
