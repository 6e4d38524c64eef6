"""What kind of file this is, told from its first bytes and never from its name."""

from __future__ import annotations

import gzip
import stat
import zlib
from pathlib import Path
from typing import Literal

from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

Kind = Literal["hdf5", "zip", "tar", "gzip", "matrix market", "table", "folder"]

_HEAD = 4096
_HDF5 = b"\x89HDF\r\n\x1a\n"
_KNOWN_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"PAR1", "a Parquet table"),
    (b"\x7fELF", "a program"),
    (b"RDX", "an R data file"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)
FORMATS = ".h5ad, 10x .h5, .loom, a matrix-market folder (or its .zip or .tar), .csv or .tsv"


def sniff(path: Path) -> Kind:
    """Return the kind of the file or folder at ``path``.

    Raises
    ------
    InputError
        When there is nothing, when it is not a regular file, and when its bytes are not those
        of a format that can be read.
    """
    place = clean_text(path.name)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise InputError(
            place,
            found="nothing that can be opened here",
            needed="a file or a matrix-market folder",
            fix="Check the path and the permissions.",
        ) from error
    if stat.S_ISDIR(mode):
        return "folder"
    if not stat.S_ISREG(mode):
        raise InputError(
            place,
            found="a device, pipe or socket",
            needed="a regular file",
            fix="Copy the data into a file.",
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return _kind_of(head, place)


def first_text(path: Path, size: int = _HEAD) -> bytes:
    """Return the first bytes of a file, unpacked when it is gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            return file.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            clean_text(path.name),
            found="a gzip file that cannot be unpacked",
            needed="a complete gzip file",
            fix="Copy or download the file again.",
        ) from error


def kind_of_unpacked(path: Path) -> Kind:
    """Return what a gzip file holds."""
    return _kind_of(first_text(path), clean_text(path.name))


def _kind_of(head: bytes, place: str) -> Kind:
    if not head:
        raise InputError(place, found="an empty file", needed=FORMATS, fix="Copy the file again.")
    if head.startswith(_HDF5):
        return "hdf5"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head[257:262] == b"ustar":
        return "tar"
    if head.lower().startswith(b"%%matrixmarket"):
        return "matrix market"
    other = next((name for magic, name in _KNOWN_OTHERS if head.startswith(magic)), None)
    if other is None and b"\0" in head:
        other = "a binary file of an unknown kind"
    if other is not None:
        raise InputError(
            place,
            found=f"{other}, whatever its name says",
            needed=FORMATS,
            fix="Choose the data file itself, or export it in one of these formats.",
        )
    return "table"
