"""Perturbed cells matched with control cells in the same state, and controls with one another.

Perturbed cells may be in other states than control cells for reasons that have nothing to do with
the perturbation. A cell is therefore compared with controls near it in a space in which the
perturbed genes themselves do not count. Control cells are matched with controls of another half,
never with themselves: what changes between them is what matching finds where nothing was done.

What a perturbation does to many genes looks like a state, too. Matching then takes away a part of
the effect, that which passes through other genes first: direct effects stand out more clearly,
total effects come out too small. Where states are alike in both groups, plain differences of means
are the better measure of what changed.

Symbols: n cells; m control cells to match with; G genes; d coordinates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.errors import ConfigError
from scdyn_core.methods.perturbations.matching_plans import (
    Weights,
    assignment,
    at_random,
    everybody,
    nearest,
    one_hot,
    published_transport,
    relaxed_transport,
    transport,
)
from scdyn_core.training.seeding import derive_seed

Matrix = NDArray[np.float64]
Labels = NDArray[np.object_]
Integers = NDArray[np.int64]
# scipy ships no types: sparse expression of shape (n, G) is Any to the type checker.
Expression = Any

How = Literal[
    "relaxed transport", "optimal transport", "nearest", "assignment", "random", "mean", "published"
]
#: Control cells of one group that are matched with, at most.
MOST_CONTROLS = 2000
#: Controls of one group that can be divided into halves.
FEWEST_CONTROLS = 4


@dataclass(frozen=True)
class Matched:
    """The control cells that every cell is compared with.

    Attributes
    ----------
    labels
        Perturbation of every cell, shape ``(n,)``.
    control
        Label of the control cells.
    controls
        Positions of the control cells that are matched with, shape ``(m,)``.
    weights
        CSR of shape ``(n, m)``, rows sum to 1. Those of control cells are of the other half of the
        controls.
    """

    labels: Labels
    control: str
    controls: Integers
    weights: Weights

    @cached_property
    def strongest(self) -> Matched:
        """Each cell with the one control that has most weight (the published read-out)."""
        best = np.asarray(self.weights.argmax(axis=1)).ravel()
        return Matched(self.labels, self.control, self.controls, one_hot(best, len(self.controls)))

    def counterparts(self, values: Expression) -> Expression:
        """Return the matched control profile of every cell, from ``values`` ``(n, G)``."""
        return self.weights @ values[self.controls]


def match_controls(
    space: Matrix,
    labels: Labels,
    control: str | None,
    how: How,
    seed: int,
    within: NDArray[Any] | None = None,
) -> Matched:
    """Match every cell with control cells.

    Parameters
    ----------
    space
        Coordinates of the cells, shape ``(n, d)``. Cost is squared distance, for ``published``
        distance.
    labels
        Perturbation of every cell, shape ``(n,)``. Every perturbation is matched by itself.
    control
        Label of the control cells.
    how
        ``relaxed transport`` uses controls by how many cells are in their state; ``optimal
        transport`` uses all alike, and so never changes a difference of means; ``nearest`` is the
        mean of the 20 nearest; ``assignment`` one control for one cell; ``random`` any control;
        ``mean`` all of them; ``published`` the published program's.
    seed
        Draws controls where there are more than 2,000, their halves, and random matches.
    within
        Groups of cells, such as parts of a split, between which nothing is matched, ``(n,)``.

    Raises
    ------
    ConfigError
        When there is no control, or a group has too few control cells.
    """
    if control is None:
        raise ConfigError(
            "matching with control cells",
            found="no control",
            needed="cells without a perturbation",
            fix="Choose the control in the roles of the dataset.",
        )
    groups = np.zeros(len(labels)) if within is None else within
    is_control = np.asarray(labels == control, dtype=bool)
    rng = np.random.default_rng(derive_seed(seed, "matching"))
    drawn = {group: _drawn(is_control, groups, group, rng) for group in np.unique(groups)}
    controls = np.sort(np.concatenate([half for pair in drawn.values() for half in pair]))
    pieces, order = [], []
    for cells, pool in _problems(labels, is_control, groups, drawn, rng):
        found = _plan(space[cells], space[pool], how, rng).tocoo()
        columns = np.searchsorted(controls, pool)[found.col]
        shape = (len(cells), len(controls))
        pieces.append(sparse.csr_matrix((found.data, (found.row, columns)), shape=shape))
        order.append(cells)
    in_order = np.argsort(np.concatenate(order), kind="stable")
    weights = sparse.vstack(pieces, format="csr")[in_order]
    return Matched(labels, control, controls, weights)


def _drawn(
    is_control: NDArray[np.bool_], groups: NDArray[Any], group: Any, rng: np.random.Generator
) -> tuple[Integers, Integers]:
    """Return two halves of the controls of a group that are matched with."""
    rows = np.flatnonzero(is_control & (groups == group))
    if len(rows) < FEWEST_CONTROLS:
        raise ConfigError(
            "matching with control cells",
            found=f"{len(rows)} control cells among those compared",
            needed=f"at least {FEWEST_CONTROLS}",
            fix="Keep more control cells, or match in another way.",
        )
    chosen = rng.permutation(rows)[:MOST_CONTROLS]
    half = len(chosen) // 2
    return np.sort(chosen[:half]), np.sort(chosen[half:])


def _problems(
    labels: Labels,
    is_control: NDArray[np.bool_],
    groups: NDArray[Any],
    drawn: dict[Any, tuple[Integers, Integers]],
    rng: np.random.Generator,
) -> Iterator[tuple[Integers, Integers]]:
    """Return cells and the controls they are matched with, every cell once."""
    for group, (first, second) in drawn.items():
        own = groups == group
        pool = np.sort(np.concatenate([first, second]))
        for name in np.unique(labels[own & ~is_control].astype(str)):
            yield np.flatnonzero(own & (labels == name)), pool
        others = rng.permutation(np.setdiff1d(np.flatnonzero(own & is_control), pool))
        cut = len(others) // 2
        yield np.sort(np.concatenate([first, others[:cut]])), second
        yield np.sort(np.concatenate([second, others[cut:]])), first


def _plan(cells: Matrix, pool: Matrix, how: How, rng: np.random.Generator) -> Weights:
    from scipy.spatial.distance import cdist

    if how == "mean":
        return everybody(len(cells), len(pool))
    if how == "random":
        return at_random(len(cells), len(pool), rng)
    if how == "published":
        return published_transport(cdist(cells, pool))
    plans = {
        "relaxed transport": relaxed_transport,
        "optimal transport": transport,
        "nearest": nearest,
        "assignment": assignment,
    }
    return plans[how](cdist(cells, pool, "sqeuclidean"))
