"""Shapley values of a function of few inputs, such as the latents.

v(S) = E_b f(z_S, b_rest) over background cells b; phi_i is the mean of v(S + i) - v(S) over all
orders in which the inputs can become known (Lundberg & Lee, NeurIPS 2017).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from scdyn_core.methods.clera.explain.quiet import quiet_shap
from scdyn_core.reporter import Reporter, raise_if_cancelled

Matrix = NDArray[np.float64]
#: All coalitions of more inputs than these cost too much; orders are sampled then.
EXACT_UP_TO = 10
_BATCH = 16
_ORDERS = 20
#: Outputs of the function that are in memory at once; shap holds those of all coalitions.
MOST_OUTPUTS = 20_000_000


def explainer_name(inputs: int) -> str:
    """Return how so many inputs are explained."""
    return "exact Shapley values" if inputs <= EXACT_UP_TO else "Shapley values, sampled orders"


def compile_explainer() -> None:
    """Have shap compile its loops, which takes seconds that no estimate should count."""
    with quiet_shap() as shap:
        masker = shap.maskers.Independent(np.zeros((1, 2)))
        shap.explainers.Exact(lambda values: values, masker)(np.ones((1, 2)), silent=True)


def shapley_batches(
    function: Callable[[Matrix], Matrix],
    inputs: Matrix,
    background: Matrix,
    seed: int,
    reporter: Reporter,
) -> Iterator[tuple[Matrix, Matrix]]:
    """Yield inputs ``(b, d)`` and their attributions ``(b, d, outputs)``, batch by batch.

    Parameters
    ----------
    function
        ``(n, d)`` to ``(n, outputs)``.
    inputs
        What is explained, shape ``(n, d)``.
    background
        What stands for inputs that are not known, shape ``(b, d)``.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    d = inputs.shape[1]
    evaluations = 2**d if d <= EXACT_UP_TO else _ORDERS * (2 * d + 1)
    outputs = function(background[:1]).shape[1]
    pieces = _pieces(background, max(1, MOST_OUTPUTS // (evaluations * outputs)))
    for start in range(0, len(inputs), _BATCH):
        raise_if_cancelled(reporter)
        batch = inputs[start : start + _BATCH]
        # Averaging over the background commutes with everything a Shapley value does.
        values = sum(
            len(piece) / len(background) * _explain(function, batch, piece, evaluations, seed)
            for piece in pieces
        )
        yield batch, np.asarray(values).reshape(*batch.shape, -1)


def _pieces(background: Matrix, rows: int) -> list[Matrix]:
    return [background[start : start + rows] for start in range(0, len(background), rows)]


def _explain(
    function: Callable[[Matrix], Matrix],
    batch: Matrix,
    background: Matrix,
    evaluations: int,
    seed: int,
) -> Matrix:
    with quiet_shap() as shap:
        masker = shap.maskers.Independent(background, max_samples=len(background))
        if batch.shape[1] <= EXACT_UP_TO:
            explained = shap.explainers.Exact(function, masker)(batch, silent=True)
        else:
            explainer = shap.explainers.Permutation(function, masker, seed=seed)
            explained = explainer(batch, max_evals=evaluations, silent=True)
    return np.asarray(explained.values, dtype=np.float64)
