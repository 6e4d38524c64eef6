"""Whether an HDF5 file may be opened at all: looked at link by link before anything is read.

An HDF5 file can point out of itself (external and soft links, external storage, virtual
datasets) and so hand the reader other files of the server, can declare arrays far larger than
itself, and can contain itself. Nothing here follows a link that is not hard, and nothing reads
the contents of a dataset whose memory is not accounted for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import h5py
import numpy as np
from h5py import h5a, h5d, h5i, h5l, h5o, h5r, h5s, h5t, h5z

from scdyn_core.data.budget import in_words
from scdyn_core.data.hdf5_types import bytes_per_element, strings_per_element, unreadable
from scdyn_core.data.heap import longest_string
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

MOST_OBJECTS = 20_000
MOST_ATTRIBUTES = 1_000
DEEPEST = 24
#: gzip cannot shrink anything more than 1032-fold; sparse counts stored dense reach about 100.
HIGHEST_COMPRESSION = 250
#: Below this an array may be as compressible as it likes.
ALWAYS_ALLOWED = 64 * 2**20

_NOWHERE = -1
_LINKS = {
    h5l.TYPE_SOFT: "a soft link",
    h5l.TYPE_EXTERNAL: "an external link to another file",
}


@dataclass(frozen=True)
class Inventory:
    """What a file that passed holds: objects, and bytes declared and stored."""

    objects: int
    declared: int
    stored: int


def preflight(path: Path, budget: int) -> Inventory:
    """Check an HDF5 file without trusting it.

    Parameters
    ----------
    path
        A regular file that starts with the HDF5 signature.
    budget
        Bytes that the arrays of the file may take together in memory.

    Raises
    ------
    InputError
        When the file is damaged, points outside itself, claims more memory than ``budget``,
        or is built in a way no single-cell file is. The message names the object.
    """
    try:
        with h5py.File(path, "r") as file:
            return _Walk(path, budget).run(file)
    except InputError:
        raise
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, MemoryError) as error:
        truncated = "truncated" in str(error)
        raise InputError(
            clean_text(path.name),
            found="the file ends before its contents do (truncated)"
            if truncated
            else f"a damaged HDF5 file ({clean_text(error)})",
            needed="a complete HDF5 file",
            fix="Copy or download the file again and compare its size with the original.",
        ) from error


@dataclass
class _Walk:
    path: Path
    budget: int
    declared: int = 0
    objects: int = 0
    seen: set[int] = field(default_factory=set)
    references: list[tuple[str, int]] = field(default_factory=list)
    strings: list[tuple[str, int, Any]] = field(default_factory=list)

    def run(self, file: h5py.File) -> Inventory:
        root = h5o.open(file.id, b"/")
        address = h5o.get_info(root).addr
        self.seen.add(address)
        self.attributes(root, "/")
        pending: list[tuple[Any, str, frozenset[int]]] = [(root, "", frozenset({address}))]
        while pending:
            group, where, above = pending.pop()
            for name in self.hard_links(group, where):
                child = f"{where}/{clean_text(name)}"
                opened = h5o.open(group, name)
                address = h5o.get_info(opened).addr
                self.once(address, child, above)
                self.attributes(opened, child)
                kind = h5i.get_type(opened)
                if kind == h5i.GROUP:
                    if len(above) >= DEEPEST:
                        self.refuse(
                            child,
                            f"groups nested more than {DEEPEST} deep",
                            "a shallow file",
                            "Save the data with anndata, which nests a few levels only.",
                        )
                    pending.append((opened, child, above | {address}))
                elif kind == h5i.DATASET:
                    self.dataset(opened, child)
        self.check_references()
        self.check_strings()
        stored = self.path.stat().st_size
        self.check_ratio("/", self.declared, stored)
        return Inventory(objects=self.objects, declared=self.declared, stored=stored)

    def hard_links(self, group: Any, where: str) -> list[bytes]:
        """Return the names in a group; refuse every link that is not hard."""
        found: list[tuple[bytes, int]] = []
        room = MOST_OBJECTS - self.objects

        def collect(name: bytes, info: Any) -> bool | None:
            found.append((bytes(name), int(info.type)))
            return True if len(found) > room else None

        group.links.iterate(collect, info=True)
        self.objects += len(found)
        if self.objects > MOST_OBJECTS:
            self.refuse(
                where or "/",
                f"more than {MOST_OBJECTS} objects in the file",
                f"at most {MOST_OBJECTS}",
                "Remove what the analysis does not need (uns, extra layers) and save again.",
            )
        for name, kind in found:
            if kind != h5l.TYPE_HARD:
                self.refuse(
                    f"{where}/{clean_text(name)}",
                    _LINKS.get(kind, "a user-defined link"),
                    "the data itself at this place",
                    "Read the file where it was made and save it anew, which copies the data in.",
                )
        return [name for name, _ in found]

    def once(self, address: int, where: str, above: frozenset[int]) -> None:
        """Refuse cycles, and arrays that appear many times but are stored once."""
        if address in above:
            self.refuse(
                where,
                "a group that contains itself (a cycle of hard links)",
                "groups that form a tree",
                "Save the data with anndata, which writes a tree.",
            )
        if address in self.seen:
            self.refuse(
                where,
                "a second hard link to an object that is already elsewhere in the file",
                "every object at one place",
                "Read the file where it was made and save it anew.",
            )
        self.seen.add(address)

    def dataset(self, dataset: Any, where: str) -> None:
        plist = dataset.get_create_plist()
        # Layout first: asking a virtual dataset for its shape may open its source files.
        if plist.get_layout() == h5d.VIRTUAL:
            self.refuse(
                where,
                "a virtual dataset, which reads other files",
                "data stored in this file",
                "Read the file where it was made and save it anew, which copies the data in.",
            )
        if plist.get_external_count() > 0:
            self.refuse(
                where,
                "external storage: the values lie in another file",
                "data stored in this file",
                "Read the file where it was made and save it anew, which copies the data in.",
            )
        for i in range(plist.get_nfilters()):
            code, _, _, label = plist.get_filter(i)
            if not h5z.filter_avail(code):
                self.refuse(
                    where,
                    f"compression {clean_text(label) or code}, which is not available here",
                    "gzip, lzf or no compression",
                    "Save the file again with compression='gzip'.",
                )
        datatype = dataset.get_type()
        self.check_type(datatype, where)
        elements = _elements(dataset.get_space())
        if plist.get_layout() == h5d.CHUNKED:
            # Reading one value unpacks its whole chunk.
            elements = max(elements, _product(plist.get_chunk())) if elements else 0
        size = elements * bytes_per_element(datatype)
        self.count(where, size)
        self.check_ratio(where, size, min(dataset.get_storage_size(), self.path.stat().st_size))
        per_element = strings_per_element(datatype)
        if per_element:
            self.strings.append((where, elements * per_element, dataset))

    def attributes(self, item: Any, where: str) -> None:
        count = h5a.get_num_attrs(item)
        if count > MOST_ATTRIBUTES:
            self.refuse(
                where,
                f"{count} attributes",
                f"at most {MOST_ATTRIBUTES}",
                "Remove the attributes and save again.",
            )
        for i in range(count):
            attribute = h5a.open(item, index=i)
            place = f"{where}@{clean_text(attribute.name)}"
            datatype = attribute.get_type()
            elements = _elements(attribute.get_space())
            if datatype.get_class() == h5t.REFERENCE:
                self.reference(item, attribute, elements, place)
                continue
            self.check_type(datatype, place)
            self.count(place, elements * bytes_per_element(datatype))
            per_element = strings_per_element(datatype)
            if per_element:
                self.strings.append((place, elements * per_element, None))

    def reference(self, item: Any, attribute: Any, elements: int, where: str) -> None:
        """Note where an object reference leads: files of anndata 0.7 hold single ones."""
        if elements != 1 or not attribute.get_type().equal(h5t.STD_REF_OBJ):
            self.refuse(
                where,
                "references that are not one reference to one object",
                "plain values",
                "Save the data with a current version of anndata.",
            )
        value = np.empty(attribute.shape, dtype=h5py.ref_dtype)
        attribute.read(value)
        try:
            target = h5r.dereference(value.reshape(-1)[0], item)
            self.references.append((where, h5o.get_info(target).addr))
        except (KeyError, RuntimeError, ValueError, OSError, TypeError):
            self.references.append((where, _NOWHERE))

    def check_references(self) -> None:
        for where, address in self.references:
            if address not in self.seen:
                self.refuse(
                    where,
                    "a reference to an object that is nowhere in the file's tree",
                    "references to objects of the tree",
                    "Save the data with a current version of anndata.",
                )

    def check_type(self, datatype: Any, where: str) -> None:
        fault = unreadable(datatype)
        if fault:
            self.refuse(
                where,
                fault,
                "numbers or text",
                "Remove this object, or store it as numbers or text, and save again.",
            )

    def check_strings(self) -> None:
        """Bound the text of variable-length strings before any of it is read."""
        size = self.path.stat().st_size
        if sum(count for _, count, _ in self.strings) * size <= self.budget:
            return
        longest = longest_string(self.path)
        for where, count, dataset in self.strings:
            if count * longest <= self.budget:
                continue
            block = max(1, self.budget // longest)
            if dataset is None or not _text_fits(h5py.Dataset(dataset), block, self.budget):
                self.refuse(
                    where,
                    f"{count} texts that may take more than {in_words(self.budget)}",
                    f"at most {in_words(self.budget)}",
                    "Shorten the texts and save again.",
                )

    def count(self, where: str, size: int) -> None:
        self.declared += size
        if self.declared > self.budget:
            what = "with this array the file" if self.declared > size else "this array"
            self.refuse(
                where,
                f"{what} declares {in_words(self.declared)} in memory "
                f"(the file has {in_words(self.path.stat().st_size)})",
                f"at most {in_words(self.budget)}",
                "Store counts as a sparse matrix, remove layers you do not need, take a part of "
                "the cells, or raise SCDYN_MEMORY_BUDGET_GB.",
            )

    def check_ratio(self, where: str, declared: int, stored: int) -> None:
        if declared > ALWAYS_ALLOWED and declared > HIGHEST_COMPRESSION * stored:
            self.refuse(
                where,
                f"{in_words(declared)} declared but only {in_words(stored)} stored",
                f"at most {HIGHEST_COMPRESSION} times as much declared as stored",
                "Store the matrix as sparse, or fill it, and save again.",
            )

    def refuse(self, where: str, found: str, needed: str, fix: str) -> NoReturn:
        place = f"{clean_text(self.path.name)}:{clean_text(where)}"
        raise InputError(place, found=found, needed=needed, fix=fix)


def _elements(space: Any) -> int:
    if space.get_simple_extent_type() == h5s.NULL:
        return 0
    return _product(space.get_simple_extent_dims())


def _product(lengths: tuple[int, ...]) -> int:
    product = 1
    for length in lengths:
        product *= int(length)
    return product


def _text_fits(dataset: h5py.Dataset, block: int, budget: int) -> bool:
    if dataset.ndim != 1 or dataset.dtype.kind != "O":
        return False
    total = 0
    for start in range(0, len(dataset), block):
        total += sum(map(len, dataset[start : start + block]))
        if total > budget:
            return False
    return True
