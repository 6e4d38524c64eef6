"""The solver: the objective it says, its minimum, and what is no edge."""

import dataclasses

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from scdyn_core.methods.regulation.problem import padded_members
from scdyn_core.methods.regulation.propagation import gene_changes
from scdyn_core.methods.regulation.solver import PathProblem, solve

NODES, GENES, FACTORS = 3, 5, 2
HELD = (np.array([0]), np.array([1]), np.array([2]), np.array([0, 1]))


def a_problem(seed=0, factors=FACTORS, bound=True, cost=1.0, spread=0.3, signal=1.0):
    rng = np.random.default_rng(seed)
    loadings = rng.normal(0, 0.5, (GENES, factors))
    loadings /= np.maximum(1.0, 1.2 * np.sqrt((loadings**2).sum(1, keepdims=True)))
    column = np.array([1, GENES, 3])
    costs = np.full((NODES, GENES), cost)
    costs[0, 1] = costs[2, 3] = np.inf
    # Errors as they are: a factor of the gene times one of the cells of a label.
    gene, label = rng.uniform(0.1, 0.2, GENES), rng.uniform(0.8, 1.2, len(HELD))
    error = label[:, None] * gene * np.exp(rng.normal(0, spread, (len(HELD), GENES)))

    def tensor(values):
        return torch.as_tensor(values, dtype=torch.float64)

    return PathProblem(
        change=tensor(signal * rng.normal(0, 1, (len(HELD), GENES))),
        error=tensor(error),
        control_precision=tensor((0.5 * gene) ** -2.0 if bound else np.zeros(GENES)),
        loadings=tensor(loadings),
        own=tensor(1.0 - (loadings**2).sum(1)),
        members=padded_members(HELD, NODES),
        column=torch.as_tensor(column),
        dose=tensor([-1.5, -1.0, -1.2]),
        size=0.5,
        cost=tensor(costs),
    )


def joint(problem, coefficients, b):
    """The objective of coefficients and error of the control cells, from its definition."""
    predicted = gene_changes(coefficients, problem.column, problem.dose, problem.members).numpy()
    left = (predicted + b - problem.change.numpy()) / problem.error.numpy()
    left[problem.held().numpy()] = 0.0
    covariance = np.diag(problem.own) + problem.loadings.numpy() @ problem.loadings.numpy().T
    omega = np.linalg.inv(covariance)
    control = b * np.sqrt(problem.control_precision.numpy())
    return 0.5 * sum(row @ omega @ row for row in (*left, control))


def objective(problem, coefficients):
    priced = torch.isfinite(problem.cost)
    return float(
        problem.misfit(coefficients)
        + 0.5 * coefficients.square().sum() / problem.size**2
        + (problem.cost[priced] * coefficients[priced].abs()).sum()
    )


@pytest.mark.parametrize("bound", [True, False])
def test_the_error_of_the_control_cells_is_at_its_best(bound):
    """Exactly, where errors are a factor of the gene times one of the label and none is held."""
    problem = a_problem(bound=bound, spread=0.0)
    problem = dataclasses.replace(problem, column=torch.full_like(problem.column, GENES))
    coefficients = 0.3 * torch.randn(NODES, GENES, generator=torch.Generator().manual_seed(0))
    at = coefficients.double()
    best = minimize(lambda b: joint(problem, at, b), np.zeros(GENES), tol=1e-12).fun
    assert float(problem.misfit(at)) == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_the_error_of_the_control_cells_is_nearly_at_its_best_else(seed):
    problem = a_problem(seed)
    at = torch.zeros(NODES, GENES, dtype=torch.float64)
    best = minimize(lambda b: joint(problem, at, b), np.zeros(GENES), tol=1e-12).fun
    value = float(problem.misfit(at))
    assert best <= value * (1 + 1e-9)
    assert value <= 1.05 * best


def test_without_shared_noise_held_genes_and_control_error_misfit_is_a_sum_of_squares():
    problem = a_problem(factors=0)
    problem = dataclasses.replace(
        problem,
        control_precision=torch.full((GENES,), 1e12, dtype=torch.float64),
        column=torch.full_like(problem.column, GENES),
    )
    at = torch.zeros(NODES, GENES, dtype=torch.float64)
    expected = 0.5 * (problem.change / problem.error).square().sum()
    torch.testing.assert_close(problem.misfit(at), expected, rtol=1e-6, atol=0)


@pytest.mark.parametrize("seed", range(3))
def test_solution_is_what_an_independent_optimiser_finds(seed):
    """Coefficients as differences of two positive parts: smooth, with bounds."""
    problem = a_problem(seed, cost=3.0)
    free = torch.isfinite(problem.cost).numpy()
    cost = problem.cost.numpy()[free]

    def value(parts):
        up, down = np.split(parts, 2)
        at = torch.zeros(NODES, GENES, dtype=torch.float64)
        at[torch.as_tensor(free)] = torch.as_tensor(up - down)
        at.requires_grad_()
        smooth = problem.misfit(at) + 0.5 * at.square().sum() / problem.size**2
        (slope,) = torch.autograd.grad(smooth, at)
        slope = slope.numpy()[free]
        return (
            float(smooth.detach()) + cost @ (up + down),
            np.concatenate([slope + cost, -slope + cost]),
        )

    found = minimize(
        value,
        np.zeros(2 * free.sum()),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, None)] * (2 * free.sum()),
        options={"maxiter": 5000, "maxfun": 20000, "ftol": 1e-14, "gtol": 1e-8},
    )
    own = solve(problem)
    assert objective(problem, own) == pytest.approx(found.fun, rel=1e-6)
    up, down = np.split(found.x, 2)
    np.testing.assert_allclose(own.numpy()[free], up - down, atol=2e-3)


@pytest.mark.parametrize("seed", range(3))
def test_no_edge_can_be_moved_to_gain_anything(seed):
    """The conditions of Karush, Kuhn and Tucker."""
    problem = a_problem(seed, cost=15.0)
    found = solve(problem, steps=3000)
    at = found.clone().requires_grad_()
    smooth = problem.misfit(at) + 0.5 * at.square().sum() / problem.size**2
    (slope,) = torch.autograd.grad(smooth, at)
    priced = torch.isfinite(problem.cost)
    there = found != 0
    assert bool(there.any())
    assert bool((priced & ~there).any())
    torch.testing.assert_close(
        slope[there], -(problem.cost * found.sign())[there], atol=0.05, rtol=1e-3
    )
    still = priced & ~there
    assert bool((slope[still].abs() <= problem.cost[still] + 0.05).all())


def test_what_cannot_be_an_edge_is_none_and_a_price_nobody_pays_leaves_none():
    found = solve(a_problem(cost=0.1))
    assert float(found[0, 1]) == float(found[2, 3]) == 0.0
    assert int((found != 0).sum()) == NODES * GENES - 2
    assert not solve(a_problem(cost=1e6)).any()


def test_changes_far_beyond_any_network_leave_finite_coefficients():
    found = solve(a_problem(signal=200.0, cost=0.0), steps=200)
    assert bool(torch.isfinite(found).all())


def test_a_start_where_paths_never_end_is_no_trap():
    """Two nodes that keep each other up with a gain of 1: the equations have no solution there."""
    problem = a_problem()
    problem = dataclasses.replace(problem, column=torch.tensor([1, 2, 3]))
    start = torch.zeros(NODES, GENES, dtype=torch.float64)
    start[0, 2] = start[1, 1] = 1.0 + 1e-9
    found = solve(problem, start, steps=500)
    assert objective(problem, found) < objective(problem, start)
