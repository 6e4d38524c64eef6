"""Types of held-out cells, told by their nearest training cells in a latent space."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.errors import TrainingError
from scdyn_core.evaluation.representation.rows import rows

#: Training cells that vote. Few: a type of ten cells must be able to win.
NEIGHBOURS = 5


def nearest_labels(
    train: NDArray[np.floating],
    labels: NDArray[np.str_],
    latent: NDArray[np.floating],
    neighbours: int = NEIGHBOURS,
) -> NDArray[np.str_]:
    """Return the type that the nearest training cells vote for, shape ``(n,)``.

    A vote counts one over its Euclidean distance in the latents as they are: a latent that a model
    does not use hardly varies, and would be noise if it were scaled up to the others. At distance
    0 only the training cells there vote.

    Parameters
    ----------
    train, labels
        Latents ``(N, L)`` and types ``(N,)`` of the training cells.
    latent
        Latents of the cells to tell, shape ``(n, L)``.
    neighbours
        Training cells that vote; all of them if there are fewer.

    Raises
    ------
    TrainingError
        When latents are not finite, or there are no training cells.
    """
    from sklearn.neighbors import KNeighborsClassifier

    if not len(train) or not (np.isfinite(train).all() and np.isfinite(latent).all()):
        raise TrainingError(
            "nearest training cells",
            found="no training cells" if not len(train) else "latents that are not finite",
            needed="finite latents of training cells of known type",
            fix="Lower the learning rate, or train again from another seed.",
        )
    if not len(latent):
        return np.empty(0, dtype=labels.dtype)
    voters = KNeighborsClassifier(min(neighbours, len(train)), weights="distance")
    told: NDArray[np.str_] = voters.fit(train, labels).predict(latent)
    return told


def label_scores(
    true: NDArray[np.str_], told: NDArray[np.str_], rare: Collection[str]
) -> pd.DataFrame:
    """Score told types: ``kNN accuracy``, ``macro F1``, and ``recall`` of every type.

    Parameters
    ----------
    true, told
        Types of the held-out cells, shape ``(n,)``.
    rare
        The rare types; ``recall`` of ``rare`` is the mean over those with held-out cells.

    Returns
    -------
    DataFrame
        ``metric``, ``cell_type``, ``value``, ``better``; empty without cells. F1 is the mean over
        types that occur among the held-out cells; a type that is never told has an F1 of 0.
    """
    from sklearn.metrics import f1_score, recall_score

    if not len(true):
        return rows("recall", "higher", {}, rare)
    names = sorted(set(true.tolist()))
    recall = recall_score(true, told, labels=names, average=None, zero_division=0.0)
    f1 = f1_score(true, told, labels=names, average="macro", zero_division=0.0)
    by_type = dict(zip(names, recall.astype(float).tolist(), strict=True))
    return pd.concat(
        [
            rows("kNN accuracy", "higher", {}, rare, float((true == told).mean())),
            rows("macro F1", "higher", {}, rare, float(f1)),
            rows("recall", "higher", by_type, rare),
        ],
        ignore_index=True,
    )
