"""A quiet dashboard: previews that never start."""

from __future__ import annotations

import pytest

from dashboard._ui.preview_jobs import PreviewJobs


def still_previews(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave every preview waiting."""
    monkeypatch.setattr(PreviewJobs, "_work", lambda *_: None)
