"""Finished runs on a perturbation screen, for tests of what is made of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from scdyn_core.evaluation.score import Score
from scdyn_core.runs.run import Run
from tests.plots.synthetic_run import write_run
from tests.plots.synthetic_screen.planted import REPLICATES
from tests.plots.synthetic_screen.tables import screen_tables

SCORES = [
    Score(
        metric="IWELBO",
        value=-100.2,
        split="test",
        better="higher",
        baselines={"no shifts": -101.5},
    )
]


def write_screen_run(
    root: Path,
    *,
    frames: dict[str, pd.DataFrame] | None = None,
    scores: list[Score] = SCORES,
    status: str = "done",
) -> Run:
    """Write a finished run of a method for perturbation screens, with losses to look at."""
    return write_run(
        root,
        method="svae",
        replicates=REPLICATES,
        status=status,
        frames=frames or screen_frames(),
        scores=scores,
    )


def screen_frames(**options: object) -> dict[str, pd.DataFrame]:
    """Return the synthetic tables with a batch for every cell."""
    frames = screen_tables(**options)  # type: ignore[arg-type]
    cells = frames["cells"]
    frames["cells"] = cells.assign(batch=[f"lane {row % 2}" for row in range(len(cells))])
    return frames
