"""What an edge costs: as many standard errors of what perturbations say of it as was asked for."""

import numpy as np
import pytest

from scdyn_core.methods.path_network.config import PathNetworkConfig
from scdyn_core.methods.regulation.arrays import measured_in, nodes_from
from scdyn_core.methods.regulation.cost import edge_costs
from scdyn_core.methods.regulation.least_squares import problem_of
from scdyn_core.methods.regulation.solver import solve
from tests.methods.regulation.small import PLAIN, screen, tensors_of, with_counts


def costs_of(dataset, config=PLAIN, prior=None):
    tensors = tensors_of(dataset, config)
    measured, nodes = measured_in(tensors, "train"), nodes_from(tensors)
    prior = np.zeros((len(nodes.names), len(measured.genes))) if prior is None else prior
    return edge_costs(measured, nodes, prior, config), measured, nodes


def test_a_cost_is_so_many_standard_errors_of_the_slope():
    cost, measured, nodes = costs_of(screen())
    row, gene = nodes.names.index("N03"), 10
    label = [own.tolist() for own in measured.members].index([row])
    variance = measured.error[label, gene] ** 2 + measured.control_error[gene] ** 2
    root = np.sqrt(nodes.dose[row] ** 2 / variance * measured.noise.precision[gene])
    assert cost[row, gene] == pytest.approx(PLAIN.sparsity * root)


def test_no_gene_acts_on_itself_and_nothing_is_known_of_what_was_never_perturbed():
    config = PathNetworkConfig(held_out=("N03",))
    cost, _, nodes = costs_of(screen(), config)
    own = np.zeros(cost.shape, dtype=bool)
    for row, column in enumerate(nodes.column):
        own[row, column : column + 1] = column < cost.shape[1]
    own[nodes.names.index("N03")] = True
    np.testing.assert_array_equal(np.isinf(cost), own)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_edges_of_the_prior_cost_a_share_of_others(share):
    config = PathNetworkConfig(prior_cost=share)
    plain, _, _nodes = costs_of(screen(), config)
    prior = np.zeros(plain.shape)
    prior[1, [0, 5, 9]] = [1.0, -1.0, 0.5]
    cost, _, _ = costs_of(screen(), config, prior)
    expected = plain.copy()
    expected[1, [5, 9]] *= share
    np.testing.assert_allclose(cost, expected)
    assert not np.isnan(cost).any()


@pytest.mark.parametrize("shallow", [1.0, 0.1])
def test_where_nothing_happens_few_edges_are_found_however_deep_cells_are(shallow):
    """All labels dealt out anew, doses assumed: an edge needs 1.5 standard errors by chance."""
    dataset = screen(seed=3, downstream=60, cells_per_perturbation=60)

    def dealt_out(counts):
        rng = np.random.default_rng(0)
        return rng.binomial(rng.permutation(counts).astype(int), shallow)

    tensors = tensors_of(with_counts(dataset, dealt_out))
    found = solve(problem_of(tensors, PLAIN)).numpy()
    # A normal deviate beyond 1.5: one in seven.
    assert 0.03 < (found != 0).mean() < 0.2


def test_costs_are_what_perturbations_say_together():
    """A pair tells of its two members as each of them does alone."""
    cost, measured, nodes = costs_of(screen(combinations=3))
    single = {own[0]: label for label, own in enumerate(measured.members) if len(own) == 1}
    pair = next(own for own in measured.members if len(own) == 2)
    both = [label for label, own in enumerate(measured.members) if pair[0] in own]
    gene = 15
    error = measured.error[:, gene] ** 2 + measured.control_error[gene] ** 2
    information = nodes.dose[pair[0]] ** 2 * (1 / error[both]).sum()
    assert len(both) > 1
    assert single[pair[0]] in both
    expected = PLAIN.sparsity * np.sqrt(information * measured.noise.precision[gene])
    assert cost[pair[0], gene] == pytest.approx(expected)


def test_more_sparsity_fewer_edges():
    dataset = screen()
    edges = [
        int((solve(problem_of(tensors_of(dataset), config)) != 0).sum())
        for config in (PathNetworkConfig(sparsity=value) for value in (0.5, 1.5, 4.0, 20.0))
    ]
    assert edges == sorted(edges, reverse=True)
    assert edges[0] > 2 * edges[2]
