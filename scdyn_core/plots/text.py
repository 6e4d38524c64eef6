"""Text in figures: names that came with a file are shown letter by letter, never interpreted."""

from __future__ import annotations

import html
import re

_LONGEST = 60


def escaped(text: object) -> str:
    """Return ``text`` so that Plotly shows every character of it as it is.

    Plotly reads a subset of HTML, and LaTeX between dollar signs, in every label.
    """
    words = " ".join(str(text).split())
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1] + "…"
    return html.escape(words, quote=False).replace("$", "&#36;")


def with_lowered_numbers(text: str) -> str:
    """Return ``text`` with latents as people write them: ``z₁`` for ``z1``."""
    lowered = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    return re.sub(r"\bd?z\d+\b", lambda latent: latent[0].translate(lowered), text)


def node_name(kind: object, name: object) -> str:
    """Return what a node of a network is called: genes by their name, latents as ``z₁``."""
    return str(name) if kind == "gene" else with_lowered_numbers(str(name))
