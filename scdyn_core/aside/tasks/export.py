"""A run written in one form, as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scdyn_core.reporter import Reporter


def work(request: dict[str, Any], folder: Path, reporter: Reporter) -> dict[str, Any]:
    """Write ``request["what"]`` of the run folder ``request["run"]`` into ``folder``.

    The answer names the file, its size in bytes, and notes for people.
    """
    from scdyn_core.export.offers import offer
    from scdyn_core.export.take_away import take_away, zipped
    from scdyn_core.runs.run import Run

    run = Run.open(Path(request["run"]))
    chosen = offer(request["what"])
    reporter.progress("writing", 0, 1, chosen.title)
    file = folder / chosen.file_name(run)
    out = file if chosen.suffix else folder / "files"
    _, notes = take_away(run, chosen.what, out, reporter, with_data=request["with_data"])
    if not chosen.suffix:
        zipped(out, file, reporter)
    return {"file": file.name, "size": file.stat().st_size, "notes": notes}
