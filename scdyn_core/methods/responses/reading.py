"""Several replicates of a model read as one: mean of their means, spread within and between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scdyn_core.methods.responses.model import ResponseModel
from scdyn_core.methods.responses.pseudobulk import Curves, Matrix


@dataclass(frozen=True)
class Reading:
    """What the replicates say about genes, with the offset removed.

    Attributes
    ----------
    models
        The replicates.
    k
        Number of clusters that is looked at.
    offset
        What is removed at each time, log2, shape ``(T,)``: the first replicate's.
    """

    models: Sequence[ResponseModel]
    k: int
    offset: Matrix

    @classmethod
    def of(cls, models: Sequence[ResponseModel], k: int) -> Reading:
        """Read replicates with ``k`` clusters."""
        return cls(models, k, models[0].offset(k))

    def predicted(self, found: Curves, hidden: int | None = None) -> tuple[Matrix, Matrix]:
        """Return mean and standard deviation of the true means, without the offset, ``(G, T)``.

        Parameters
        ----------
        hidden
            Index of a time that the models must not see.
        """
        if hidden is not None:
            se = found.se.copy()
            mean = found.mean.copy()
            se[:, hidden], mean[:, hidden] = np.inf, 0.0
            found = replace(found, mean=mean, se=se)
        each = [model.predicted(found, self.k) for model in self.models]
        means = np.stack([mean for mean, _ in each])
        variance = np.mean([sd**2 for _, sd in each], axis=0) + means.var(axis=0)
        return means.mean(axis=0) - self.offset, np.sqrt(variance)
