"""What checking a dataset found, in words a user can act on."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Level = Literal["error", "warning", "info"]


class Finding(BaseModel):
    """One thing noticed in one slot of a dataset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Level
    slot: str
    found: str
    fix: str = ""


class Report(BaseModel):
    """All findings of one dataset, worst first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    findings: tuple[Finding, ...] = ()

    def of_level(self, level: Level) -> tuple[Finding, ...]:
        """Return the findings of one level."""
        return tuple(finding for finding in self.findings if finding.level == level)
