"""Gene sets from a GMT file: one line a set, ``name TAB description TAB gene TAB gene …``.

A file is untrusted: its size, text, number of sets and genes are checked, its names cleaned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scdyn_core.data.budget import in_words
from scdyn_core.data.text import clean_text, shown
from scdyn_core.errors import InputError

LARGEST_FILE = 20_000_000
MOST_SETS = 20_000
MOST_GENES = 2_000_000
_NEEDED = "a GMT file: a line per gene set with its name, a description and genes, tab-separated"
_FIX = "Download a .gmt file of gene symbols, for instance from MSigDB, and give it unchanged."


@dataclass(frozen=True)
class GeneSets:
    """Named sets of gene symbols.

    Attributes
    ----------
    name
        Where they come from, for people.
    sets
        Name of a set -> its genes in upper case, each once.
    """

    name: str
    sets: Mapping[str, frozenset[str]]

    @property
    def genes(self) -> frozenset[str]:
        """Every gene that is in a set."""
        return frozenset().union(*self.sets.values())


def read_gmt(content: bytes, name: str) -> GeneSets:
    """Read the contents of a GMT file.

    Parameters
    ----------
    content
        The file.
    name
        What to call it.

    Raises
    ------
    InputError
        When it is too large, no text, or no GMT file.
    """
    name = clean_text(name) or "gene sets"
    _check_size(len(content), name)
    sets: dict[str, frozenset[str]] = {}
    members = 0
    for number, line in enumerate(_text(content, name).splitlines(), start=1):
        if not line.strip():
            continue
        label, genes = _read_line(line, number, name)
        members += len(genes)
        if label in sets:
            raise _bad(name, f"two sets called {shown(label)} (line {number})")
        if len(sets) >= MOST_SETS or members > MOST_GENES:
            raise _bad(name, f"more than {MOST_SETS:,} sets or {MOST_GENES:,} genes in them")
        sets[label] = genes
    if not sets:
        raise _bad(name, "no gene set")
    return GeneSets(name, sets)


def read_gmt_file(path: Path) -> GeneSets:
    """Read a GMT file from disk.

    Raises
    ------
    InputError
        When it cannot be read, is too large, no text, or no GMT file.
    """
    try:
        _check_size(path.stat().st_size, path.name)
        content = path.read_bytes()
    except OSError as error:
        raise _bad(path.name, f"no readable file ({type(error).__name__})") from error
    return read_gmt(content, path.name)


def _check_size(size: int, name: str) -> None:
    if size > LARGEST_FILE:
        raise _bad(name, f"{in_words(size)}, more than {in_words(LARGEST_FILE)}")


def _text(content: bytes, name: str) -> str:
    if content.startswith(b"\x1f\x8b"):
        raise _bad(name, "a compressed file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(name, f"bytes that are no UTF-8 text (byte {error.start})") from error
    if "\0" in text:
        raise _bad(name, "zero bytes, which no text has")
    return text


def _read_line(line: str, number: int, name: str) -> tuple[str, frozenset[str]]:
    label, *rest = line.split("\t")
    label = clean_text(label)
    genes = frozenset(clean_text(gene).upper() for gene in rest[1:]) - {""}
    if not label or not genes:
        raise _bad(name, f"no name or no genes in line {number}: {shown(line)}")
    return label, genes


def _bad(name: str, found: str) -> InputError:
    return InputError(f"gene sets {shown(name)}", found=found, needed=_NEEDED, fix=_FIX)
