"""Names of sets: clean, never empty, each once in a dataset."""

from __future__ import annotations

from collections.abc import Collection

from scdyn_core.data.text import clean_text, shown
from scdyn_core.errors import ConfigError


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name, with a number behind it when it is taken."""
    wanted = clean_text(wanted) or "set"
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted} ({number})" in taken:
        number += 1
    return f"{wanted} ({number})"


def clean_name(name: str) -> str:
    """Return a name without what does not belong in one.

    Raises
    ------
    ConfigError
        When nothing is left.
    """
    name = clean_text(name)
    if not name:
        raise ConfigError("cell set", found="no name", needed="a name", fix="Give the set a name.")
    return name


def must_be_free(name: str, taken: Collection[str]) -> None:
    """Raise ``ConfigError`` when a name is taken."""
    if name in taken:
        raise ConfigError(
            f"cell set {shown(name)}",
            found="another set of this name",
            needed="a name of its own",
            fix="Choose another name, or rename or delete the other set.",
        )
