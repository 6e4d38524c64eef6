"""Tables of what was recovered of a planted truth; none for measured data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.methods.method import Table
from scdyn_core.methods.perturbations.values import ScreenCells
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.linear import linear_latents, shifts
from scdyn_core.methods.svae.readout import Readout
from scdyn_core.methods.svae.truth import (
    Found,
    Truth,
    recovery,
    true_targets_table,
    truth_table,
)

THIS_RUN = "this run"
#: Shift above which a linear method is said to find a target, sd.
THRESHOLD = 1.0


def recovery_tables(
    dataset: Dataset, cells: ScreenCells, read: Sequence[Readout], config: SvaeConfig, seed: int
) -> dict[str, Table]:
    """Return ``truth`` and ``true_targets``."""
    truth = Truth.of(dataset, cells.labelled)
    if truth is None:
        return {}
    known = cells.labelled
    names = list(known.kinds)
    rows = [names.index(name) for name in truth.names]
    seen = np.array([name not in known.held_out for name in truth.names])
    learned = cells.part == "train"
    held = np.isin(known.perturbation, sorted(known.held_out))
    scored = (cells.part == "test") & ~held
    found = []
    matching = None
    for number, each in enumerate(read):
        scores, matched = recovery(truth, Found(each.latent, each.on[rows]), learned, scored, seen)
        matching = matched if matching is None else matching
        found.append({"model": THIS_RUN, "replicate": number, "scores": scores})
    for model, latent in linear_latents(cells, config.latents, seed).items():
        targets = np.abs(shifts(latent, cells, truth.names)) > THRESHOLD
        scores, _ = recovery(truth, Found(latent, targets), learned, scored, seen)
        found.append({"model": model, "replicate": 0, "scores": scores})
    assert matching is not None
    return {"truth": truth_table(found), "true_targets": true_targets_table(truth, matching)}
