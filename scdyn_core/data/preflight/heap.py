"""How long a variable-length string of an HDF5 file can be, read from the bytes themselves.

Many elements may point at one long string, so the number of elements says nothing about the
memory that reading them takes, and the HDF5 library cannot be asked beforehand. But every
variable-length string lies in a *global heap collection*, which starts with ``GCOL``, a
version and its own size (HDF5 File Format Specification, III.E).
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

_HEADER = struct.Struct("<4sB3sQ")


def longest_string(path: Path) -> int:
    """Return an upper bound on the bytes of any variable-length string in a file."""
    longest = 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(b"GCOL")
        while at != -1 and at + _HEADER.size <= len(data):
            _, version, reserved, size = _HEADER.unpack_from(data, at)
            if version == 1 and reserved == b"\0\0\0" and size <= len(data) - at:
                longest = max(longest, size)
            at = data.find(b"GCOL", at + 4)
    return longest
