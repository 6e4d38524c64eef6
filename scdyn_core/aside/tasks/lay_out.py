"""Laying out the cells of a dataset or of a run, where that was not done when they came in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scdyn_core.reporter import Reporter


def work(request: dict[str, Any], folder: Path, reporter: Reporter) -> dict[str, Any]:
    """Lay out the dataset with the id ``dataset``, or what the run in the folder ``run`` read."""
    from scdyn_core.data.store import DatasetStore
    from scdyn_core.runs.atlases import lay_out_dataset, lay_out_run
    from scdyn_core.runs.run import Run
    from scdyn_core.workspace import Workspace

    workspace = Workspace(Path(request["home"]))
    if request["run"] is not None:
        run = Run.open(Path(request["run"]))
        return {"atlas": str(lay_out_run(workspace, run, reporter))}
    record = DatasetStore(workspace).record(request["dataset"])
    return {"atlas": str(lay_out_dataset(workspace, record, reporter))}
