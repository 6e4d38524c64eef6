"""What latents keep of cell types and forget of batches, beside principal components."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from scdyn_core.data.split import Part
from scdyn_core.evaluation.representation.nearest_neighbours import nearest_labels
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.scvi.held_out import MOST_FITTED, spread
from scdyn_core.methods.scvi.predictors import UNKNOWN, Components, Names
from scdyn_core.training.seeding import derive_seed

Matrix = NDArray[np.float64]
ByPart = dict[Part, Matrix]
ACCURACY = "kNN accuracy of cell types"
MIXING = "mixing of batches (1: as if shuffled)"
#: Neighbours whose batches are counted; groups with fewer cells than twice that are left out.
NEIGHBOURS = 15
SHUFFLES = 5


def components_of(tensors: Tensors, latents: int, seed: int) -> tuple[str, ByPart]:
    """Return the name and the principal components of the cells of every part."""
    counts = {
        part: csr_matrix(np.asarray(cells["counts"], dtype=np.float64))
        for part, cells in tensors.parts.items()
    }
    depth = float(np.exp(tensors.constants["depth"]))
    train = counts["train"]
    fitted = Components.fit(train[spread(train.shape[0], MOST_FITTED)], latents, depth, seed)
    return fitted.name, {part: fitted.latent(own) for part, own in counts.items()}


def type_score(
    latents: Sequence[ByPart], components: ByPart, name: str, types: dict[Part, Names]
) -> Score | None:
    """Return the share of test cells whose type their nearest training cells tell.

    Cells of unknown type neither tell nor are asked for; ``None`` where no others are left.
    """
    names, cells = np.unique(types["train"][types["train"] != UNKNOWN], return_counts=True)
    asked = types["test"][types["test"] != UNKNOWN]
    if not (len(names) and len(asked)):
        return None
    most = names[cells.argmax()]
    found = [_accuracy(own, types) for own in latents]
    return Score(
        metric=ACCURACY,
        value=float(np.mean(found)),
        split="test",
        better="higher",
        replicate_sd=_sd(found),
        baselines={
            name: _accuracy(components, types),
            "the largest type for all": float((asked == most).mean()),
        },
    )


def mixing_score(
    latents: Sequence[ByPart], components: ByPart, name: str, batches: Names,
    types: Names | None, seed: int,
) -> Score | None:  # fmt: skip
    """Return how well batches mix among test cells of one type; ``None`` where none can be seen.

    Parameters
    ----------
    batches, types
        Of the test cells, shape ``(n,)``.
    """
    known = np.ones(len(batches), dtype=bool) if types is None else types != UNKNOWN
    groups = np.zeros(int(known.sum()), dtype=np.int64)
    if types is not None:
        groups = np.unique(types[known], return_inverse=True)[1]
    codes = np.unique(batches[known], return_inverse=True)[1]
    found = [mixing(own["test"][known], codes, groups, seed) for own in latents]
    if any(value is None for value in found):
        return None
    values = [value for value in found if value is not None]
    other = mixing(components["test"][known], codes, groups, seed)
    return Score(
        metric=MIXING,
        value=float(np.mean(values)),
        split="test",
        better="higher",
        replicate_sd=_sd(values),
        baselines={} if other is None else {name: other},
    )


def mixing(
    latent: Matrix, batches: NDArray[np.int64], groups: NDArray[np.int64], seed: int
) -> float | None:
    """Return the number of batches among the neighbours of a cell beyond 1, against shuffled ones.

    The number is the inverse Simpson index (LISI, Korsunsky et al. 2019, with hard neighbours),
    mean over cells; neighbours are of the same group.

    Parameters
    ----------
    latent
        Shape ``(n, L)``.
    batches, groups
        Numbers, shape ``(n,)``.
    """
    from sklearn.neighbors import NearestNeighbors

    rng = np.random.default_rng(derive_seed(seed, "mixing"))
    seen = expected = 0.0
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        own = batches[rows]
        if len(rows) < 2 * NEIGHBOURS or len(np.unique(own)) < 2:
            continue
        near = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(latent[rows]).kneighbors()[1]
        seen += float((_batches_near(own, near) - 1.0).sum())
        shuffled = [_batches_near(rng.permutation(own), near) - 1.0 for _ in range(SHUFFLES)]
        expected += float(np.mean(shuffled, axis=0).sum())
    return seen / expected if expected > 0 else None


def _batches_near(batches: NDArray[np.int64], near: NDArray[np.int64]) -> Matrix:
    """Return the inverse Simpson index of the batches among the neighbours, shape ``(n,)``."""
    # Squared shares of all batches are the share of the pairs of neighbours that are of one batch.
    found = batches[near]
    alike = found[:, :, None] == found[:, None, :]
    return np.asarray(1.0 / alike.mean(axis=(1, 2)))


def _accuracy(latent: ByPart, types: dict[Part, Names]) -> float:
    voters, asked = (types[part] != UNKNOWN for part in ("train", "test"))
    told = nearest_labels(latent["train"][voters], types["train"][voters], latent["test"][asked])
    return float((told == types["test"][asked]).mean())


def _sd(values: Sequence[float]) -> float | None:
    return float(np.std(values, ddof=1)) if len(values) > 1 else None
