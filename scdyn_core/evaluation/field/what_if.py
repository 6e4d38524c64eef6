"""The same cells by the learned and by changed equations."""

from __future__ import annotations

from dataclasses import dataclass

from scdyn_core.evaluation.field.change import Change
from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.simulate import Paths, simulate
from scdyn_core.evaluation.field.support import Support
from scdyn_core.evaluation.field.terms import Values

#: Cells simulated; more change no share by more than a few points.
MOST_CELLS = 500


@dataclass(frozen=True)
class Comparison:
    """Paths of the same cells, before and after a change of the equations."""

    before: Paths
    after: Paths


def compare(
    learned: LearnedField, change: Change, start: Values, times: Values, support: Support
) -> Comparison:
    """Simulate at most ``MOST_CELLS`` of the cells ``start`` (n, d), evenly taken, both ways.

    A held latent is set to its value at the start already: as if the cell had been made so.
    """
    some = start[:: -(-len(start) // MOST_CELLS)] if len(start) else start
    return Comparison(
        before=simulate(learned, some, times, support),
        after=simulate(change.equations(learned), change.starts(some), times, support),
    )
