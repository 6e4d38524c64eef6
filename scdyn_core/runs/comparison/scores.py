"""Scores of runs as tables: every score beside its best baseline, and who is ahead in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from scdyn_core.evaluation.score import Score
    from scdyn_core.evaluation.score_lead import Lead

_LEADS = ("metric", "on", "ahead", "score", "next", "next_score", "spread", "verdict",
          "beats_its_baselines")  # fmt: skip


def score_table(runs: Mapping[str, Sequence[Score]]) -> pd.DataFrame:
    """Return one row per run and score: ``of`` is the model, or the name of a baseline."""
    rows = [
        (name, score.metric, score.split, score.better, of, value, sd)
        for name, scores in runs.items()
        for score in scores
        for of, value, sd in (
            ("model", score.value, score.replicate_sd),
            *((baseline, value, None) for baseline, value in score.baselines.items()),
        )
    ]
    columns = ["run", "metric", "split", "better", "of", "value", "replicate_sd"]
    return pd.DataFrame(rows, columns=columns)


def lead_table(found: Sequence[Lead]) -> pd.DataFrame:
    """Return one row a score that two runs or more have, and who is ahead."""
    rows = [
        (lead.metric, lead.measured_on, lead.ahead, lead.value, lead.behind, lead.next_value,
         lead.spread, lead.verdict, lead.beats)
        for lead in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(_LEADS))
