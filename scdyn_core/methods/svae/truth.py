"""How much of a planted truth was found, beside methods that know no sparsity; generated data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.evaluation.disentanglement.linear_r2 import linear_r2
from scdyn_core.evaluation.disentanglement.masks import mask_scores
from scdyn_core.evaluation.disentanglement.matching import Matching, match_latents
from scdyn_core.evaluation.disentanglement.mcc import matched_correlation
from scdyn_core.methods.method import Table
from scdyn_core.methods.perturbations.labels import Labelled

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
#: Where generated data keep their truth: latents in ``obsm``, shifts of targets in ``uns``.
LATENT, SHIFTS = "latent_true", "mechanism_shift"


@dataclass(frozen=True)
class Truth:
    """The planted latents and targets.

    Attributes
    ----------
    latent
        Of the cells that take part, in the order of ``Labelled.cells``, shape ``(n, T)``.
    targets
        Of the single perturbations with a planted shift, shape ``(K, T)``.
    names
        Their names.
    """

    latent: Matrix
    targets: Mask
    names: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Dataset, labelled: Labelled) -> Truth | None:
        """Return the truth of generated data; ``None`` for others."""
        stored: Any = dataset.adata.uns.get(SHIFTS)
        if LATENT not in dataset.adata.obsm or not isinstance(stored, Mapping):
            return None
        shift, named = (np.asarray(stored.get(key, ())) for key in ("shift", "perturbation"))
        # Whoever made the file may have put anything there.
        fits = shift.shape == (named.size, dataset.adata.obsm[LATENT].shape[1])
        if not fits or shift.dtype.kind not in "iuf":
            return None
        planted = dict(zip(map(str, named.ravel()), shift, strict=True))
        names = tuple(name for name in labelled.kinds if name in planted)
        if not names:
            return None
        return cls(
            np.asarray(dataset.adata.obsm[LATENT], dtype=np.float64)[labelled.cells],
            np.stack([planted[name] for name in names]) != 0,
            names,
        )


@dataclass(frozen=True)
class Found:
    """What a method found.

    Attributes
    ----------
    latent
        Of the same cells as the truth, shape ``(n, F)``.
    targets
        Of the perturbations named by the truth, shape ``(K, F)``.
    """

    latent: Matrix
    targets: Mask


def recovery(
    truth: Truth, found: Found, learned: NDArray[np.bool_], scored: NDArray[np.bool_], seen: Mask
) -> tuple[dict[str, float], Matching]:
    """Return what was recovered, and which found latent is which true one.

    Parameters
    ----------
    learned, scored
        Cells that regressions are fitted on, and that everything is scored on, shape ``(n,)``.
    seen
        Perturbations that targets are scored of: those learned from, shape ``(K,)``.
    """
    matching = match_latents(truth.latent[scored], found.latent[scored])
    masks = mask_scores(truth.targets, found.targets, matching, seen)
    r2 = linear_r2(
        found.latent[learned], truth.latent[learned], found.latent[scored], truth.latent[scored]
    )
    return {
        "MCC": matched_correlation(matching),
        "R2": r2,
        "mask precision": masks.precision,
        "mask recall": masks.recall,
        "mask F1": masks.f1,
    }, matching


def truth_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """One row a quantity, model and replicate."""
    frame = pd.DataFrame(list(_long(rows)))
    return Table(
        frame,
        {
            "quantity": "MCC: mean |correlation| of matched latents; R2 of true latents from found "
            "ones; precision, recall and F1 of targets; test cells, perturbations learned from",
            "model": "this run, or a method without sparse targets, turned by the same rotation",
            "replicate": "seed number",
            "value": "1 is perfect",
        },
    )


def _long(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for quantity, value in row["scores"].items():
            yield {
                "quantity": quantity,
                "model": row["model"],
                "replicate": row["replicate"],
                "value": value,
            }


def true_targets_table(truth: Truth, matching: Matching) -> Table:
    """One row a perturbation and true latent, under the number of the latent found for it."""
    number = np.full(truth.targets.shape[1], -1)
    number[matching.true] = matching.found + 1
    missed = number < 0
    number[missed] = matching.n_found + 1 + np.arange(int(missed.sum()))
    latents = truth.targets.shape[1]
    frame = pd.DataFrame(
        {
            "perturbation": np.repeat(np.array(truth.names, dtype=object), latents),
            "latent": np.tile(number, len(truth.names)),
            "on": truth.targets.ravel(),
        }
    )
    return Table(
        frame,
        {
            "perturbation": "name of the perturbation",
            "latent": "number of the found latent that is most like the true one",
            "on": "whether the perturbation shifts it in truth",
        },
    )
