"""A network from a file: CSV, TSV or SIF, gzipped or not; edges of gene symbols.

A file is untrusted: its size is checked before and while it is unpacked, its names are cleaned.
"""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from scdyn_core.data.budget import in_words
from scdyn_core.data.text import clean_text, shown
from scdyn_core.errors import InputError
from scdyn_core.networks.reference_signs import has_signs, signs_of
from scdyn_core.networks.reference_table import Unreadable, columns_of, sif_of, split_lines

LARGEST_FILE = 50_000_000
LARGEST_TEXT = 100_000_000
COLUMNS = {
    "source": "gene that acts",
    "target": "gene that is acted on",
    "sign": "1 raises the target, -1 lowers it, 0 unknown",
    "weight": "strength, 0 or above; 1 where the file gives none",
}
_NEEDED = (
    "a table with a line per edge and columns source, target and, if known, sign or weight "
    "(CSV or TSV), or a SIF file (source, relation, target); gzipped or not"
)
_FIX = "Call the columns source, target and sign (1 or -1), or choose another file."


def read_network(content: bytes, name: str) -> pd.DataFrame:
    """Read the contents of a network file.

    Parameters
    ----------
    content
        The file.
    name
        What it is called; the ending ``.sif`` (or ``.sif.gz``) tells a SIF file.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``; every pair of genes once, no edge of a gene to itself. Where a file has a
        pair several times the strongest counts, and the sign is 0 where they disagree.

    Raises
    ------
    InputError
        When it is too large, no text, or no network.
    """
    name = clean_text(name) or "network"
    try:
        text = _text(_unpacked(content))
        lines = split_lines(text)
        is_sif = name.lower().removesuffix(".gz").endswith(".sif")
        return _network(sif_of(lines) if is_sif else columns_of(lines))
    except Unreadable as error:
        raise _bad(name, str(error)) from error


def read_network_file(path: Path) -> pd.DataFrame:
    """Read a network file from disk; as ``read_network``.

    Raises
    ------
    InputError
        When it cannot be read, is too large, no text, or no network.
    """
    try:
        size = path.stat().st_size
        content = b"" if size > LARGEST_FILE else path.read_bytes()
    except OSError as error:
        raise _bad(path.name, f"no readable file ({type(error).__name__})") from error
    if size > LARGEST_FILE:
        raise _bad(path.name, _too_large(size))
    return read_network(content, path.name)


def _unpacked(content: bytes) -> bytes:
    if len(content) > LARGEST_FILE:
        raise Unreadable(_too_large(len(content)))
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            unpacked = packed.read(LARGEST_TEXT + 1)
    except EOFError as error:
        raise Unreadable("a gzip file that ends too early") from error
    except (OSError, zlib.error) as error:
        raise Unreadable("a gzip file that is damaged") from error
    if len(unpacked) > LARGEST_TEXT:
        raise Unreadable(f"more than {in_words(LARGEST_TEXT)} when unpacked")
    return unpacked


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"bytes that are no UTF-8 text (byte {error.start})") from error
    if "\0" in text:
        raise Unreadable("zero bytes, which no text has")
    return text


def _network(table: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame({end: _names(table[end]) for end in ("source", "target")})
    weight = _numbers(table["weight"]) if "weight" in table else None
    if "sign" in table:
        frame["sign"] = signs_of(table["sign"])
    elif weight is not None and has_signs(str(table.attrs["weight"]), weight):
        frame["sign"] = np.sign(weight).astype(np.int64)
    else:
        frame["sign"] = 0
    frame["weight"] = 1.0 if weight is None else weight.abs()
    frame = frame[(frame["source"] != frame["target"]) & (frame["weight"] > 0)]
    if frame.empty:
        raise Unreadable("no edge between two genes")
    groups = frame.groupby(["source", "target"], sort=False)
    low, high = groups["sign"].min(), groups["sign"].max()
    merged = pd.DataFrame({"sign": low.where(low == high, 0), "weight": groups["weight"].max()})
    return merged.reset_index()[list(COLUMNS)]


def _names(column: pd.Series) -> pd.Series:
    # Names repeat: each is cleaned once.
    names = column.map({name: clean_text(name) for name in column.unique()})
    empty = names.index[names == ""]
    if len(empty):
        raise Unreadable(f"an empty {column.name} in line {empty[0]}")
    return names


def _numbers(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column.str.strip(), errors="coerce").astype(np.float64)
    wrong = column[~np.isfinite(numbers)]
    if len(wrong):
        raise Unreadable(f"{shown(wrong.iloc[0])} for a weight in line {wrong.index[0]}")
    return numbers


def _too_large(size: int) -> str:
    return f"{in_words(size)}, more than {in_words(LARGEST_FILE)}"


def _bad(name: str, found: str) -> InputError:
    return InputError(f"network {shown(name)}", found=found, needed=_NEEDED, fix=_FIX)
