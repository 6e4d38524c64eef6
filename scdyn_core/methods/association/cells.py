"""Which cells take part, and their log-normalised expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.association.config import AssociationConfig
from scdyn_core.methods.log_expression import log_expression
from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.methods.perturbations.labels import Labelled, labelled

# scipy ships no types: sparse values of shape (n, G) are Any to the type checker.
Values = Any
#: A larger number is no logarithm of an expression.
LARGEST_LOG = 40.0


@dataclass(frozen=True)
class Participants:
    """The cells that take part.

    Attributes
    ----------
    cells
        Positions in the dataset, ascending, shape ``(n,)``.
    screen
        Their perturbations; ``None`` where there are none that could be used.
    cautions
        What was left out, in words.
    """

    cells: NDArray[np.int64]
    screen: Labelled | None
    cautions: tuple[str, ...]


def participants(dataset: Dataset, config: AssociationConfig) -> Participants:
    """Return all cells, or those of a screen that carry a known perturbation."""
    everybody = np.arange(dataset.adata.n_obs)
    if dataset.roles.perturbation is None:
        return Participants(everybody, None, ())
    read = PerturbationConfig(fewest_cells=config.fewest_cells, null_control=0.0)
    try:
        screen = labelled(dataset, read, 0)
    except ConfigError as error:
        # Genes vary together without any perturbation too.
        return Participants(everybody, None, (f"no perturbation is used: {error}",))
    return Participants(screen.cells, screen, screen.cautions)


def log_values(
    dataset: Dataset, cells: NDArray[np.int64], learned: NDArray[np.int64]
) -> tuple[Values, tuple[str, ...]]:
    """Return log-normalised expression ``(n, all genes)`` as CSR, and what to know about it.

    Parameters
    ----------
    cells
        Positions in the dataset of the cells that take part.
    learned
        Which of these are training cells, as positions among them.
    """
    values, depth = log_expression(dataset, cells, learned)
    if np.isfinite(depth):
        return values, ()
    said = ["no raw counts are known: expression is taken from X as it is"]
    if not is_logarithm(values):
        said.append("X holds no logarithms of expression (negative or very large values)")
    return values, tuple(said)


def is_logarithm(values: Values) -> bool:
    """Return whether values can be ``log1p`` of expression."""
    return not values.nnz or bool(values.data.min() >= 0 and values.data.max() <= LARGEST_LOG)
