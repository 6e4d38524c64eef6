"""Whether replicates agree on which terms there are, and more than chance would.

K replicates with matched latents; ``masks`` (K, p, d) is 1 where a term is kept, ``allowed``
(K, p, d) is 1 where it may be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.methods.method import Table

Matrix = NDArray[np.floating]

SHUFFLES = 1000
#: Central 95 %.
INTERVAL = (0.025, 0.975)


@dataclass(frozen=True)
class TermAgreement:
    """How much the replicates agree on which terms there are, beside chance.

    Attributes
    ----------
    jaccard
        Mean over pairs of replicates of |terms of both| / |terms of either|.
    chance, chance_low, chance_high
        Mean and central 95 % of the same when every equation keeps as many terms, drawn at
        random.
    p_value
        Share of the random draws that agree at least as well.
    """

    replicates: int
    jaccard: float
    chance: float
    chance_low: float
    chance_high: float
    p_value: float


def term_agreement(masks: Matrix, *, allowed: Matrix | None = None, seed: int = 0) -> TermAgreement:
    """Compare kept terms, ``masks`` of shape ``(K, p, d)``, with as many drawn at random.

    Parameters
    ----------
    masks
        1 where a term is kept.
    allowed
        1 where it may be: terms excluded beforehand are never drawn, for agreeing on those is
        no finding. All may where it is not given.
    seed
        Draws the terms.

    Raises
    ------
    ValueError
        When there are fewer than two replicates.
    """
    if len(masks) < 2:
        raise ValueError("agreement needs two replicates")
    rng = np.random.default_rng(seed)
    kept = masks > 0
    measured = _mean_jaccard(kept)
    offered = np.ones(kept.shape, dtype=bool) if allowed is None else (allowed > 0) | kept
    random = np.array([_mean_jaccard(_drawn(kept, offered, rng)) for _ in range(SHUFFLES)])
    low, high = np.quantile(random, INTERVAL)
    # The measured agreement is one of the draws, so that the share is never 0.
    p_value = (1 + np.count_nonzero(random >= measured - 1e-12)) / (1 + SHUFFLES)
    return TermAgreement(
        len(masks), measured, float(random.mean()), float(low), float(high), float(p_value)
    )


def _drawn(
    kept: NDArray[np.bool_], offered: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Return as many terms of every equation, drawn at random among those offered."""
    keys = np.where(offered, rng.random(kept.shape), 2.0)
    ranks = keys.argsort(axis=1).argsort(axis=1)
    drawn: NDArray[np.bool_] = ranks < kept.sum(axis=1, keepdims=True)
    return drawn


def _mean_jaccard(kept: NDArray[np.bool_]) -> float:
    flat = kept.reshape(len(kept), -1).astype(np.float64)
    both = flat @ flat.T
    sizes = np.diag(both)
    either = sizes[:, None] + sizes[None, :] - both
    # Two replicates without any term agree.
    jaccard = np.divide(both, either, out=np.ones_like(both), where=either > 0)
    return float(jaccard[np.triu_indices(len(kept), 1)].mean())


def agreement_words(agreement: pd.Series) -> str:
    """Return one sentence that says whether replicates agree on the terms more than chance."""
    measured = (
        f"kept terms overlap by {agreement['jaccard']:.0%} between replicates, by chance "
        f"{agreement['chance']:.0%} ({agreement['chance_low']:.0%} to "
        f"{agreement['chance_high']:.0%})"
    )
    if agreement["jaccard"] > agreement["chance_high"]:
        return f"Terms agree more than chance: {measured}."
    return f"Terms do not agree more than chance: {measured}."


def agreement_table(agreement: TermAgreement) -> Table:
    """One row: the agreement of the replicates on which terms there are."""
    random = "when every equation keeps as many terms, drawn at random"
    meanings = {
        "replicates": "number of replicates",
        "jaccard": "terms of both replicates over terms of either, mean over pairs of replicates",
        "chance": f"the same {random}",
        "chance_low": f"2.5 % quantile of the same {random}",
        "chance_high": f"97.5 % quantile of the same {random}",
        "p_value": "share of the random draws that agree at least as well",
    }
    return Table(pd.DataFrame([vars(agreement)], columns=list(meanings)), meanings)
