"""Which HDF5 datatypes may be read, and what an element of each costs in memory."""

from __future__ import annotations

from typing import Any

from h5py import h5t

#: A Python string and the pointer to it, roughly; the text itself is counted separately.
BYTES_PER_STRING = 72

_PLAIN = {h5t.INTEGER, h5t.FLOAT, h5t.BITFIELD, h5t.ENUM}
_NAMES = {
    h5t.TIME: "an HDF5 time",
    h5t.OPAQUE: "opaque bytes",
    h5t.REFERENCE: "references to other objects",
    h5t.VLEN: "variable-length arrays",
}
_DEEPEST = 4


def unreadable(datatype: Any, depth: int = 0) -> str | None:
    """Return what is wrong with a low-level datatype, ``None`` when it may be read."""
    kind = datatype.get_class()
    if kind in _PLAIN or kind == h5t.STRING:
        return None
    if depth < _DEEPEST and kind == h5t.ARRAY:
        return unreadable(datatype.get_super(), depth + 1)
    if depth < _DEEPEST and kind == h5t.COMPOUND:
        members = (datatype.get_member_type(i) for i in range(datatype.get_nmembers()))
        return next((fault for m in members if (fault := unreadable(m, depth + 1))), None)
    return _NAMES.get(kind, "an unusual datatype")


def strings_per_element(datatype: Any) -> int:
    """Return how many variable-length strings one element holds."""
    kind = datatype.get_class()
    if kind == h5t.STRING:
        return int(datatype.is_variable_str())
    if kind == h5t.ARRAY:
        count = 1
        for length in datatype.get_array_dims():
            count *= int(length)
        return count * strings_per_element(datatype.get_super())
    if kind == h5t.COMPOUND:
        members = range(datatype.get_nmembers())
        return sum(strings_per_element(datatype.get_member_type(i)) for i in members)
    return 0


def bytes_per_element(datatype: Any) -> int:
    """Return the memory one element takes, variable-length text not included."""
    return int(datatype.get_size()) + BYTES_PER_STRING * strings_per_element(datatype)
