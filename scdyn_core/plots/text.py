"""Text in figures: names that came with a file are shown letter by letter, never interpreted."""

from __future__ import annotations

import html

_LONGEST = 60


def escaped(text: object) -> str:
    """Return ``text`` so that Plotly shows every character of it as it is.

    Plotly reads a subset of HTML, and LaTeX between dollar signs, in every label.
    """
    words = " ".join(str(text).split())
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1] + "…"
    return html.escape(words, quote=False).replace("$", "&#36;")
