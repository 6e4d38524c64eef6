"""One fit among many: its progress is a share of the whole, its lines say which it is."""

from __future__ import annotations

from dataclasses import dataclass

from scdyn_core.reporter import Reporter


@dataclass(frozen=True)
class Step:
    """The reporter of one step of several.

    Attributes
    ----------
    whole
        Who listens to all steps.
    number, steps
        Which step this is, from 0, of how many.
    label
        What this step does.
    """

    whole: Reporter
    number: int
    steps: int
    label: str

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Say how far all steps are."""
        within = done / total if total else 0.0
        # Reading arrays before the first epoch is no share of the work worth counting.
        share = within if stage.startswith("training") else 0.0
        said = f"{self.label}: {stage}"
        self.whole.progress("experiment", self.number + share, self.steps, said)

    def metrics(self, row: dict[str, float | int | str]) -> None:
        """Leave out the losses of single fits: their epochs are not those of the experiment."""

    def log(self, line: str) -> None:
        """Record a line with what it is about."""
        self.whole.log(f"{self.label}: {line}")

    def cancelled(self) -> bool:
        """Whether the experiment should stop."""
        return self.whole.cancelled()
