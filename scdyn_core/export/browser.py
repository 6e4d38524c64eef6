"""A Chrome or Chromium on this machine, which turns figures into pictures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_browser() -> str | None:
    """Return the path named by ``BROWSER_PATH``, else of an installed browser, else ``None``."""
    named = os.environ.get("BROWSER_PATH")
    if named and Path(named).exists():
        return named
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or (str(_MAC) if _MAC.exists() else None)
