"""Scores as rows of a table, and the rule that picks the best run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.evaluation.score import Score

Rule = Literal["lead", "value"]
RULES: dict[Rule, str] = {
    "lead": "largest lead over its best baseline",
    "value": "best value",
}


def score_frame(runs: Mapping[str, Sequence[Score]]) -> pd.DataFrame:
    """Return one row per run and score, with the best baseline beside the model."""
    import pandas as pd

    from scdyn_core.plots.score_comparison import best_baseline

    rows = []
    for name, scores in runs.items():
        for score in scores:
            rival = best_baseline(score)
            rows.append(
                {
                    "run": name,
                    "metric": score.metric,
                    "on": score.measured_on,
                    "better": score.better,
                    "model": score.value,
                    "sd over replicates": score.replicate_sd,
                    "best baseline": None if rival is None else rival[0],
                    "its value": None if rival is None else rival[1],
                    "beats it": None if rival is None else not score.beaten_by(),
                }
            )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Pick:
    """The best run by a rule: its name and the number that decided."""

    run: str
    merit: float


def pick_best(runs: Mapping[str, Sequence[Score]], metric: str, rule: Rule) -> Pick | None:
    """Return the best run by ``metric``, or ``None`` when no run has what the rule needs.

    ``lead`` compares how far each run is ahead of its own best baseline, which is fair between
    datasets; ``value`` compares the scores themselves. Ties go to the run named first.
    """
    from scdyn_core.plots.score_comparison import best_baseline

    picks = []
    for name, scores in runs.items():
        for score in scores:
            sign = 1.0 if score.better == "higher" else -1.0
            rival = best_baseline(score)
            if score.metric != metric or (rule == "lead" and rival is None):
                continue
            reference = rival[1] if rule == "lead" and rival is not None else 0.0
            picks.append(Pick(name, sign * (score.value - reference)))
    return max(picks, key=lambda pick: pick.merit, default=None)
