"""Whether what a run says of its cells still fits the dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.stale import stale_banner

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.runs.run import Run


def show_stale(record: DatasetRecord, run: Run | None) -> None:
    """Say so when the roles have changed since the run was made."""
    if run is not None and run.spec.dataset.roles != record.roles:
        stale_banner("This run", "the roles of the data have changed since it was made",
                     "It shows the data as they were then: train again.")  # fmt: skip
