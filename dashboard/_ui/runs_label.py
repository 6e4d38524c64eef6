"""A run as plain text, for choices in a list: those are shown letter by letter."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run


def what_it_does(run: Run) -> str:
    """Return what a run does to the data, in a word or two."""
    from scdyn_core.methods.registry import METHODS

    key = run.spec.method or "train"
    method = next((one.title for one in METHODS if one.key == key), key)
    return {"prepare": "Prepare", "check": f"{method} check", "explain": f"{method} explained"}.get(
        run.spec.kind, method
    )


def run_label(run: Run) -> str:
    """Return method, data, moment, id and note of a run; not for Markdown.

    No two runs have the same label and it does not change as time goes by: a browser tells
    which choice was made by its label.
    """
    what = what_it_does(run)
    moment = datetime.fromtimestamp(run.state.created).strftime("%d %b %H:%M")
    note = f" · {run.note}" if run.note else ""
    return f"{what}, {run.spec.dataset.name} · {moment} · {run.id[-6:]}{note}"
