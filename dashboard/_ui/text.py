"""Text that came with a file, made safe to stand inside Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@=/^\"'])")
_LONGEST = 200


def plain(text: object, longest: int = _LONGEST) -> str:
    """Return ``text`` so that Markdown shows every character of it as it is.

    Streamlit shows HTML as text already; this also stops images, links, LaTeX, colours and
    icons, and cuts what is longer than ``longest`` characters.
    """
    words = " ".join(str(text).split())
    if len(words) > longest:
        words = words[: longest - 1] + "…"
    return _SPECIAL.sub(r"\\\1", words)


def count(n: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: ``1 cell``, ``3,696 cells``."""
    return f"{n:,} {singular if n == 1 else plural or singular + 's'}"


def listed(names: Sequence[str]) -> str:
    """Return names as people list them: ``a``, ``a and b``, ``a, b and c``."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
