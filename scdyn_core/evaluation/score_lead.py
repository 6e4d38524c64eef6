"""Which of several runs is ahead in a score, and whether by more than its replicates differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, isnan
from typing import Literal

from scdyn_core.evaluation.score import Score

#: A lead counts when it is so many times as large as replicates of the two runs differ.
TIMES = 2.0


@dataclass(frozen=True)
class Lead:
    """The best run in one score, beside the next best.

    Attributes
    ----------
    metric, measured_on
        What was measured, and on what.
    ahead, behind
        Names of the two runs.
    value, next_value
        Their scores.
    spread
        Standard deviation of the difference between one replicate of each,
        ``√(sd_ahead² + sd_behind²)``; ``None`` where one of the two has a single replicate.
    beats
        Whether the best run is better than all its own baselines; ``None`` without any.
    """

    metric: str
    measured_on: str
    ahead: str
    behind: str
    value: float
    next_value: float
    spread: float | None
    beats: bool | None

    @property
    def difference(self) -> float:
        """How far the one is ahead, never negative."""
        return abs(self.value - self.next_value)

    @property
    def verdict(self) -> Literal["tie", "unknown", "within", "beyond"]:
        """Whether the difference is larger than ``TIMES`` the spread."""
        if self.difference == 0:
            return "tie"
        if self.spread is None:
            return "unknown"
        return "beyond" if self.difference > TIMES * self.spread else "within"


def leads(runs: Mapping[str, Sequence[Score]]) -> list[Lead]:
    """Return who is ahead in every score that two runs or more have.

    Scores compare when metric, part and direction are the same; whether the parts are the same
    cells is not known here. Ties go to the run named first; a score that is no number is none.
    """
    found: dict[tuple[str, str, str], dict[str, Score]] = {}
    for name, scores in runs.items():
        for score in scores:
            if not isnan(score.value):
                found.setdefault((score.metric, score.split, score.better), {})[name] = score
    return [_lead(by_run) for by_run in found.values() if len(by_run) > 1]


def _lead(by_run: Mapping[str, Score]) -> Lead:
    ordered = sorted(
        by_run.items(),
        key=lambda item: -item[1].value if item[1].better == "higher" else item[1].value,
    )
    (ahead, best), (behind, following) = ordered[:2]
    spread = (
        None
        if best.replicate_sd is None or following.replicate_sd is None
        else hypot(best.replicate_sd, following.replicate_sd)
    )
    return Lead(
        metric=best.metric,
        measured_on=best.measured_on,
        ahead=ahead,
        behind=behind,
        value=best.value,
        next_value=following.value,
        spread=spread,
        beats=not best.beaten_by() if best.baselines else None,
    )
