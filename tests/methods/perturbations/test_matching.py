"""Matched control cells: states are balanced, nobody meets itself, and order does not matter."""

import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scdyn_core.errors import ConfigError
from scdyn_core.methods.perturbations.matched_change import matched_change
from scdyn_core.methods.perturbations.matching import MOST_CONTROLS, match_controls
from scdyn_core.methods.perturbations.matching_space import matching_space
from tests.methods.perturbations.confounded import EFFECT, GENES, STATE, TOUCHED, confounded

ALL = ["relaxed transport", "optimal transport", "nearest", "assignment", "random", "mean",
       "published"]  # fmt: skip
#: Those that let controls be used as often as perturbed cells are in their state.
BALANCING = ["relaxed transport", "nearest"]


def space_of(values, labels, seed=0):
    targeted = np.arange(GENES) == TOUCHED
    return matching_space(csr_matrix(values), labels == "NT", targeted, seed, components=3)


def matched(how, seed=0):
    values, labels = confounded(seed)
    return csr_matrix(values), match_controls(space_of(values, labels), labels, "NT", how, seed)


@pytest.mark.parametrize("how", ALL)
def test_every_cell_is_compared_with_control_cells(how):
    _, found = matched(how)
    assert found.weights.shape == (len(found.labels), len(found.controls))
    assert np.all(found.labels[found.controls] == "NT")
    assert found.weights.data.min() >= 0
    assert np.allclose(np.asarray(found.weights.sum(axis=1)).ravel(), 1)


@pytest.mark.parametrize("how", ALL)
def test_control_cells_are_matched_with_the_other_half_never_with_themselves(how):
    _, found = matched(how)
    among = found.weights[found.controls]
    assert among.diagonal().sum() == 0
    assert nx.is_bipartite(nx.from_scipy_sparse_array(among + among.T))


@pytest.mark.parametrize("how", BALANCING)
@pytest.mark.parametrize("seed", range(3))
def test_a_state_that_is_more_frequent_among_perturbed_cells_is_no_effect(how, seed):
    values, found = matched(how, seed)
    change = matched_change(values, found)
    a = change.perturbations.index("A")
    plain = values[found.labels == "A"].mean(axis=0) - values[found.labels == "NT"].mean(axis=0)
    plain = np.asarray(plain).ravel()
    assert plain[STATE].mean() > 0.6
    assert abs(change.centred[a, STATE].mean()) < 0.15
    assert change.centred[a, TOUCHED] == pytest.approx(EFFECT, abs=0.1)
    assert np.abs(change.z[a]).argmax() == TOUCHED


def test_transport_that_uses_all_controls_alike_is_the_difference_of_means():
    values, found = matched("optimal transport")
    change = matched_change(values, found)
    for row, name in enumerate(change.perturbations):
        own = found.weights[found.labels == name]
        used = np.asarray(own.mean(axis=0)).ravel() * len(found.controls)
        assert np.allclose(used, 1, atol=0.05)
        plain = values[found.labels == name].mean(axis=0) - values[found.controls].mean(axis=0)
        assert np.allclose(change.mean[row], np.asarray(plain).ravel(), atol=0.02)


def test_assignment_uses_no_control_twice_before_all_are_used():
    _, found = matched("assignment")
    used = np.asarray(found.weights[found.labels == "A"].sum(axis=0)).ravel()
    assert used.max() == 1


def test_more_cells_than_controls_use_none_more_often_than_needed():
    rng = np.random.default_rng(0)
    labels = np.array(["A"] * 25 + ["NT"] * 10, dtype=object)
    found = match_controls(rng.normal(size=(35, 2)), labels, "NT", "assignment", 0)
    used = np.asarray(found.weights[labels == "A"].sum(axis=0)).ravel()
    assert used.max() == 3


@pytest.mark.parametrize("how", BALANCING)
def test_between_control_cells_and_without_effect_nothing_changes(how):
    values, found = matched(how)
    change = matched_change(values, found)
    b = change.perturbations.index("B")
    assert np.abs(change.null_mean).max() < 0.15
    assert np.abs(change.z[b]).max() < 4
    # Absolute changes are large where nothing was done: they are no effect.
    assert change.null_median_size.min() > 0.2
    assert np.allclose(change.median_size[b], change.null_median_size, atol=0.1)


@pytest.mark.parametrize("how", [how for how in ALL if how != "random"])
def test_the_order_of_perturbed_cells_does_not_matter(how):
    values, labels = confounded()
    order = np.arange(len(labels))
    perturbed = np.flatnonzero(labels != "NT")
    order[perturbed] = np.random.default_rng(1).permutation(perturbed)
    space = space_of(values, labels)
    before = match_controls(space, labels, "NT", how, 0)
    after = match_controls(space[order], labels[order], "NT", how, 0)
    assert np.array_equal(before.controls, after.controls)
    difference = before.weights[order] - after.weights
    assert abs(difference).max() < 1e-6


def test_cells_are_matched_within_their_group_only():
    values, labels = confounded()
    part = np.where(np.arange(len(labels)) % 2 == 0, "train", "test")
    found = match_controls(space_of(values, labels), labels, "NT", "nearest", 0, part)
    cells, controls = found.weights.nonzero()
    assert np.array_equal(part[cells], part[found.controls[controls]])


def test_more_controls_than_are_matched_with_are_compared_all_the_same():
    rng = np.random.default_rng(0)
    labels = np.array(["A"] * 5 + ["NT"] * (MOST_CONTROLS + 30), dtype=object)
    found = match_controls(rng.normal(size=(len(labels), 2)), labels, "NT", "nearest", 0)
    assert len(found.controls) == MOST_CONTROLS
    assert np.allclose(np.asarray(found.weights.sum(axis=1)).ravel(), 1)


def test_the_strongest_control_is_one_control():
    _, found = matched("relaxed transport")
    one = found.strongest
    assert np.all(np.diff(one.weights.indptr) == 1)
    best = found.weights.max(axis=1).toarray().ravel()
    chosen = np.asarray(found.weights[np.arange(len(best)), one.weights.indices]).ravel()
    assert np.allclose(chosen, best)


def test_genes_that_were_perturbed_do_not_count_in_the_space():
    values, labels = confounded()
    moved = values.copy()
    moved[:, TOUCHED] += np.random.default_rng(0).normal(0, 9, len(values))
    assert np.array_equal(space_of(values, labels), space_of(moved, labels))


def test_perturbed_cells_do_not_shape_the_space():
    values, labels = confounded()
    moved = values.copy()
    moved[labels != "NT"] += 5
    control = labels == "NT"
    before, after = space_of(values, labels), space_of(moved, labels)
    assert np.allclose(before[control], after[control])


@pytest.mark.parametrize(("labels", "control"), [(["A", "B"], None), (["A", "NT", "NT"], "NT")])
def test_too_few_control_cells_are_an_error(labels, control):
    with pytest.raises(ConfigError):
        match_controls(np.zeros((len(labels), 2)), np.array(labels, dtype=object), control,
                       "nearest", 0)  # fmt: skip


def test_transport_needs_no_deep_learning_library_and_warns_of_nothing():
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c",
         "import sys, numpy as np\n"
         "from scdyn_core.methods.perturbations.matching_plans import transport\n"
         "assert 'ot' not in sys.modules\n"
         "transport(np.random.default_rng(0).random((5, 4)))\n"
         "print(sorted({'torch', 'jax', 'tensorflow', 'cupy'} & set(sys.modules)))"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == "[]"
