"""A network known beforehand, as a matrix of signs over the nodes and genes of a screen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.text import shown
from scdyn_core.errors import ConfigError

Matrix = NDArray[np.float64]
#: Marks an edge whose sign is not known.
UNSIGNED = 0.5


def prior_signs(name: str, nodes: Sequence[str], genes: Sequence[str]) -> Matrix:
    """Return 1 and -1 where a stored network has an edge, ``UNSIGNED`` without sign, else 0.

    Parameters
    ----------
    name
        Of a stored network; empty for none.
    nodes, genes
        Names of sources and targets.

    Raises
    ------
    ConfigError
        When there is no network of this name.
    InputError
        When its file is damaged.
    """
    found = np.zeros((len(nodes), len(genes)))
    if not name:
        return found
    from scdyn_core.networks.store import NetworkStore
    from scdyn_core.workspace import Workspace

    store = NetworkStore(Workspace.default())
    known = store.names()
    if name not in known:
        raise ConfigError(
            "prior",
            found=f"{shown(name)}, which is no network that was added",
            needed="one of " + (", ".join(map(shown, known)) or "none added so far"),
            fix="Add the network on the page Gene networks, or leave the field empty.",
        )
    row = {node.upper(): number for number, node in enumerate(nodes)}
    column = {gene.upper(): number for number, gene in enumerate(genes)}
    frame = store.frame(name)
    for source, target, sign in zip(frame["source"], frame["target"], frame["sign"], strict=True):
        i, j = row.get(str(source).upper()), column.get(str(target).upper())
        if i is not None and j is not None and nodes[i] != genes[j]:
            found[i, j] = sign or UNSIGNED
    return found


def supposed_effects(coefficients: Matrix, prior: Matrix, learned: NDArray[np.bool_]) -> Matrix:
    """Return what edges of the prior would do from nodes that were never perturbed, ``(T, G)``.

    Their size is what the prior's edges with a sign do from nodes that were: its regression on
    the coefficients learned there, 0 where the prior has nothing to say.
    """
    signed = np.where(np.abs(prior) == 1, prior, 0.0)
    there = signed[learned]
    edges = np.abs(there).sum()
    size = float((there * coefficients[learned]).sum() / edges) if edges else 0.0
    return np.where(learned[:, None], 0.0, max(size, 0.0) * signed)
