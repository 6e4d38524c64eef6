"""Fixed points as a table, with what other replicates say about each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scdyn_core.evaluation.field.fixed_points import FixedPoint
from scdyn_core.evaluation.field.support import Support
from scdyn_core.evaluation.field.terms import Values
from scdyn_core.evaluation.linear_map import LinearMap

#: Cells that say which types are around a point.
NEAREST = 25
#: Points of two replicates nearer than this (sd of the cells) after alignment are the same.
SAME_IN_REPLICATES = 0.5

COLUMNS = {
    "point": "number of the point; those nearest to cells first",
    "kind": "from the eigenvalues of the Jacobian of the equations",
    "growth": "largest real part of the eigenvalues, per unit of time: how fast a small "
    "displacement grows (above 0) or dies out (below 0)",
    "period": "time of one turn where cells spiral; empty where they do not",
    "among": "whether cells are there: elsewhere the equations were never tested",
    "distance": "distance to the fifth nearest cell, sd of the latents",
    "nearest": "most common types of the 25 nearest cells",
    "replicates": "share of the replicates with a fixed point at the same place (within half an "
    "sd after aligning the latents linearly on the cells)",
    "same_kind": "share of the replicates where it is there and of the same kind",
    "growth_sd": "sd of the growth over the replicates that have the point",
}


@dataclass(frozen=True)
class Replicate:
    """Another replicate: the same cells in its own latents, and its fixed points."""

    cells: Values
    points: Sequence[FixedPoint]


def fixed_point_table(
    points: Sequence[FixedPoint],
    support: Support,
    types: Sequence[str] | None,
    others: Sequence[Replicate] = (),
) -> pd.DataFrame:
    """Return one row a fixed point; ``COLUMNS`` says what the columns mean.

    Parameters
    ----------
    points
        Of the replicate that is looked at.
    support
        Its cells.
    types
        Type of every cell; ``None`` where unknown.
    others
        The other replicates, cells in the same order.
    """
    in_others = [_carried_over(other, support.cells) for other in others]
    rows = []
    for number, point in enumerate(points, start=1):
        row: dict[str, object] = {
            "point": number,
            "kind": point.kind,
            "growth": point.growth,
            "period": np.nan if point.period is None else point.period,
            "among": point.among,
            "distance": point.distance,
        }
        if types is not None:
            row["nearest"] = _nearest_types(point, support, types)
        if others:
            found = [match for other in in_others if (match := _match(point, other)) is not None]
            same = 1 + sum(match.kind == point.kind for match in found)
            growths = [point.growth, *(match.growth for match in found)]
            row["replicates"] = (1 + len(found)) / (1 + len(others))
            row["same_kind"] = same / (1 + len(others))
            row["growth_sd"] = float(np.std(growths, ddof=1)) if found else np.nan
        row |= {f"z{axis + 1}": value for axis, value in enumerate(point.position)}
        row |= {f"eigenvalue{i + 1}": f"{value:.4g}" for i, value in enumerate(point.eigenvalues)}
        rows.append(row)
    return pd.DataFrame(rows)


def _carried_over(other: Replicate, cells: Values) -> list[tuple[Values, FixedPoint]]:
    """Return the other replicate's points at their place in this one's latent space.

    Eigenvalues do not change under a linear change of the latents: they can be compared as
    they are.
    """
    to_here = LinearMap.between(other.cells, cells)
    return [
        (np.asarray(point.position @ to_here.matrix + to_here.offset, dtype=np.float64), point)
        for point in other.points
    ]


def _match(point: FixedPoint, other: list[tuple[Values, FixedPoint]]) -> FixedPoint | None:
    """Return the nearest of the other's points, if it is near enough; distances per latent."""
    scale = np.sqrt(len(point.position))
    ranked = [
        (float(np.linalg.norm(place - point.position)) / scale, number)
        for number, (place, _) in enumerate(other)
    ]
    if not ranked or min(ranked)[0] > SAME_IN_REPLICATES:
        return None
    return other[min(ranked)[1]][1]


def _nearest_types(point: FixedPoint, support: Support, types: Sequence[str]) -> str:
    members = support.nearest(point.position[None], NEAREST)[0]
    names = pd.Series([types[member] for member in members]).value_counts(normalize=True)
    return ", ".join(f"{name} ({share:.0%})" for name, share in names.head(2).items())
