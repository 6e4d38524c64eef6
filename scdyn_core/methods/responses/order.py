"""In which order clusters are numbered: as they peak, those that hardly move last."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.timing import timing
from scdyn_core.methods.responses.pseudobulk import Matrix

#: Less than this share of the largest cluster's change counts as hardly moving.
_HARDLY = 0.2


def order_of_clusters(
    y: Matrix, se: Matrix, times: Matrix, labels: NDArray[np.int64], k: int
) -> NDArray[np.int64]:
    """Return the clusters in the order they are numbered, shape ``(k,)``.

    Parameters
    ----------
    y, se
        log2 expression without the offset and its standard errors, shape ``(G, T)``.
    labels
        Cluster of every gene, from 0; a cluster may be empty and comes last then.
    """
    known = np.isfinite(se)
    weight = np.where(known, 1.0, 0.0)
    centre = (weight * y).sum(axis=1) / np.maximum(weight.sum(axis=1), 1.0)
    moved = np.where(known, y - centre[:, None], 0.0)
    mean = np.stack([moved[labels == j].mean(axis=0) if (labels == j).any() else 0 * times
                     for j in range(k)])  # fmt: skip
    found = timing(mean, times)
    size = np.abs(found.change)
    hardly = size < _HARDLY * size.max()
    empty = ~np.isin(np.arange(k), labels)
    key = np.nan_to_num(found.peak, nan=np.inf), np.nan_to_num(found.onset, nan=np.inf)
    return np.asarray(np.lexsort((key[1], key[0], hardly, empty)), dtype=np.int64)
