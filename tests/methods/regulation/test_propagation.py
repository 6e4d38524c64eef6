"""Hard interventions: what is held is held, and all else is what its own sources make of it."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.methods.regulation.propagation import gene_changes

NODES, GENES = 5, 9


def drawn(seed, cyclic=True, unmeasured=0, size=0.5):
    """Coefficients, genes of the nodes, doses; no node acts on itself; all paths die out."""
    rng = np.random.default_rng(seed)
    column = rng.permutation(GENES)[:NODES]
    column[:unmeasured] = GENES
    a = rng.normal(0, size, (NODES, GENES)) * (rng.random((NODES, GENES)) < 0.5)
    measured = np.flatnonzero(column < GENES)
    a[measured, column[measured]] = 0.0
    if not cyclic:
        order = {column[node]: place for place, node in enumerate(measured)}
        for place, node in enumerate(measured):
            a[node, [gene for gene, own in order.items() if own <= place]] = 0.0
    among = np.concatenate([a, np.zeros((NODES, 1))], axis=1)[:, column]
    radius = max(np.abs(np.linalg.eigvals(np.abs(among))).max(), 1e-9)
    return a * min(1.0, 0.8 / radius), column, rng.normal(0, 1.5, NODES)


def settled(a, column, dose, held):
    """Pass changes on until nothing changes."""
    nodes, genes = np.zeros(NODES), np.zeros(GENES)
    nodes[held] = dose[held]
    for _ in range(500):
        genes = nodes @ a
        for node in held:
            if column[node] < GENES:
                genes[column[node]] = dose[node]
        nodes = np.append(genes, 0.0)[column]
        nodes[held] = dose[held]
    return genes


def solved(a, column, dose, held):
    """Solve for the nodes that are not held."""
    among = np.append(a, np.zeros((NODES, 1)), axis=1)[:, column]
    free = [node for node in range(NODES) if node not in held]
    nodes = np.zeros(NODES)
    nodes[held] = dose[held]
    inner = np.eye(len(free)) - among[np.ix_(free, free)]
    nodes[free] = np.linalg.solve(inner.T, dose[held] @ among[np.ix_(held, free)])
    genes = nodes @ a
    for node in held:
        if column[node] < GENES:
            genes[column[node]] = dose[node]
    return genes


def propagated(a, column, dose, members):
    width = max(1, *map(len, members))
    padded = [[*own, *[NODES] * (width - len(own))] for own in members]
    return gene_changes(
        torch.as_tensor(a), torch.as_tensor(column), torch.as_tensor(dose), torch.tensor(padded)
    )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    cyclic=st.booleans(),
    unmeasured=st.integers(0, NODES),
    members=st.lists(st.sets(st.integers(0, NODES - 1), max_size=3), min_size=1, max_size=4),
)
def test_changes_are_where_passing_on_settles(seed, cyclic, unmeasured, members):
    a, column, dose = drawn(seed, cyclic, unmeasured)
    held = [sorted(own) for own in members]
    found = propagated(a, column, dose, held).numpy()
    for row, own in zip(found, held, strict=True):
        np.testing.assert_allclose(row, settled(a, column, dose, own), atol=1e-9)
        np.testing.assert_allclose(row, solved(a, column, dose, own), atol=1e-9)


def test_cycles_that_never_settle_still_solve_the_equations_of_what_is_not_held():
    a, column, dose = drawn(3, size=3.0)
    a *= 5.0
    for held in ([1], [0, 3]):
        found = propagated(a, column, dose, [held]).numpy()[0]
        np.testing.assert_allclose(found, solved(a, column, dose, held), atol=1e-8)


def test_a_knock_down_reaches_everything_downstream_and_nothing_enters_it():
    """A -> B -> C and C -> A: with A held, C's effect on A is cut."""
    a = np.zeros((NODES, GENES))
    a[0, 1], a[1, 2], a[2, 0], a[2, 8] = 0.5, -2.0, 0.7, 3.0
    column, dose = np.arange(NODES), np.array([-1.5, -1.0, -1.0, -1.0, -1.0])
    found = propagated(a, column, dose, [[0], [0, 1], [0, 1, 2], []]).numpy()
    np.testing.assert_allclose(found[0, [0, 1, 2, 8]], [-1.5, -0.75, 1.5, 4.5])
    np.testing.assert_allclose(found[1, [0, 1, 2, 8]], [-1.5, -1.0, 2.0, 6.0])
    np.testing.assert_allclose(found[2, [0, 1, 2, 8]], [-1.5, -1.0, -1.0, -3.0])
    assert not found[3].any()


def test_nothing_enters_a_node_that_is_not_measured():
    a, column, dose = drawn(4, unmeasured=2)
    found = propagated(a, column, dose, [[3], [0]])
    others = a.copy()
    others[0] += 1.0
    again = propagated(others, column, dose, [[3], [0]])
    torch.testing.assert_close(again[0], found[0])
    assert not torch.equal(again[1], found[1])


@pytest.mark.parametrize("members", [[[0], [3]], [[0, 2], [1]], [[0, 1, 4], []]])
def test_slopes_are_those_of_small_differences(members):
    a, column, dose = drawn(5, unmeasured=1)
    width = max(map(len, members))
    padded = torch.tensor([[*own, *[NODES] * (width - len(own))] for own in members])
    column, dose = torch.as_tensor(column), torch.as_tensor(dose)
    start = torch.as_tensor(a).requires_grad_()
    assert torch.autograd.gradcheck(lambda at: gene_changes(at, column, dose, padded), start)
