"""Datasets and attributes: stored in this file, of readable types, and paid for in memory."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from h5py import h5a, h5d, h5s, h5t, h5z

from scdyn_core.data.preflight.ledger import Ledger
from scdyn_core.data.preflight.references import References
from scdyn_core.data.preflight.texts import Texts
from scdyn_core.data.preflight.types import bytes_per_element, unreadable
from scdyn_core.data.text import clean_text

MOST_ATTRIBUTES = 1_000


class Contents:
    """Looks at what objects hold, without reading it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._texts = Texts(ledger)
        self._references = References(ledger)

    def dataset(self, dataset: Any, where: str) -> None:
        """Look at one dataset."""
        plist = dataset.get_create_plist()
        self._check_storage(plist, where)
        datatype = dataset.get_type()
        self._check_type(datatype, where)
        elements = _elements(dataset.get_space())
        if plist.get_layout() == h5d.CHUNKED:
            # Reading one value unpacks its whole chunk.
            elements = max(elements, _product(plist.get_chunk())) if elements else 0
        size = elements * bytes_per_element(datatype)
        self._ledger.add_bytes(where, size)
        self._ledger.check_ratio(where, size, min(dataset.get_storage_size(), self._ledger.stored))
        self._texts.add(where, datatype, elements, dataset)

    def attributes(self, item: Any, where: str) -> None:
        """Look at the attributes of one object."""
        count = h5a.get_num_attrs(item)
        if count > MOST_ATTRIBUTES:
            self._ledger.refuse(
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
                self._references.add(item, attribute, elements, place)
                continue
            self._check_type(datatype, place)
            self._ledger.add_bytes(place, elements * bytes_per_element(datatype))
            self._texts.add(place, datatype, elements, None)

    def finish(self, addresses: Collection[int]) -> None:
        """Check what only the whole file can tell; ``addresses`` are those of its tree."""
        self._references.check(addresses)
        self._texts.check()

    def _check_storage(self, plist: Any, where: str) -> None:
        # Layout first: asking a virtual dataset for its shape may open its source files.
        if plist.get_layout() == h5d.VIRTUAL:
            self._refuse_elsewhere(where, "a virtual dataset, which reads other files")
        if plist.get_external_count() > 0:
            self._refuse_elsewhere(where, "external storage: the values lie in another file")
        for i in range(plist.get_nfilters()):
            code, _, _, label = plist.get_filter(i)
            if not h5z.filter_avail(code):
                self._ledger.refuse(
                    where,
                    f"compression {clean_text(label) or code}, which is not available here",
                    "gzip, lzf or no compression",
                    "Save the file again with compression='gzip'.",
                )

    def _refuse_elsewhere(self, where: str, found: str) -> None:
        self._ledger.refuse(
            where,
            found,
            "data stored in this file",
            "Read the file where it was made and save it anew, which copies the data in.",
        )

    def _check_type(self, datatype: Any, where: str) -> None:
        fault = unreadable(datatype)
        if fault:
            self._ledger.refuse(
                where,
                fault,
                "numbers or text",
                "Remove this object, or store it as numbers or text, and save again.",
            )


def _elements(space: Any) -> int:
    if space.get_simple_extent_type() == h5s.NULL:
        return 0
    return _product(space.get_simple_extent_dims())


def _product(lengths: tuple[int, ...]) -> int:
    product = 1
    for length in lengths:
        product *= int(length)
    return product
