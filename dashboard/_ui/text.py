"""Text that came with a file, made safe to stand inside Markdown."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@=/^\"'])")
_LONGEST = 200


def plain(text: object) -> str:
    """Return ``text`` so that Markdown shows every character of it as it is.

    Streamlit shows HTML as text already; this also stops images, links, LaTeX, colours and
    icons, and cuts what is longer than 200 characters.
    """
    words = " ".join(str(text).split())
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1] + "…"
    return _SPECIAL.sub(r"\\\1", words)


def count(n: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: ``1 cell``, ``3,696 cells``."""
    return f"{n:,} {singular if n == 1 else plural or singular + 's'}"
