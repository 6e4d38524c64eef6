"""Every estimate against every reference and against held-out cells, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.held_out import HeldOutEffects
from scdyn_core.evaluation.network.recovery import (
    average_precision,
    early_precision,
    expected_average_precision,
    signed_early_precision,
)
from scdyn_core.evaluation.network.reference import Reference

RANDOM = "random"
HELD_OUT = "held-out cells"
COLUMNS = ("reference", "model", "metric", "value", "better", "edges")
#: Numbers of strongest edges at which networks of different sizes are compared.
SIZES = (100, 500)

Row = tuple[str, str, str, float, str, int]


def score_networks(
    estimates: Mapping[str, NetworkEstimate],
    references: Mapping[str, Reference],
    held_out: HeldOutEffects | None = None,
) -> pd.DataFrame:
    """Score estimates on the same pairs of genes, beside what a random network would have.

    The pairs are the reference's: an estimate that does not know a gene has no edges there.
    Networks without a sign get no signed score. References without an edge are left out.

    Parameters
    ----------
    estimates
        By the name of the model.
    references
        By name.
    held_out
        Perturbations and control among cells that no estimate has seen.

    Returns
    -------
    pandas.DataFrame
        ``reference``, ``model``, ``metric``, ``value``, ``better``, ``edges`` (strongest edges
        that were looked at; 0 where all pairs count). Rows of the model ``random`` are expected
        values, exact.
    """
    rows: list[Row] = []
    for name, reference in references.items():
        if (reference.edge & reference.scored).any():
            rows += _against(name, reference, estimates)
    if held_out is not None:
        rows += _on_held_out(held_out, estimates)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"value": np.float64, "edges": np.int64})


def _against(
    name: str, reference: Reference, estimates: Mapping[str, NetworkEstimate]
) -> Iterator[Row]:
    scored = reference.scored
    true, sign = reference.edge[scored], reference.sign[scored]
    pairs, edges = len(true), int(true.sum())
    base = edges / pairs
    # Of an edge whose sign nobody knows, none can be right.
    known = ~true | (sign != 0)
    base_signed = float((sign[known] != 0).mean()) if known.any() else 0.0
    for model, estimate in estimates.items():
        value = estimate.of(reference.sources, reference.targets)[scored]
        area = average_precision(np.abs(value), true)
        yield (name, model, "AUPRC", area, "higher", 0)
        yield (name, model, "AUPRC ratio", area / base, "higher", 0)
        early = early_precision(np.abs(value), true)
        yield (name, model, "EPR", early / base, "higher", edges)
        if estimate.signed and base_signed:
            early = signed_early_precision(value[known], sign[known])
            yield (name, model, "signed EPR", early / base_signed, "higher",
                   int((sign[known] != 0).sum()))  # fmt: skip
    expected = expected_average_precision(pairs, edges)
    yield (name, RANDOM, "AUPRC", expected, "higher", 0)
    yield (name, RANDOM, "AUPRC ratio", expected / base, "higher", 0)
    yield (name, RANDOM, "EPR", 1.0, "higher", edges)
    if base_signed:
        # A random edge has a random sign.
        yield (name, RANDOM, "signed EPR", 0.5, "higher", int((sign[known] != 0).sum()))


def _on_held_out(
    held_out: HeldOutEffects, estimates: Mapping[str, NetworkEstimate]
) -> Iterator[Row]:
    most = 0
    for model, estimate in estimates.items():
        own = held_out.edges_of(estimate)
        most = max(most, own)
        yield from _of_size(held_out, model, estimate, own, "")
        for size in SIZES:
            if own >= size:
                yield from _of_size(held_out, model, estimate, size, f", top {size}")
    scored = held_out.scored
    distance = float(held_out.wasserstein[scored].mean())
    omitted = float(held_out.significant[scored].mean())
    for size, suffix in ((0, ""), *((size, f", top {size}") for size in SIZES if size <= most)):
        yield (HELD_OUT, RANDOM, f"mean Wasserstein{suffix}", distance, "higher", size)
        yield (HELD_OUT, RANDOM, f"false omission rate{suffix}", omitted, "lower", size)


def _of_size(
    held_out: HeldOutEffects, model: str, estimate: NetworkEstimate, size: int, suffix: str
) -> Iterator[Row]:
    scores: tuple[tuple[str, Any, str], ...] = (
        ("mean Wasserstein", held_out.mean_wasserstein, "higher"),
        ("false omission rate", held_out.false_omission_rate, "lower"),
    )
    for metric, score, better in scores:
        value = score(estimate, size)
        if np.isfinite(value):
            yield (HELD_OUT, model, f"{metric}{suffix}", value, better, size)
