"""A small CLERA run on generated data, quick to start."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from scdyn_core.data.load import load
from scdyn_core.data.simulators.registry import simulate
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.preprocess.recipe import RECIPES
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.training.options import TrainingOptions


def clera_spec(folder: Path, fit_epochs: int, replicates: int = 1) -> RunSpec:
    """Write the data and return the run; the velocity given spares the graph and its compiler."""
    path = folder / "hopf.h5ad"
    simulate("hopf", n_cells=300, n_genes=30, keep_true_velocity=True).write_h5ad(path)
    dataset = load(path)
    config = CleraConfig(
        derivative="layer", warmup_epochs=10, fit_epochs=fit_epochs, refine_epochs=20
    )
    return RunSpec(
        kind="train",
        dataset=DatasetRef(
            path=path,
            name="hopf",
            fingerprint=dataset.fingerprint,
            roles=dataset.roles.replace({"velocity": "velocity_true"}),
        ),
        recipe=RECIPES["none"],
        method="clera",
        config=config.model_dump(mode="json"),
        options=TrainingOptions(
            threads=1, device="cpu", replicates=replicates, seed=3, checkpoint_seconds=0.1
        ),
    )


def assert_same_results(one: Run, other: Run) -> None:
    """Compare everything a run found, bit by bit."""
    assert one.state.status == other.state.status == "done", (one.log(), other.log())
    assert one.scores() == other.scores()
    assert one.tables == other.tables
    assert one.tables
    for name in one.tables:
        pd.testing.assert_frame_equal(one.table(name), other.table(name), check_exact=True)
    pd.testing.assert_frame_equal(one.metrics(), other.metrics(), check_exact=True)
