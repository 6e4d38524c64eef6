"""How well counts that nobody learned from are predicted, beside simple predictors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from torch import Tensor

from scdyn_core.data.split import Part
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.scvi.network import ScviNetwork
from scdyn_core.methods.scvi.predictors import (
    Components,
    GeneMeans,
    Names,
    Predictor,
    TypeMeans,
    log_likelihood,
)
from scdyn_core.methods.scvi.read_cells import elbo, reconstruction
from scdyn_core.methods.scvi.reading import cells_of
from scdyn_core.methods.scvi.thinning import halves, library, log_factorials
from scdyn_core.preprocess.size_factors import Counts, median_total
from scdyn_core.training.seeding import derive_seed

Cells = dict[str, Tensor]
#: Cells that simple predictors learn from, and test cells that are scored, about, at most.
MOST_FITTED, MOST_SCORED = 10_000, 4000
UNSEEN = "counts left out of a cell (nats per cell)"
REBUILT = "reconstruction (nats per cell)"
EVIDENCE = "evidence per cell (ELBO, nats)"


@dataclass(frozen=True)
class Halves:
    """Counts of some cells that are looked at, and counts that are predicted."""

    seen: Counts
    asked: Counts
    types: Names | None


def held_out_scores(
    networks: Sequence[ScviNetwork],
    tensors: Tensors,
    types: dict[Part, Names] | None,
    seed: int,
) -> list[Score]:
    """Return three scores of test cells: left-out counts, reconstruction, evidence.

    Where all counts of a cell are looked at, those who keep more of them seem better; so half of
    its molecules are left out, and predicted from the other half.
    """
    components = networks[0].config.latents
    train, test = _sparse(tensors, "train"), _sparse(tensors, "test")
    rows, scored = spread(train.shape[0], MOST_FITTED), spread(test.shape[0], MOST_SCORED)
    train, test = train[rows], test[scored]
    known = (types["train"][rows], types["test"][scored]) if types else (None, None)
    thin_train = Halves(*halves(train, derive_seed(seed, "training halves")), known[0])
    thin_test = Halves(*halves(test, derive_seed(seed, "halves")), known[1])
    whole_train, whole_test = Halves(train, train, known[0]), Halves(test, test, known[1])
    unseen = _baselines(thin_train, thin_test, components, seed)
    rebuilt = _baselines(whole_train, whole_test, components, seed)
    cells = {name: value[scored] for name, value in cells_of(tensors, "test").items()}
    seen, asked = _with_counts(cells, thin_test.seen), _with_counts(cells, thin_test.asked)
    draws = networks[0].config.evidence_draws
    evidence = [
        elbo(one, cells, draws, derive_seed(seed, "evidence", number))
        for number, one in enumerate(networks)
    ]
    left_out = [-reconstruction(one, seen, asked) for one in networks]
    whole = [-reconstruction(one, cells, cells) for one in networks]
    # What looks at no count of the cell gives its probability itself.
    blind = {k: v for k, v in rebuilt.items() if not k.startswith(Components.name)}
    return [
        _score(UNSEEN, "lower", left_out, {name: -value for name, value in unseen.items()}),
        _score(REBUILT, "lower", whole, {name: -value for name, value in rebuilt.items()}),
        _score(EVIDENCE, "higher", evidence, blind),
    ]


def spread(n: int, most: int) -> NDArray[np.int64]:
    """Return every so many of ``n`` positions, so that they are at most ``most``."""
    return np.arange(0, n, max(1, -(-n // most)))


def _baselines(fitted: Halves, asked: Halves, components: int, seed: int) -> dict[str, float]:
    """Return the log likelihood of a cell by every simple predictor, mean over cells."""
    predictors: list[Predictor] = [GeneMeans.fit(fitted.seen)]
    if fitted.types is not None:
        predictors.append(TypeMeans.fit(fitted.seen, fitted.types))
    depth = median_total(fitted.seen)
    predictors.append(Components.fit(fitted.seen, components, depth, seed))
    return {
        each.name: float(
            log_likelihood(
                each,
                (fitted.seen, fitted.asked),
                (asked.seen, asked.asked),
                (fitted.types, asked.types),
            ).mean()
        )
        for each in predictors
    }


def _score(
    metric: str, better: str, values: Sequence[NDArray[np.float64]], baselines: dict[str, float]
) -> Score:
    means = [float(value.mean()) for value in values]
    return Score(
        metric=metric,
        value=float(np.mean(means)),
        split="test",
        better="lower" if better == "lower" else "higher",
        replicate_sd=float(np.std(means, ddof=1)) if len(means) > 1 else None,
        baselines=baselines,
    )


def _sparse(tensors: Tensors, part: Part) -> Counts:
    return csr_matrix(np.asarray(tensors.parts[part]["counts"], dtype=np.float64))


def _with_counts(cells: Cells, counts: Counts) -> Cells:
    """Return the cells with other counts."""
    arrays = {
        "counts": counts.toarray(),
        "library": library(counts),
        "log_factorials": log_factorials(counts),
    }
    return {**cells, **{k: torch.as_tensor(v, dtype=torch.float32) for k, v in arrays.items()}}
