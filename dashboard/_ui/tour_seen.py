"""Whether the tour was seen: remembered in the workspace, for all who use it."""

from __future__ import annotations

from scdyn_core.workspace import Workspace

_FILE = "tour-seen"


def was_seen(workspace: Workspace) -> bool:
    """Return whether somebody who uses this workspace has seen the tour."""
    return (workspace.home / _FILE).exists()


def mark_seen(workspace: Workspace) -> None:
    """Do not show the tour again unless asked."""
    (workspace.home / _FILE).touch()


def forget_seen(workspace: Workspace) -> None:
    """Show the tour at the next visit of Home."""
    (workspace.home / _FILE).unlink(missing_ok=True)
