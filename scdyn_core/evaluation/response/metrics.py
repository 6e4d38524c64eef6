"""How close a predicted response is to the observed one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.response.seen_types import Values

#: Suffix of a metric on the genes that changed most.
ON_CHANGED = ", DE genes"


@dataclass(frozen=True)
class ResponseMetric:
    """A metric of changes ``(observed, predicted)``, each ``(G,)``, and its direction."""

    name: str
    better: Literal["higher", "lower"]
    value: Callable[[Values, Values], float]


def pearson_delta(observed: Values, predicted: Values) -> float:
    """Correlation of the changes over genes; 0 for a prediction that is the same everywhere."""
    if not (np.ptp(observed) > 0 and np.ptp(predicted) > 0):
        return 0.0
    return float(np.corrcoef(observed, predicted)[0, 1])


def mse(observed: Values, predicted: Values) -> float:
    """Mean squared error of mean treated expression, squared natural log units."""
    return float(np.square(predicted - observed).mean())


def r2_of_change(observed: Values, predicted: Values) -> float:
    """Share of the variation of the change over genes that is predicted; below 0 is possible."""
    varied = np.square(observed - observed.mean()).sum()
    if not varied > 0:
        return np.nan
    return float(1.0 - np.square(predicted - observed).sum() / varied)


RESPONSE_METRICS = (
    ResponseMetric("Pearson delta", "higher", pearson_delta),
    ResponseMetric("MSE", "lower", mse),
    ResponseMetric("R2 of change", "higher", r2_of_change),
)


@dataclass(frozen=True)
class MeasuredResponse:
    """One value of one metric."""

    metric: str
    value: float
    better: Literal["higher", "lower"]


def measure(
    observed: Values, predicted: Values, changed: NDArray[np.bool_]
) -> list[MeasuredResponse]:
    """Return every metric on all genes, and on those that changed.

    Parameters
    ----------
    observed, predicted
        Change of mean log-normalised expression, shape ``(G,)``.
    changed
        Genes whose observed change is beyond doubt, shape ``(G,)``.
    """
    found = []
    for suffix, genes in (("", np.ones_like(changed)), (ON_CHANGED, changed)):
        if np.count_nonzero(genes) < 2:
            continue
        for each in RESPONSE_METRICS:
            value = each.value(observed[genes], predicted[genes])
            found.append(MeasuredResponse(each.name + suffix, value, each.better))
    return found
