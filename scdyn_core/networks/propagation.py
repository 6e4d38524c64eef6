"""What happens to all genes when a few are held at another level, by the edges of a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.errors import ConfigError
from scdyn_core.networks.feedback import feedback

#: Feedback that would grow without end is weakened to this.
SETTLING = 0.9
#: Edges above which the equations are solved step by step; filling in would take long.
_MOST_DIRECT, _STEPS, _EXACT = 40_000, 100, 1e-10
#: Of an effect without a unit, the share that a step through the network hands on at most.
HANDED_ON = 0.5


@dataclass(frozen=True)
class Propagation:
    """Changes of all genes.

    Attributes
    ----------
    change
        Change of every gene of the network, by name, in the unit of the doses.
    feedback
        Spectral radius of the edges between genes that were free to move; from 1 on, effects
        that run in circles would grow without end.
    kept
        What every edge was multiplied by so that effects settle; 1 for as it is.
    edges
        The edges used: source, target, effect (after ``kept``); none enters a held gene.
    """

    change: pd.Series
    feedback: float
    kept: float
    edges: pd.DataFrame


def propagate(edges: pd.DataFrame, held: Mapping[str, float]) -> Propagation:
    r"""Hold genes at given changes and let all others settle.

    With coefficients :math:`A` (sources by targets), :math:`B = (I - A)^{-1}` and held genes
    :math:`S` at changes :math:`k_S`, the changes of all genes are
    :math:`k_S (B_{SS})^{-1} B_{S\cdot}`: nothing else acts on held genes, every other gene
    changes by the sum over its sources of coefficient times change. Solved without an inverse.

    Parameters
    ----------
    edges
        source, target, effect: change of the target per unit of change of the source; one row a
        pair, none of a gene to itself.
    held
        Gene -> its change.

    Raises
    ------
    ConfigError
        When no gene is held, or a change is not finite.
    """
    _check(held)
    free = edges[~edges["target"].isin(list(held))]
    names, matrix = _matrix(free, held)
    radius = feedback(matrix)
    kept = 1.0 if radius < 1 else SETTLING / radius
    return _settled(free, names, matrix, held, radius, kept)


def propagate_weights(edges: pd.DataFrame, held: Mapping[str, float]) -> Propagation:
    """Hold genes and let all others settle, in a network whose weights are no effect sizes.

    Every weight is multiplied by one number, such that no step hands on more than half of what
    it gets: changes can be compared with each other, and mean nothing beyond that.

    Parameters
    ----------
    edges, held
        As for ``propagate``; effects are signed weights in any unit.

    Raises
    ------
    ConfigError
        When no gene is held, or a change is not finite.
    """
    _check(held)
    _, whole = _matrix(edges, held)
    # Of the whole network, whichever genes are held: what-ifs can be compared with each other.
    radius = feedback(abs(whole))
    largest = max(radius, float(abs(whole).max()) if whole.nnz else 0.0)
    kept = HANDED_ON / largest if largest > 0 else 1.0
    free = edges[~edges["target"].isin(list(held))]
    return _settled(free, *_matrix(free, held), held, radius, kept)


def added_singles(
    edges: pd.DataFrame, held: Mapping[str, float], *, weights: bool = False
) -> pd.Series:
    """Return the sum of what each held gene does alone, by gene."""
    how = propagate_weights if weights else propagate
    alone = [how(edges, {name: change}).change for name, change in held.items()]
    total = pd.concat(alone, axis=1).fillna(0.0).sum(axis=1)
    return total.rename("change")


def _check(held: Mapping[str, float]) -> None:
    if held and all(np.isfinite(change) for change in held.values()):
        return
    raise ConfigError(
        "what if",
        found="no gene" if not held else "a change that is no number",
        needed="at least one gene and its change",
        fix="Choose a gene of the network.",
    )


def _matrix(
    edges: pd.DataFrame, held: Mapping[str, float]
) -> tuple[list[str], sparse.csr_matrix[Any]]:
    names = list(dict.fromkeys([*held, *edges["source"], *edges["target"]]))
    place = {name: at for at, name in enumerate(names)}
    rows = edges["source"].map(place).to_numpy(dtype=np.int64)
    columns = edges["target"].map(place).to_numpy(dtype=np.int64)
    effects = edges["effect"].to_numpy(dtype=np.float64)
    shape = (len(names), len(names))
    return names, sparse.csr_matrix((effects, (rows, columns)), shape=shape)


def _settled(
    edges: pd.DataFrame,
    names: list[str],
    matrix: sparse.csr_matrix[Any],
    held: Mapping[str, float],
    radius: float,
    kept: float,
) -> Propagation:
    start: NDArray[np.float64] = np.zeros(len(names))
    start[: len(held)] = list(held.values())
    # No edge enters a held gene, so that they stay where they are put.
    system = (sparse.identity(len(names)) - kept * matrix).T.tocsc()
    change = _solved(system, start)
    return Propagation(
        change=pd.Series(change, index=pd.Index(names, dtype=object), name="change"),
        feedback=radius,
        kept=kept,
        edges=edges.assign(effect=kept * edges["effect"]),
    )


def _solved(system: sparse.csc_matrix[Any], start: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.sparse.linalg import gmres, spsolve

    if system.nnz > _MOST_DIRECT:
        change, failed = gmres(system, start, rtol=_EXACT, restart=_STEPS, maxiter=_STEPS)
        if not failed:
            return np.asarray(change, dtype=np.float64)
    return np.asarray(spsolve(system, start), dtype=np.float64).reshape(-1)
