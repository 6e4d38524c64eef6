"""Texts and JSON from a bundle, without what a page could take for more than text."""

from __future__ import annotations

import math
from typing import Any

from scdyn_core.data.text import clean_text

LONGEST = 10_000


def harmless(text: object, longest: int = LONGEST) -> str:
    """Return text as one line, in which Markdown finds neither picture nor link."""
    return clean_text(text, longest).replace("](", "] (")[:longest]


def is_plain(value: object) -> bool:
    """Whether a value is a text, a truth, nothing, or a number that a float can hold."""
    if isinstance(value, int | float):
        return _fits_a_float(value)
    return value is None or isinstance(value, str)


def harmless_json(value: Any) -> Any:
    """Return JSON with every text in it made harmless.

    Raises
    ------
    ValueError
        When a number in it is none that others could read.
    """
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, dict):
        return {harmless(name): harmless_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [harmless_json(each) for each in value]
    if not is_plain(value):
        raise ValueError("a number that is none")
    return value


def _fits_a_float(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False
