"""Text from outside, made safe to store and to show."""

from __future__ import annotations

import unicodedata

#: Longest name kept; real gene, cell and category names are far shorter.
LONGEST_NAME = 200

# Control, format (which includes the marks that reverse reading direction), surrogate
# and line-separating characters: none belongs in a name and each can disguise one.
_UNWANTED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def clean_text(value: object, longest: int = LONGEST_NAME) -> str:
    """Return ``value`` as one line of text without control characters, at most ``longest``.

    Markup is kept as it is: escaping is the business of whatever shows the text.
    """
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    text = str(value)
    if not (text.isascii() and text.isprintable()):
        text = "".join(c for c in text if unicodedata.category(c) not in _UNWANTED)
    return text.strip()[:longest]


def shown(value: object, longest: int = 60) -> str:
    """Return ``value`` cleaned, shortened and quoted for a message."""
    text = clean_text(value)
    return repr(text if len(text) <= longest else text[: longest - 1] + "…")


def listed(values: list[str], most: int = 5) -> str:
    """Return the first few of ``values``, quoted, for a message."""
    text = ", ".join(shown(value) for value in values[:most])
    return text + (f" and {len(values) - most} more" if len(values) > most else "")
