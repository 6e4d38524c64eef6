"""A column made of cell sets, written into a new dataset beside the old."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scdyn_core.reporter import Reporter


def work(request: dict[str, Any], folder: Path, reporter: Reporter) -> dict[str, Any]:
    """Write the column ``column`` of the ``sets`` (ids, in order) of the dataset ``dataset``."""
    from scdyn_core.data.annotate import write_column
    from scdyn_core.workspace import Workspace

    record = write_column(
        Workspace(Path(request["home"])),
        request["dataset"],
        request["column"],
        request["sets"],
        reporter,
    )
    return {"dataset": record.id}
