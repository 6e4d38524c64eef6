"""How far a perturbation moves its cells: the E-distance to control, with a permutation test.

E-distances of screens: Peidli et al., Nature Methods 2024 (scPerturb); there of squared
distances, here of distances as Székely and Rizzo define it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.energy_distance import energy_test
from scdyn_core.evaluation.screen.false_discovery import adjust
from scdyn_core.evaluation.screen.screen import Expression, Rows, Screen

_FEW_GENES = 2000
_MOST_FITTED = 20_000
_LEVEL = 0.05


def effects(
    screen: Screen,
    fitted_on: NDArray[np.bool_],
    *,
    seed: int,
    components: int = 15,
    most_cells: int = 300,
    permutations: int = 1000,
) -> pd.DataFrame:
    """Return the distance of every perturbation to control and whether it can be seen.

    Parameters
    ----------
    screen
        The cells.
    fitted_on
        Cells that principal components are learned on, shape ``(n,)``.
    seed
        Draws cells and permutations.
    components
        Principal components.
    most_cells
        Cells drawn of a perturbation, and as many at most of the control.
    permutations
        Of one test.

    Returns
    -------
    pandas.DataFrame
        One row a perturbation, in the order of ``screen.names``: ``perturbation``,
        ``e_distance`` (unbiased, so below 0 at times), ``e_distance_p``,
        ``e_distance_p_adjusted`` (over the perturbations), ``visible`` (adjusted p below .05);
        ``nan`` and not visible for a single cell.
    """
    scores = principal_components(screen.values, fitted_on, components, seed)
    control = screen.reference
    found = np.full((len(screen.names), 2), np.nan)
    for row, name in enumerate(screen.names):
        # A generator for each, so that one perturbation does not change the numbers of others.
        rng = np.random.default_rng([seed, row])
        cells = _some(screen.rows[name], most_cells, rng)
        if len(cells) > 1:
            against = _some(control, most_cells, rng)
            found[row] = energy_test(scores[cells], scores[against], rng, permutations)
    adjusted = adjust(found[:, 1])
    return pd.DataFrame(
        {
            "perturbation": np.array(screen.names, dtype=object),
            "e_distance": found[:, 0],
            "e_distance_p": found[:, 1],
            "e_distance_p_adjusted": adjusted,
            "visible": adjusted < _LEVEL,
        }
    )


def principal_components(
    values: Expression, fitted_on: NDArray[np.bool_], components: int, seed: int
) -> NDArray[np.float64]:
    """Return scores of all cells on components learned from some, shape ``(n, components)``.

    The matrix stays sparse: its centre is subtracted from the scores. More than 20,000 cells are
    not needed to learn directions, and a random 20,000 are used.
    """
    from sklearn.decomposition import PCA

    rng = np.random.default_rng(seed)
    learned = values[_some(np.flatnonzero(fitted_on), _MOST_FITTED, rng)].astype(np.float64)
    components = min(components, learned.shape[0] - 1, learned.shape[1] - 1)
    solver = "covariance_eigh" if learned.shape[1] <= _FEW_GENES else "arpack"
    pca = PCA(components, svd_solver=solver, random_state=seed).fit(learned)
    scores: NDArray[np.float64] = values @ pca.components_.T - pca.mean_ @ pca.components_.T
    return scores


def _some(rows: Rows, most: int, rng: np.random.Generator) -> Rows:
    return rows if len(rows) <= most else rng.choice(rows, most, replace=False)
