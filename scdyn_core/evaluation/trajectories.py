"""Whether a learned motion carries the cells of one time to those of the next.

Cells are not followed in single-cell data, so populations are compared: the test cells of a time
bin are moved by the equations and should then be distributed like the test cells of the next bin.
Branching needs nothing else. The unit of time is unknown: how long each step takes is chosen on
training cells, and taking no time at all is among the choices. Where the cells of two times are
distributed alike there is nothing to predict: such steps do not count.

Symbols: z (n, d) states; dz (n, d) their derivatives; bin (n,) number of a cell's time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.dynamics import Matrix
from scdyn_core.evaluation.energy_distance import differ, energy_distance
from scdyn_core.evaluation.field.simulate import follow
from scdyn_core.evaluation.field.terms import Values
from scdyn_core.evaluation.linear_map import LinearMap

Field = Callable[[Values], Values]

#: Bins where time is an order (pseudotime), cells taken of each bin, and cells a bin needs.
BINS, MOST_CELLS, FEWEST_CELLS = 8, 400, 10
#: Durations tried for a step, besides none, and the longest in units of |states| / |motion|.
DURATIONS, LONGEST = 60, 4.0

COLUMNS = {
    "replicate": "seed number",
    "model": "what moves the cells",
    "step": "number of the step from one time to the next",
    "time": "time the cells are taken from",
    "next_time": "time they are compared with",
    "cells": "test cells moved",
    "duration": "time of the step in the unit of the derivative, chosen on training cells",
    "distance": "energy distance of the moved cells to those of the next time, test cells",
    "unmoved": "the same distance when nothing moves",
    "error": "distance / unmoved: 1 is no better than predicting no change",
    "counts": "whether the cells of the two times differ at all (permutation test on training "
    "cells, 5%); other steps have nothing to predict",
}


@dataclass(frozen=True)
class Snapshots:
    """States of one part of the cells by time: ``clouds[b]`` has shape ``(n_b, d)``."""

    clouds: tuple[Values, ...]

    @classmethod
    def of(cls, z: Matrix, bins: NDArray[np.int64], count: int, seed: int) -> Snapshots:
        """Take at most ``MOST_CELLS`` of every bin, by ``seed``."""
        rng = np.random.default_rng(seed)
        clouds = []
        for number in range(count):
            members = np.flatnonzero(bins == number)
            if len(members) > MOST_CELLS:
                members = np.sort(rng.choice(members, MOST_CELLS, replace=False))
            clouds.append(np.asarray(z[members], dtype=np.float64))
        return cls(tuple(clouds))


def time_bins(
    train: NDArray[np.floating], test: NDArray[np.floating], *, ordered: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[float]]:
    """Return the bin of every training and test cell (-1: none), and the time of each bin.

    Parameters
    ----------
    train, test
        Times, shapes ``(n,)`` and ``(m,)``; NaN where unknown.
    ordered
        Whether time is an order to be cut into eight equal parts of the training cells;
        otherwise every distinct time is a bin.
    """
    known = train[np.isfinite(train)]
    if ordered:
        edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1]))
        bins = [np.where(np.isfinite(t), np.searchsorted(edges, t), -1) for t in (train, test)]
        times = [
            float(np.median(train[bins[0] == number])) if (bins[0] == number).any() else np.nan
            for number in range(len(edges) + 1)
        ]
    else:
        levels = np.unique(known)
        bins = [np.where(np.isin(t, levels), np.searchsorted(levels, t), -1) for t in (train, test)]
        times = [float(level) for level in levels]
    return bins[0].astype(np.int64), bins[1].astype(np.int64), times


def time_errors(
    field: Field, train: Snapshots, test: Snapshots, times: list[float], unit: float
) -> pd.DataFrame:
    """Return one row a step between consecutive times that both have enough cells.

    Parameters
    ----------
    field
        From states to derivatives.
    train, test
        Durations are chosen on the first, errors measured on the second.
    times
        Time of every bin.
    unit
        Typical ``|state| / |derivative|``: the longest step tried is ``LONGEST`` of these.
    """
    everything = np.concatenate(train.clouds)
    box = everything.min(axis=0), everything.max(axis=0)
    durations = np.linspace(0.0, LONGEST * unit, DURATIONS + 1)
    usable = [
        number
        for number, (a, b) in enumerate(zip(train.clouds, test.clouds, strict=True))
        if min(len(a), len(b)) >= FEWEST_CELLS
    ]
    rows = []
    for step, (now, then) in enumerate(pairwise(usable), start=1):
        seen = follow(field, train.clouds[now], durations, box)
        fits = [_distance(cloud, train.clouds[then]) for cloud in seen]
        best = int(np.nanargmin(fits))
        moved = follow(field, test.clouds[now], durations[: best + 1], box)[best]
        distance = _distance(moved, test.clouds[then])
        unmoved = energy_distance(test.clouds[now], test.clouds[then])
        if not np.isfinite(distance):
            distance = unmoved
        counts = differ(train.clouds[now], train.clouds[then], seed=step)
        rows.append((step, times[now], times[then], len(moved), durations[best], distance, unmoved,
                     counts))  # fmt: skip
    columns = ["step", "time", "next_time", "cells", "duration", "distance", "unmoved", "counts"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["error"] = frame["distance"] / frame["unmoved"]
    return frame


def overall_error(steps: pd.DataFrame) -> float:
    """Return Σ distance / Σ unmoved over the steps that count; NaN where none does.

    Steps count by how much there was to predict: a mean of the ratios would be ruled by steps
    in which almost nothing changes.
    """
    rows = steps[steps["counts"].astype(bool)]
    return float(rows["distance"].sum() / rows["unmoved"].sum()) if len(rows) else np.nan


def time_unit(z: Matrix, dz: Matrix) -> float:
    """Return the time a cell of typical speed needs for one typical distance."""
    spread = float(np.sqrt(np.square(z - z.mean(axis=0)).sum(axis=1).mean()))
    speed = float(np.sqrt(np.square(dz).sum(axis=1).mean()))
    return spread / speed if speed > 0 else 1.0


def linear_ode(z: Matrix, dz: Matrix) -> Field:
    """Fit ``dz = z A + a`` by least squares."""
    fitted = LinearMap.between(z, dz)
    return lambda states: np.asarray(states @ fitted.matrix + fitted.offset, dtype=np.float64)


def shuffled_ode(z: Matrix, dz: Matrix, seed: int) -> Field:
    """Fit the same to derivatives that were dealt out to the wrong cells: the null."""
    return linear_ode(z, np.random.default_rng(seed).permutation(dz))


def _distance(cloud: Values, other: Values) -> float:
    return energy_distance(cloud, other) if np.isfinite(cloud).all() else np.nan


@dataclass(frozen=True)
class EndError:
    """Error of simulated paths against the true ones, in sd of the true latents."""

    half: float
    end: float


def end_error(
    learned: Field,
    truth: Field,
    fitted_on: Mapping[str, Matrix],
    start: Mapping[str, Matrix],
    horizon: float,
) -> EndError:
    """Compare paths of learned and true equations from the same cells.

    The learned latents are mapped to the true ones by one affine map, and time by one factor,
    both fitted on ``fitted_on``.

    Parameters
    ----------
    learned, truth
        Fields in the learned and in the true latent space.
    fitted_on, start
        ``z`` and ``true`` (n, d): the same cells in both spaces. Paths begin at ``start``.
    horizon
        True time.
    """
    z, true = (np.asarray(fitted_on[name], dtype=np.float64) for name in ("z", "true"))
    to_true = LinearMap.between(z, true)
    mapped, wanted = learned(z) @ to_true.matrix, truth(true)
    size = float(np.square(mapped).sum())
    speed = max(float((mapped * wanted).sum()) / size, 0.0) if size > 0 else 0.0
    times = np.linspace(0.0, horizon, 41)
    box, true_box = ((cells.min(axis=0), cells.max(axis=0)) for cells in (z, true))
    starts = [np.asarray(start[name], dtype=np.float64) for name in ("z", "true")]
    found = follow(learned, starts[0], times * speed, box) if speed > 0 else starts[0][None]
    real = follow(truth, starts[1], times, true_box)
    sd = true.std(axis=0)

    def error(at: int) -> float:
        place = found[at if speed > 0 else 0] @ to_true.matrix + to_true.offset
        return float(np.sqrt(np.square((place - real[at]) / sd).mean()))

    return EndError(error(len(times) // 2), error(-1))
