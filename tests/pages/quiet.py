"""A quiet dashboard: previews that never start, and a server that is warm."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager

from pages._ui.preview_jobs import PreviewJobs


def still_previews(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave every preview waiting."""
    monkeypatch.setattr(PreviewJobs, "_work", lambda *_: None)


def warm_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behave like a server that has shown the app before.

    Every run of ``AppTest`` takes the folder ``pages`` for an app of the old kind again, which
    a server does at most once; on the default page the clicks are lost with it.
    """
    made = PagesManager.__init__

    def warm(self: PagesManager, *arguments: Any, **options: Any) -> None:
        made(self, *arguments, **options)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", warm)
