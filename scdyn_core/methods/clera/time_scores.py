"""Whether the learned equations carry held-out cells from one time to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Part
from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.score import Score
from scdyn_core.evaluation.trajectories import (
    COLUMNS,
    Field,
    Snapshots,
    linear_ode,
    overall_error,
    shuffled_ode,
    time_bins,
    time_errors,
    time_unit,
)
from scdyn_core.methods.clera.readout import Readout
from scdyn_core.methods.method import Table, Tensors

EQUATIONS, LINEAR, NULL = "equations", "linear ODE", "null: linear ODE on shuffled derivatives"


def time_scores(
    readouts: Sequence[Mapping[Part, Readout]],
    equations: pd.DataFrame,
    tensors: Tensors,
    dataset: Dataset,
    seed: int = 0,
) -> tuple[Table, Score | None] | None:
    """Score the equations by time, or by pseudotime where no time is known.

    ``None`` where the data have neither, or too few cells at each time; no score where the
    cells of no two consecutive times differ.

    Parameters
    ----------
    readouts
        Of every replicate.
    equations
        The table of equations.
    tensors, dataset
        What was trained on; the time is an annotation of the dataset.
    seed
        Draws the cells that stand for a time.
    """
    column = dataset.roles.time or dataset.roles.pseudotime
    if column is None:
        return None
    known = pd.to_numeric(dataset.adata.obs[column].astype(object), errors="coerce").to_numpy(float)
    if not np.isfinite(known[tensors.samples["train"]]).any():
        return None
    *bins, times = time_bins(
        known[tensors.samples["train"]],
        known[tensors.samples["test"]],
        ordered=dataset.roles.time is None,
    )
    frames = []
    for replicate, parts in enumerate(readouts):
        train = Snapshots.of(parts["train"].z, bins[0], len(times), seed)
        test = Snapshots.of(parts["test"].z, bins[1], len(times), seed)
        z, dz = parts["train"].z, parts["train"].dz
        fields: dict[str, Field] = {
            EQUATIONS: LearnedField.of(equations, replicate),
            LINEAR: linear_ode(z, dz),
            NULL: shuffled_ode(z, dz, seed),
        }
        for name, field in fields.items():
            steps = time_errors(field, train, test, times, time_unit(z, dz))
            frames.append(steps.assign(replicate=replicate, model=name))
    table = pd.concat(frames, ignore_index=True)
    if table.empty:
        return None
    return Table(table[list(COLUMNS)], COLUMNS), _score(table)


def _score(table: pd.DataFrame) -> Score | None:
    # Only where the clouds differ in every replicate can the replicates be averaged.
    everywhere = table.groupby("step")["counts"].transform("all")
    table = table[everywhere]
    if table.empty:
        return None
    errors = {
        name: [overall_error(steps) for _, steps in rows.groupby("replicate")]
        for name, rows in table.groupby("model")
    }
    values = errors.pop(EQUATIONS)
    return Score(
        metric="time error",
        value=float(np.mean(values)),
        split="test",
        better="lower",
        replicate_sd=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        baselines={"no change": 1.0, **{k: float(np.mean(v)) for k, v in errors.items()}},
    )
