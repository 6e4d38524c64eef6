"""Where scdyn keeps datasets, runs and caches on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """One folder with everything scdyn stores; ``SCDYN_HOME`` moves it."""

    home: Path

    @classmethod
    def default(cls) -> Workspace:
        """Return the folder named by ``SCDYN_HOME``, else ``~/.scdyn``; made when missing."""
        home = Path(os.environ.get("SCDYN_HOME") or Path.home() / ".scdyn").expanduser().resolve()
        workspace = cls(home)
        for folder in (workspace.datasets, workspace.runs, workspace.cache, workspace.inbox):
            folder.mkdir(parents=True, exist_ok=True)
        return workspace

    @property
    def datasets(self) -> Path:
        """Checked datasets, one folder each."""
        return self.home / "datasets"

    @property
    def runs(self) -> Path:
        """Run folders."""
        return self.home / "runs"

    @property
    def cache(self) -> Path:
        """Prepared data by hash and downloaded samples; safe to delete."""
        return self.home / "cache"

    @property
    def inbox(self) -> Path:
        """Files put here on the server appear in the dashboard: for data too large to upload."""
        return self.home / "inbox"
