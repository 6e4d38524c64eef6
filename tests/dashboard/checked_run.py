"""A finished check of a dataset, as the worker leaves it."""

from __future__ import annotations

import pandas as pd

from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.store import DatasetStore
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.method import Table
from scdyn_core.preprocess.recipe import default_recipe
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.state import RunState
from scdyn_core.runs.tables import write_table
from scdyn_core.runs.writer import RunWriter
from scdyn_core.workspace import Workspace
from tests.plots.synthetic_run import derivative_sources

WARNING = "Most of this velocity points out of the space the cells occupy"
HOSTILE = "<script>alert(1)</script> [x](javascript:x)"


def write_check(workspace: Workspace, record: DatasetRecord, *, status: str = "done") -> Run:
    """Write the run folder of a check of ``record`` with the default recipe and settings."""
    spec = RunSpec(
        kind="check",
        dataset=DatasetRef(
            path=DatasetStore(workspace).path(record.id),
            name=record.name,
            fingerprint=record.fingerprint,
            roles=record.roles,
        ),
        recipe=default_recipe(record.roles),
        method="clera",
        config=CleraConfig().model_dump(mode="json"),
    )
    run = Run.create(workspace.runs, spec)
    if status == "done":
        for name, frame in _frames().items():
            meanings = dict.fromkeys(frame.columns, "made for a test")
            write_table(run.path / "tables" / f"{name}.parquet", Table(frame, meanings))
    created = run.state.created
    state = RunState(status=status, created=created, started=created, ended=created + 60)
    RunWriter(run).set_state(state)
    return run


def _frames() -> dict[str, pd.DataFrame]:
    sources = derivative_sources("validation")
    remarks = [
        ("layer", "warning", WARNING),
        ("layer", "caution", "It was made before the split. " + "So be careful. " * 30 + "End."),
        ("lineage", "cannot be built", HOSTILE),
    ]
    return {
        "derivative_sources": sources.assign(derivative=sources["source"], samples=100, genes=30),
        "warnings": pd.DataFrame(remarks, columns=["source", "kind", "text"]),
    }
