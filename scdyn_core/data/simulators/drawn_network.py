"""A random network of direct effects: acyclic, with cycles added to it where they are asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError

Matrix = NDArray[np.float64]

#: Spectral radius that the absolute effects among nodes may have. Below 1 every state settles, also
#: where effects saturate, and where nodes are held and their incoming edges cut.
_RADIUS = 0.75
_TRIES_PER_EDGE = 50


def drawn_network(
    rng: np.random.Generator,
    shape: tuple[int, int],
    edges: tuple[int, int],
    size: tuple[float, float],
    feedback: int = 0,
) -> Matrix:
    """Draw direct effects of nodes on genes, of which the nodes are the first.

    Edges among nodes lead from earlier to later in a random order, but for those that close
    cycles; all edges are equally likely. Signs are random, sizes uniform.

    Parameters
    ----------
    rng
        Random numbers.
    shape
        Number of nodes, and of genes (nodes included).
    edges
        Number of edges among nodes, and from nodes to other genes.
    size
        Least and largest size of an effect.
    feedback
        How many of the edges among nodes close a cycle.

    Returns
    -------
    Matrix ``(nodes, genes)``; the effect of the row on the column.

    Raises
    ------
    ConfigError
        When so many cycles would not settle.
    """
    nodes, genes = shape
    among, down = edges
    effect = np.zeros((nodes, genes))
    order = rng.permutation(nodes)
    before = np.argwhere(np.triu(np.ones((nodes, nodes), dtype=bool), 1))
    chosen = order[before[rng.choice(len(before), among - feedback, replace=False)]]
    effect[chosen[:, 0], chosen[:, 1]] = 1.0
    outside = (
        rng.choice(nodes * (genes - nodes), down, replace=False) if down else np.array([], int)
    )
    effect[outside // max(genes - nodes, 1), nodes + outside % max(genes - nodes, 1)] = 1.0
    effect *= rng.uniform(*size, effect.shape) * rng.choice([-1.0, 1.0], effect.shape)
    if feedback:
        _close_cycles(effect[:, :nodes], rng, size, feedback)
    return effect


def spectral_radius(effect: Matrix) -> float:
    """Return the largest absolute eigenvalue of the absolute effects, ``(nodes, nodes)``."""
    return float(np.abs(np.linalg.eigvals(np.abs(effect))).max())


def _close_cycles(
    effect: Matrix, rng: np.random.Generator, size: tuple[float, float], feedback: int
) -> None:
    """Add edges in place, each back along a path, while the network still settles."""
    back = np.argwhere(_reaches(effect != 0).T & (effect == 0) & ~np.eye(len(effect), dtype=bool))
    added = 0
    for source, target in rng.permutation(back)[: _TRIES_PER_EDGE * feedback]:
        effect[source, target] = rng.uniform(*size) * rng.choice([-1.0, 1.0])
        if spectral_radius(effect) > _RADIUS:
            effect[source, target] = 0.0
            continue
        added += 1
        if added == feedback:
            return
    raise ConfigError(
        "simulator, cycles",
        found=f"a network of {np.count_nonzero(effect) - added} edges among nodes that settles "
        f"with {added} of {feedback} edges closing cycles",
        needed="a network that settles with all of them",
        fix="Ask for fewer edges that close cycles, for smaller effects, or for another seed.",
    )


def _reaches(edge: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which node a path leads to, ``(nodes, nodes)``."""
    reached = edge
    for _ in range(int(np.ceil(np.log2(max(len(edge), 2))))):
        reached = reached | (reached.astype(np.float64) @ reached > 0)
    return reached
