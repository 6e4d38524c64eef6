"""CLERA's scores on test cells, each beside the baselines a sceptic would ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from scdyn_core.data.split import Part
from scdyn_core.evaluation.dynamics import Motion, share_explained, sparse_quadratic_ode
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.readout import Readout
from scdyn_core.methods.method import Tensors

Matrix = NDArray[np.floating]
Readouts = Sequence[Mapping[Part, Readout]]
SPLIT: Part = "test"
NULL = "null: best baseline on destroyed directions"


def motion(tensors: Tensors, part: Part, *, null: bool = False) -> Motion:
    """Return one part as the baselines see it; ``null`` takes the destroyed derivative."""
    arrays, prefix = tensors.reference[part], "null_" if null else ""
    classes = tensors.parts[part].get("classes")
    return Motion(
        scores=arrays["scores"],
        dscores=arrays[f"{prefix}dscores"],
        dx=arrays[f"{prefix}dx"],
        types=None if classes is None else type_numbers(classes),
    )


def type_numbers(one_hot: Matrix) -> NDArray[np.int64]:
    """Return the number of each row's class, -1 where the row is empty: type unknown."""
    numbers: NDArray[np.int64] = np.where(one_hot.any(axis=1), one_hot.argmax(axis=1), -1)
    return numbers


def baseline_dimensions(config: CleraConfig, tensors: Tensors) -> dict[str, int]:
    """Return the sparse quadratic ODEs to compare with: as many components as latents, and 10."""
    available = len(tensors.constants["components"])
    sizes = sorted({min(config.latents, available), min(10, available)})
    return {f"PCA-{d} + STLSQ": d for d in sizes}


def clera_scores(
    readouts: Readouts,
    tensors: Tensors,
    config: CleraConfig,
    real: Mapping[str, float],
    null: Mapping[str, float],
) -> list[Score]:
    """Score the replicates on test cells."""
    truth = tensors.reference[SPLIT]
    best_null = [value for name, value in null.items() if name != "no change"]
    scores = [
        _score(
            "derivative share",
            readouts,
            lambda r: share_explained(truth["dx"], r.dxhat),
            {**real, **({NULL: max(best_null)} if best_null else {})},
        ),
        _score(
            "latent derivative share",
            readouts,
            lambda r: share_explained(r.dz, r.dzhat),
            _latent_baselines(config, tensors),
        ),
        _score(
            "reconstruction R2",
            readouts,
            lambda r: _r2(truth["x"], r.xhat),
            _reconstruction_baselines(config, tensors),
        ),
    ]
    if readouts[0][SPLIT].classes is not None and _types_known(tensors):
        true = type_numbers(tensors.parts[SPLIT]["classes"])
        scores.append(
            _score(
                "cell-type accuracy",
                readouts,
                lambda r: accuracy(r.classes, true),
                _class_baselines(config, tensors),
            )
        )
    return scores


def _score(
    metric: str,
    readouts: Readouts,
    measure: Callable[[Readout], float],
    baselines: Mapping[str, float],
) -> Score:
    values = [measure(replicate[SPLIT]) for replicate in readouts]
    return Score(
        metric=metric,
        value=float(np.mean(values)),
        split=SPLIT,
        better="higher",
        replicate_sd=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        baselines=dict(baselines),
    )


def _types_known(tensors: Tensors) -> bool:
    """Return whether there are types to learn from and types to be right about."""
    return all(tensors.parts[part]["classes"].any() for part in ("train", SPLIT))


def accuracy(predicted: NDArray[np.int64] | None, true: NDArray[np.int64]) -> float:
    """Return the share of right types among cells whose type is known; NaN where none is."""
    assert predicted is not None
    known = true >= 0
    return float((predicted == true)[known].mean()) if known.any() else float("nan")


def _r2(truth: Matrix, prediction: Matrix) -> float:
    return 1.0 - float(
        np.square(truth - prediction).sum() / np.square(truth - truth.mean(axis=0)).sum()
    )


def _latent_baselines(config: CleraConfig, tensors: Tensors) -> dict[str, float]:
    d = min(config.latents, len(tensors.constants["components"]))
    train, test = tensors.reference["train"], tensors.reference[SPLIT]
    ode = sparse_quadratic_ode(train["scores"][:, :d], train["dscores"][:, :d])
    sd = train["scores"][:, :d].std(axis=0)
    share = share_explained(test["dscores"][:, :d] / sd, ode(test["scores"][:, :d]) / sd)
    return {"no change": 0.0, f"PCA-{d} + STLSQ": share}


def _reconstruction_baselines(config: CleraConfig, tensors: Tensors) -> dict[str, float]:
    truth, train = tensors.reference[SPLIT], tensors.reference["train"]
    components, centre = tensors.constants["components"], tensors.constants["centre"]
    mean = np.broadcast_to(train["x"].mean(axis=0), truth["x"].shape)
    baselines = {"gene mean": _r2(truth["x"], mean)}
    for d in sorted({min(k * config.latents, len(components)) for k in (1, 2)}):
        reconstructed = truth["scores"][:, :d] @ components[:d] + centre
        baselines[f"PCA-{d}"] = _r2(truth["x"], reconstructed)
    return baselines


def _class_baselines(config: CleraConfig, tensors: Tensors) -> dict[str, float]:
    d = min(config.latents, len(tensors.constants["components"]))
    train, true = (type_numbers(tensors.parts[part]["classes"]) for part in ("train", SPLIT))
    known, asked = train >= 0, true >= 0
    train, true = train[known], true[asked]
    baselines = {"most frequent type": float((true == np.bincount(train).argmax()).mean())}
    if len(np.unique(train)) > 1:
        seen = tensors.reference["train"]["scores"][known, :d]
        scale = seen.std(axis=0) + 1e-12
        model = LogisticRegression(max_iter=2000).fit(seen / scale, train)
        unseen = tensors.reference[SPLIT]["scores"][asked, :d] / scale
        baselines[f"logistic on PCA-{d}"] = float(model.score(unseen, true))
    return baselines
