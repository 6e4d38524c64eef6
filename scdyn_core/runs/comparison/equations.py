"""Equations of runs side by side, in the latents of the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from scdyn_core.errors import RunError
from scdyn_core.evaluation.disentanglement.matching import match_latents
from scdyn_core.evaluation.equation_agreement import (
    TermAgreement,
    may_mirror,
    own_names,
    relabelled,
    side_by_side,
    term_agreement,
)
from scdyn_core.runs.comparison.embeddings import common_samples, latents_of
from scdyn_core.runs.comparison.side import Side, Tables, of_replicate

TABLE = "equations"


@dataclass(frozen=True)
class ComparedEquations:
    """Coefficients in the latents of the first side.

    Attributes
    ----------
    coefficients
        As ``side_by_side`` returns them: equation, term, a column a side.
    matches
        A row a side but the first, and latent of the first: ``run``, ``latent``,
        ``matched_latent``, ``sign``, ``correlation`` (absolute, on the common cells).
    agreements
        Name of a side but the first -> what its terms share with those of the first.
    cells
        Cells that latents were matched on.
    mirrored
        Whether signs of latents were changed: not where a library has exp or log.
    """

    coefficients: pd.DataFrame
    matches: pd.DataFrame
    agreements: dict[str, TermAgreement]
    cells: int
    mirrored: bool


def compared_equations(
    sides: Sequence[Side], tables: Mapping[str, Tables] | None = None
) -> ComparedEquations:
    """Bring the equations of all sides into the latents of the first.

    Latents are matched one to one by their correlation on the cells that all have. Their scale
    stays: a run's latents have a standard deviation near 1.

    Parameters
    ----------
    sides
        Two at least.
    tables
        Name of a side -> where its tables are read, such as a cache; the run if not given.

    Raises
    ------
    RunError
        When a side has no equations or latents, or no cells in common.
    """
    readers = {side.name: tables[side.name] if tables else side.table for side in sides}
    equations = {side.name: _equations(readers[side.name], side.replicate) for side in sides}
    latents = {side.name: latents_of(readers[side.name], side.replicate) for side in sides}
    cells, _ = common_samples(list(latents.values()))
    mirror = all(may_mirror(frame) for frame in equations.values())
    first, *others = equations
    reference = latents[first].loc[cells].to_numpy()
    renamed, matches = {first: own_names(equations[first])}, []
    for name in others:
        found = match_latents(reference, latents[name].loc[cells].to_numpy())
        renamed[name] = relabelled(equations[name], found, mirror=mirror)
        matches.append(
            pd.DataFrame(
                {
                    "run": name,
                    "latent": found.true + 1,
                    "matched_latent": found.found + 1,
                    "sign": found.sign,
                    "correlation": found.correlation,
                }
            )
        )
    return ComparedEquations(
        coefficients=side_by_side(renamed),
        matches=pd.concat(matches, ignore_index=True),
        agreements={name: term_agreement(renamed[first], renamed[name]) for name in others},
        cells=len(cells),
        mirrored=mirror,
    )


def _equations(table: Tables, replicate: int) -> pd.DataFrame:
    frame = table(TABLE)
    own = None if frame is None else of_replicate(frame, replicate)
    if own is None or own.empty:
        raise RunError(
            "equations",
            found="a run without equations",
            needed="runs of CLERA",
            fix="Choose other runs.",
        )
    return own
