"""Choosing one model out of several: held-out error, number of terms and stability together.

All three are measured without the test cells, so that the test score of the chosen model stays
an honest one.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

#: Worse than this no stability counts: a share of the field may be negative without bound.
_LEAST_STABILITY = 0.01


class SelectionRule(BaseModel):
    """The best model has the largest merit, a product of three ratios to the best candidate.

    ``merit = (least error / error)^error · (fewest terms / terms)^terms ·
    (stability / largest stability)^stability``
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    error: float = Field(
        default=4.0, ge=0, le=8,
        description="Weight of the error on validation cells, 1 minus the share of the derivative "
        "explained. 4 beside ½ for the terms: half as many terms are worth 9 % more error.",
    )  # fmt: skip
    terms: float = Field(
        default=0.5, ge=0, le=8, description="Weight of having few terms in the equations."
    )
    stability: float = Field(
        default=1.0, ge=0, le=8, description="Weight of agreeing with the other replicates."
    )
    stability_of: Literal["field", "terms"] = Field(
        default="field",
        description="What has to agree: the field, the share of the other replicates' motion it "
        "explains after a linear map of latents; or the terms, their mean share of replicates.",
    )

    def words(self) -> str:
        """Return the rule as one sentence."""
        of = {"field": "field", "terms": "terms"}[self.stability_of]
        return (
            f"validation error (weight {self.error:g}), number of terms ({self.terms:g}) and "
            f"agreement of the {of} with the other replicates ({self.stability:g}), multiplied"
        )


def merits(candidates: pd.DataFrame, rule: SelectionRule) -> NDArray[np.float64]:
    """Return the merit of every candidate, in (0, 1]; 0 where the error is not finite.

    Parameters
    ----------
    candidates
        Columns ``validation_derivative_share``, ``active_terms``, ``field_stability`` and
        ``term_stability``. A stability that is not known (a single replicate) counts as the
        least one that is.
    """
    error = (1.0 - candidates["validation_derivative_share"]).to_numpy(dtype=np.float64)
    error = np.where(np.isfinite(error), error.clip(min=1e-6), np.inf)
    terms = candidates["active_terms"].to_numpy(dtype=np.float64).clip(min=1)
    if not np.isfinite(error).any():
        return np.zeros(len(candidates))
    merit = (error.min() / error) ** rule.error if rule.error else np.isfinite(error).astype(float)
    merit = merit * (terms.min() / terms) ** rule.terms
    merit = merit * _relative_stability(candidates, rule) ** rule.stability
    return np.asarray(merit, dtype=np.float64)


def stability_of(candidates: pd.DataFrame, rule: SelectionRule) -> NDArray[np.float64]:
    """Return the stability the rule looks at; NaN where there was nothing to agree with."""
    name = {"field": "field_stability", "terms": "term_stability"}[rule.stability_of]
    return candidates[name].to_numpy(dtype=np.float64)


def _relative_stability(candidates: pd.DataFrame, rule: SelectionRule) -> NDArray[np.float64]:
    stability = stability_of(candidates, rule)
    if np.isnan(stability).all():
        return np.ones(len(stability))
    stability = np.where(np.isnan(stability), np.nanmin(stability), stability)
    stability = stability.clip(min=_LEAST_STABILITY)
    relative: NDArray[np.float64] = stability / stability.max()
    return relative


def best_candidate(candidates: pd.DataFrame, rule: SelectionRule) -> int:
    """Return the row of the candidate with the largest merit; the first of equals."""
    return int(merits(candidates, rule).argmax())


def chosen_replicate(replicates: pd.DataFrame | None) -> int:
    """Return the replicate a run's table ``replicates`` says is the best; the first without it."""
    if replicates is None or not replicates["chosen"].any():
        return 0
    return int(replicates.loc[replicates["chosen"], "replicate"].iloc[0])


def pareto_front(candidates: pd.DataFrame, rule: SelectionRule) -> NDArray[np.bool_]:
    """Return which candidates no other one beats in error, terms and stability at once.

    One that is as good in all three and better in one beats. A stability that is not known
    counts as the least one that is; one whose error is not finite is on no front.
    """
    share = candidates["validation_derivative_share"].to_numpy(dtype=np.float64)
    goods = np.column_stack(
        [
            np.where(np.isfinite(share), share, -np.inf),
            -candidates["active_terms"].to_numpy(dtype=np.float64),
            _relative_stability(candidates, rule),
        ]
    )
    as_good = (goods[:, None, :] >= goods[None, :, :]).all(axis=2)
    better = (goods[:, None, :] > goods[None, :, :]).any(axis=2)
    beaten = np.asarray((as_good & better).any(axis=0))
    return np.asarray(~beaten & np.isfinite(share), dtype=np.bool_)
