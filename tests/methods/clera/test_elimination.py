"""Solving and elimination against plain least squares on the stacked system."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.methods.clera.elimination import eliminate, normal_equations

CELLS, TERMS, LATENTS, GENES = 80, 5, 2, 4


def system(seed):
    """Return theta, dz, dx, the decoder's slopes, and the stacked design and target."""
    rng = np.random.default_rng(seed)
    theta, slopes = rng.normal(size=(CELLS, TERMS)), rng.normal(size=(CELLS, LATENTS, GENES))
    dz, dx = rng.normal(size=(CELLS, LATENTS)), rng.normal(size=(CELLS, GENES))
    latent = np.einsum("np,ij->nipj", theta, np.eye(LATENTS)).reshape(-1, TERMS * LATENTS)
    genes = np.einsum("np,njg->ngpj", theta, slopes).reshape(-1, TERMS * LATENTS)
    weights = (0.7, 0.3)
    design = np.vstack([np.sqrt(weights[0]) * latent, np.sqrt(weights[1]) * genes])
    target = np.concatenate([np.sqrt(weights[0]) * dz.ravel(), np.sqrt(weights[1]) * dx.ravel()])
    tensors = [torch.as_tensor(values) for values in (theta, dz, dx)]
    equations = normal_equations(
        *tensors, weights, lambda samples: torch.as_tensor(slopes)[samples]
    )
    return equations, design, target


def everything():
    return torch.arange(TERMS * LATENTS)


def loss(design, target, kept):
    solution = np.linalg.lstsq(design[:, kept], target, rcond=None)[0]
    return np.square(target - design[:, kept] @ solution).sum()


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_the_solution_is_that_of_the_stacked_system(seed):
    equations, design, target = system(seed)
    kept, solution = eliminate(
        equations, everything(), ridge=0.0, threshold=0.0, smallest_share=0.0, fewest=0
    )
    expected = np.linalg.lstsq(design, target, rcond=None)[0]
    assert len(kept) == TERMS * LATENTS
    np.testing.assert_allclose(solution.numpy(), expected, rtol=1e-8)
    np.testing.assert_allclose(equations.total, np.square(target).sum())


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, TERMS * LATENTS - 1))
def test_every_step_removes_the_term_that_costs_least(seed, fewest):
    equations, design, target = system(seed)
    kept, solution = eliminate(
        equations, everything(), ridge=0.0, threshold=0.0, smallest_share=1.0, fewest=fewest
    )
    by_hand = list(range(TERMS * LATENTS))
    while len(by_hand) > fewest:
        costs = [loss(design, target, [k for k in by_hand if k != out]) for out in by_hand]
        by_hand.pop(int(np.argmin(costs)))
    assert kept.tolist() == by_hand
    refit = np.linalg.lstsq(design[:, by_hand], target, rcond=None)[0]
    np.testing.assert_allclose(solution.numpy(), refit, rtol=1e-6)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0.001, 0.1))
def test_no_term_left_costs_less_than_the_smallest_share(seed, share):
    equations, design, target = system(seed)
    kept, _ = eliminate(
        equations, everything(), ridge=0.0, threshold=0.0, smallest_share=share, fewest=0
    )
    whole = loss(design, target, kept.tolist())
    for out in kept.tolist():
        rest = [k for k in kept.tolist() if k != out]
        assert loss(design, target, rest) - whole > share * equations.total * (1 - 1e-9)


def test_small_coefficients_go_first_but_never_below_the_fewest():
    equations, _, _ = system(3)
    whole = eliminate(
        equations, everything(), ridge=0.0, threshold=0.0, smallest_share=0.0, fewest=0
    )[1]
    threshold = float(whole.abs().median())
    kept, solution = eliminate(
        equations, everything(), ridge=0.0, threshold=threshold, smallest_share=0.0, fewest=0
    )
    assert 0 < len(kept) < TERMS * LATENTS
    assert (solution.abs() >= threshold).all()
    held, _ = eliminate(
        equations, everything(), ridge=0.0, threshold=1e9, smallest_share=0.0, fewest=7
    )
    assert len(held) == 7


def test_a_motion_without_signal_keeps_nothing():
    equations, _, _ = system(0)
    still = type(equations)(equations.matrix, torch.zeros_like(equations.right), 1.0)
    kept, solution = eliminate(
        still, everything(), ridge=1e-3, threshold=0.0, smallest_share=0.01, fewest=0
    )
    assert len(kept) == len(solution) == 0
