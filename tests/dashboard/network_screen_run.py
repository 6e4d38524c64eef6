"""A finished run on a screen that has a network and predictions, and no latents."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from scdyn_core.runs.run import Run
from tests.plots.synthetic_run import write_run
from tests.plots.synthetic_screen.network import REPLICATES, network_screen_tables


def write_network_screen_run(root: Path, *, frames: dict[str, pd.DataFrame] | None = None) -> Run:
    """Write a finished run of a method that predicts through a network."""
    return write_run(
        root,
        method="path_network",
        replicates=REPLICATES,
        status="done",
        frames=frames or network_screen_tables(),
        scores=[],
    )
