"""Expected displacement on scVelo's velocity graph, of a part or at the density of another.

Symbols: T (n, n) transition probabilities; x (n, G) smoothed expression; dx (n, G).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.moving import Matrix
from scdyn_core.methods.clera.sources.quiet import quiet
from scdyn_core.methods.clera.sources.smoothing import average_neighbours
from scdyn_core.reporter import Reporter, raise_if_cancelled

if TYPE_CHECKING:
    from anndata import AnnData


def displacement(adata: AnnData) -> Matrix:
    """Return the expected displacement on the velocity graph, shape ``(n, G)``, mean square 1."""
    import scvelo as scv

    for key in ("velocity_graph", "velocity_graph_neg"):
        adata.uns.pop(key, None)
    with quiet():
        # Said here, because scVelo otherwise chooses by how the velocity was made: only the
        # training part's was made by scVelo, and the parts would follow different rules.
        scv.tl.velocity_graph(adata, sqrt_transform=True, n_jobs=1, show_progress_bar=False)
        # A cell's chance to stay depends on the part's most confident cells, so it is left out.
        stay_free = scv.utils.get_transition_matrix(adata, self_transitions=False)
    transitions = sparse.csr_matrix(stay_free)
    transitions.setdiag(0)
    transitions.eliminate_zeros()
    expression = np.asarray(adata.layers["Ms"], dtype=np.float64)
    # Taking off the uniform walk over the same neighbours leaves what velocity adds to density.
    neighbours = transitions.astype(bool).astype(np.float64)
    counts = np.asarray(neighbours.sum(axis=1)).ravel()
    uniform = sparse.diags(np.divide(1.0, counts, out=np.zeros_like(counts), where=counts > 0))
    weights = transitions - sparse.diags(np.asarray(transitions.sum(axis=1)).ravel()) @ (
        uniform @ neighbours
    )
    displacement = np.asarray(weights @ expression)
    # The graph has no clock: neighbours of a smaller part are farther away, so every part's
    # typical step is the unit of its time.
    typical = float(np.sqrt(np.square(displacement).mean()))
    return displacement / typical if typical > 0 else displacement


def destroy_directions(adata: AnnData, rng: np.random.Generator, *, turns: bool) -> None:
    """Give every cell the velocity of another, with ``turns`` round at random, in place.

    Dealing out alone leaves the average velocity, which every cell still follows on the graph, and
    which alone can explain much of a displacement (see ``common_displacement``).
    """
    dealt = adata.layers["velocity"][rng.permutation(adata.n_obs)]
    signs = rng.choice([-1.0, 1.0], size=(adata.n_obs, 1))
    adata.layers["velocity"] = dealt * signs if turns else dealt


def common_displacement(adata: AnnData, velocity: NDArray[np.float64]) -> Matrix:
    """Return the displacement if all cells had one velocity ``(G,)``, shape ``(n, G)``."""
    same = adata.copy()
    same.layers["velocity"] = np.broadcast_to(velocity, adata.shape).copy()
    return displacement(same)


def displacement_at_density(
    adata: AnnData,
    cells: int,
    config: CleraConfig,
    rng: np.random.Generator,
    reporter: Reporter,
    *,
    directionless: bool,
) -> Matrix:
    """Return the displacement that groups of about ``cells`` cells show, shape ``(n, G)``.

    A neighbourhood of 30 cells reaches farther among few cells than among many, so that a large
    training part and a small test part show different displacements of the same motion. Here
    the cells are divided at random into groups of the smaller size, each with neighbours,
    moments and graph of its own, and every cell's displacement is averaged over
    ``config.graph_rounds`` divisions, which also averages out part of its noise.

    Parameters
    ----------
    adata
        Training cells after the fit of degradation rates, in ``var["velocity_gamma"]``.
    directionless
        Destroy the directions inside every group: the null.
    """
    total = np.zeros(adata.shape)
    for members in _groups(adata.n_obs, cells, config, rng):
        raise_if_cancelled(reporter)
        group = _of_its_own(adata, members, config)
        if directionless:
            destroy_directions(group, rng, turns=config.null_turns)
        total[members] += displacement(group)
    return total / config.graph_rounds


def _groups(
    n: int, cells: int, config: CleraConfig, rng: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    # A group needs more cells than are averaged, however small the parts are.
    number = max(1, min(round(n / cells), n // (config.neighbours + 1)))
    for _ in range(config.graph_rounds):
        for members in np.array_split(rng.permutation(n), number):
            yield np.sort(members)


def _of_its_own(adata: AnnData, members: NDArray[np.int64], config: CleraConfig) -> AnnData:
    """Return some of the cells as if they were all there are."""
    import anndata

    group = anndata.AnnData(adata.X[members], var=adata.var)
    for layer in ("spliced", "unspliced"):
        group.layers[layer] = adata.layers[layer][members]
    group.obsm["X_pca"] = adata.obsm["X_pca"][members]
    average_neighbours(group, {"Ms": "spliced", "Mu": "unspliced"}, config, "train")
    gamma = group.var["velocity_gamma"].to_numpy()
    group.layers["velocity"] = group.layers["Mu"] - gamma * group.layers["Ms"]
    return group
