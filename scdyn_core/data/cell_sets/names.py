"""Names of sets: clean, never empty, each once in a dataset."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count

from scdyn_core.data.text import LONGEST_NAME, clean_text, shown
from scdyn_core.errors import ConfigError


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name, with a number behind it when it is taken."""
    wanted = clean_text(wanted) or "set"
    if wanted not in taken:
        return wanted
    return next(name for name in _numbered(wanted) if name not in taken)


def _numbered(name: str) -> Iterator[str]:
    for number in count(2):
        mark = f" ({number})"
        yield name[: LONGEST_NAME - len(mark)].rstrip() + mark


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
