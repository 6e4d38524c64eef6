"""Folders that appear whole: filled beside their place, then renamed."""

from __future__ import annotations

import contextlib
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

_MARK = ".new-"
#: A folder nobody wrote to for so long is filled no more: its process was killed.
ABANDONED_SECONDS = 86_400.0


@contextlib.contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Give an empty folder that gets its place when it is filled.

    When filling fails nothing is left. A folder that has the place by then, because another
    process was faster, keeps it.

    Parameters
    ----------
    folder
        The place.

    Raises
    ------
    OSError
        When the folder cannot be made or moved.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(folder.parent)
    scratch = folder.with_name(f"{_MARK}{uuid.uuid4().hex}")
    scratch.mkdir()
    try:
        yield scratch
        try:
            scratch.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def remove_abandoned(home: Path) -> None:
    """Remove what processes that were killed left half filled, a day later."""
    oldest = time.time() - ABANDONED_SECONDS
    for scratch in home.glob(f"{_MARK}*"):
        # Another process may be removing it too.
        with contextlib.suppress(OSError):
            if scratch.stat().st_mtime < oldest:
                shutil.rmtree(scratch, ignore_errors=True)
