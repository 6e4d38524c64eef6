"""A fitted family: stored and read back, blind to test genes, the same whatever the order."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from scdyn_core.evaluation.clustering.agreement import adjusted_rand
from scdyn_core.methods.response_mixture.config import ResponseMixtureConfig
from scdyn_core.methods.response_mixture.fitted import ALGORITHM, MixtureFamily
from scdyn_core.methods.responses.arrays import all_curves
from scdyn_core.methods.responses.pseudobulk import Curves
from tests.methods.responses.small import METHOD, QUIET, counted, planted, positions, tensors_of

K = 4
#: Detection is decided gene by gene, and depth is not scaled: genes do not touch each other.
CONFIG = ResponseMixtureConfig(
    clusters=K, most_clusters=K, starts=3, depth="none", detected=0.0, offset="flat genes"
)


def fitted(tensors, config=CONFIG, seed=0):
    return METHOD.fit(tensors, config, [seed], QUIET)[0]


def family(tensors, config=CONFIG, seed=0):
    return MixtureFamily.from_arrays(fitted(tensors, config, seed), True)


def labels(model, found):
    return model.memberships(found, ALGORITHM, K, 0).argmax(axis=1)


@pytest.fixture(scope="module")
def dataset():
    return planted(n_cells=500, n_genes=160)


@pytest.fixture(scope="module")
def tensors(dataset):
    return tensors_of(dataset, CONFIG)


@pytest.fixture(scope="module")
def stored(tensors):
    return fitted(tensors)


@pytest.fixture(scope="module")
def own(tensors):
    """The family of the tests and the clusters that it makes."""
    model = family(tensors)
    return model, labels(model, all_curves(tensors))


def same(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)


def test_what_is_stored_gives_the_same_family(stored):
    again = MixtureFamily.from_arrays(stored, True)
    assert same(again.arrays(), stored)
    assert sorted(again.mixtures) == [2, 3, 4]


def test_one_seed_gives_the_same_arrays_bit_by_bit(tensors, stored):
    assert same(fitted(tensors), stored)


def test_another_seed_finds_nearly_the_same_clusters(tensors, own):
    other = family(tensors, seed=5)
    assert adjusted_rand(own[1], labels(other, all_curves(tensors))) > 0.9


def replaced(dataset, genes, seed=9):
    """Return the dataset with other counts of some genes."""
    adata = dataset.adata.copy()
    dense = adata.X.toarray()
    rng = np.random.default_rng(seed)
    dense[:, genes] = 1 + rng.poisson(rng.uniform(0, 20, len(genes)), (len(dense), len(genes)))
    adata.X = sparse.csr_matrix(dense)
    return counted(adata)


def test_no_value_of_a_test_gene_changes_what_is_learned(dataset, tensors, stored):
    other = tensors_of(replaced(dataset, tensors.samples["test"]), CONFIG)
    assert not np.array_equal(other.parts["test"]["mean"], tensors.parts["test"]["mean"])
    assert same(fitted(other), stored)
    for name, value in tensors.constants.items():
        assert np.array_equal(other.constants[name], value)


def test_nor_does_one_of_a_validation_gene(dataset, tensors, stored):
    other = tensors_of(replaced(dataset, tensors.samples["validation"]), CONFIG)
    assert same(fitted(other), stored)


def test_values_of_training_genes_do(dataset, tensors, stored):
    other = tensors_of(replaced(dataset, tensors.samples["train"]), CONFIG)
    assert not same(fitted(other), stored)


def test_counts_that_move_between_test_genes_keep_the_depth_and_change_nothing(dataset):
    config = CONFIG.model_copy(update={"depth": "total"})
    tensors = tensors_of(dataset, config)
    adata = dataset.adata.copy()
    dense, test = adata.X.toarray(), tensors.samples["test"]
    dense[:, test] = np.random.default_rng(1).permuted(dense[:, test], axis=1)
    adata.X = sparse.csr_matrix(dense)
    assert same(fitted(tensors_of(counted(adata), config)), fitted(tensors))


def test_the_order_of_cells_is_of_no_account(dataset, own):
    order = np.random.default_rng(2).permutation(dataset.adata.n_obs)
    other = tensors_of(counted(dataset.adata[order].copy()), CONFIG)
    assert adjusted_rand(own[1], labels(family(other), all_curves(other))) == 1.0


def test_the_order_of_genes_is_of_no_account(tensors, own):
    """The same training genes in another order: other starts, the same end."""
    order = np.random.default_rng(3).permutation(len(tensors.samples["train"]))
    parts = dict(tensors.parts)
    parts["train"] = {name: value[order] for name, value in parts["train"].items()}
    shuffled = family(replace(tensors, parts=parts))
    assert adjusted_rand(own[1], labels(shuffled, all_curves(tensors))) > 0.95


def test_a_constant_added_to_the_log_level_of_a_gene_is_of_no_account(tensors, own):
    parts = {}
    for part, arrays in tensors.parts.items():
        shift = np.random.default_rng(4).normal(0, 5, (len(arrays["mean"]), 1))
        parts[part] = {**arrays, "mean": arrays["mean"] + shift}
    moved = replace(tensors, parts=parts)
    assert adjusted_rand(own[1], labels(family(moved), all_curves(moved))) == 1.0


def test_a_change_that_all_genes_share_is_no_response(tensors, own):
    shift = np.array([0.0, 1.0, -0.5, 0.3, 2.0, -1.0])
    parts = {
        part: {**arrays, "mean": arrays["mean"] + shift} for part, arrays in tensors.parts.items()
    }
    constants = {**tensors.constants, "offset": tensors.constants["offset"] + shift}
    moved = replace(tensors, parts=parts, constants=constants)
    model = family(moved)
    assert adjusted_rand(own[1], labels(model, all_curves(moved))) == 1.0
    assert model.offset(K) == pytest.approx(own[0].offset(K) + shift, abs=1e-4)


def test_predictions_of_a_gene_do_not_depend_on_the_other_genes_asked_about(tensors, own):
    found, (model, _) = all_curves(tensors), own
    few = np.array([3, 50, 7])
    whole, some = model.predicted(found, K), model.predicted(found.rows(few), K)
    for one, other in zip(whole, some, strict=True):
        assert other == pytest.approx(one[few], abs=1e-10)


def test_genes_of_no_response_are_at_the_origin_and_others_at_about_one(dataset, tensors, own):
    latent = own[0].latent(all_curves(tensors), K)
    size = np.sqrt((latent**2).mean(axis=1))
    flat = (dataset.adata.var["response_class_true"] == "flat").to_numpy()[positions(tensors)]
    strong = dataset.adata.var["fold_true"].to_numpy()[positions(tensors)] > 4
    assert np.median(size[flat]) < 0.4
    assert np.median(size[strong]) > 0.8


def test_the_criterion_charges_for_every_class(tensors, own):
    found, (model, _) = all_curves(tensors), own
    numbers = 5 + 5
    for k in (2, 3, 4):
        charge = numbers * (k - 1) * np.log(len(tensors.samples["train"]))
        expected = charge - 2 * model.likelihoods[k]
        assert model.criterion(found, ALGORITHM, k, 0) == pytest.approx(expected)


def test_hidden_times_do_not_trouble_the_memberships(tensors, own):
    found = all_curves(tensors)
    se = found.se.copy()
    se[::2, 3] = np.inf
    found = Curves(found.times, found.cells, np.where(np.isinf(se), 0.0, found.mean), se)
    member = own[0].memberships(found, ALGORITHM, K, 0)
    assert member.sum(axis=1) == pytest.approx(1.0)
