"""Finished runs with clusters of genes, for tests of what is made of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from scdyn_core.evaluation.score import Score
from scdyn_core.runs.run import Run
from tests.plots.synthetic_responses import response_tables
from tests.plots.synthetic_run import write_run

SCORES = [
    Score(
        metric="hidden time RMSE",
        value=0.10,
        split="test",
        better="lower",
        baselines={"linear": 0.22, "random forest": 0.12},
    )
]
ALGORITHMS = {"response_mixture": ("mixture",), "vrnn": ("k-means", "Gaussian mixture")}


def write_gene_run(
    root: Path,
    *,
    method: str = "response_mixture",
    frames: dict[str, pd.DataFrame] | None = None,
    scores: list[Score] = SCORES,
    status: str = "done",
) -> Run:
    """Write a finished run of a method for gene clusters; ``vrnn`` has losses to look at."""
    return write_run(
        root,
        method=method,
        replicates=1,
        status=status,
        frames=frames or response_tables(algorithms=ALGORITHMS[method]),
        scores=scores,
        losses=method == "vrnn",
    )
