"""Widgets that cannot be used for the moment: greyed, and saying why when pointed at."""

from __future__ import annotations

from typing import Any

WRONG_SETTINGS = "A setting is not right; the message in red below it says what is needed."


def greyed(why: str | None, usual: str | None = None) -> dict[str, Any]:
    """Return ``disabled`` and ``help`` of a widget.

    Parameters
    ----------
    why
        Why it cannot be used and what would change that, in a sentence; ``None`` while it can.
        Markdown; escape names with ``plain``.
    usual
        Its help while it can be used.
    """
    return {"disabled": why is not None, "help": usual if why is None else why}
