"""The tree of groups: hard links only, every object once, no deeper than single-cell files are."""

from __future__ import annotations

from typing import Any

import h5py
from h5py import h5i, h5l, h5o

from scdyn_core.data.preflight.contents import Contents
from scdyn_core.data.preflight.ledger import MOST_OBJECTS, Ledger
from scdyn_core.data.text import clean_text

DEEPEST = 24

_LINKS = {
    h5l.TYPE_SOFT: "a soft link",
    h5l.TYPE_EXTERNAL: "an external link to another file",
}


class Tree:
    """Goes through a file from the root, and has the contents of every object looked at."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._contents = Contents(ledger)
        self._seen: set[int] = set()

    def walk(self, file: h5py.File) -> None:
        """Look at every object of ``file`` or raise."""
        root = h5o.open(file.id, b"/")
        address = h5o.get_info(root).addr
        self._seen.add(address)
        self._contents.attributes(root, "/")
        pending: list[tuple[Any, str, frozenset[int]]] = [(root, "", frozenset({address}))]
        while pending:
            group, where, above = pending.pop()
            for name in self._hard_links(group, where):
                child = f"{where}/{clean_text(name)}"
                opened = h5o.open(group, name)
                address = h5o.get_info(opened).addr
                self._once(address, child, above)
                self._contents.attributes(opened, child)
                kind = h5i.get_type(opened)
                if kind == h5i.GROUP:
                    self._check_depth(child, len(above))
                    pending.append((opened, child, above | {address}))
                elif kind == h5i.DATASET:
                    self._contents.dataset(opened, child)
        self._contents.finish(self._seen)

    def _hard_links(self, group: Any, where: str) -> list[bytes]:
        """Return the names in a group; refuse every link that is not hard."""
        found: list[tuple[bytes, int]] = []
        room = MOST_OBJECTS - self._ledger.objects

        def collect(name: bytes, info: Any) -> bool | None:
            found.append((bytes(name), int(info.type)))
            return True if len(found) > room else None

        group.links.iterate(collect, info=True)
        self._ledger.add_objects(where, len(found))
        for name, kind in found:
            if kind != h5l.TYPE_HARD:
                self._ledger.refuse(
                    f"{where}/{clean_text(name)}",
                    _LINKS.get(kind, "a user-defined link"),
                    "the data itself at this place",
                    "Read the file where it was made and save it anew, which copies the data in.",
                )
        return [name for name, _ in found]

    def _once(self, address: int, where: str, above: frozenset[int]) -> None:
        """Refuse cycles, and arrays that appear many times but are stored once."""
        if address in above:
            self._ledger.refuse(
                where,
                "a group that contains itself (a cycle of hard links)",
                "groups that form a tree",
                "Save the data with anndata, which writes a tree.",
            )
        if address in self._seen:
            self._ledger.refuse(
                where,
                "a second hard link to an object that is already elsewhere in the file",
                "every object at one place",
                "Read the file where it was made and save it anew.",
            )
        self._seen.add(address)

    def _check_depth(self, where: str, depth: int) -> None:
        if depth >= DEEPEST:
            self._ledger.refuse(
                where,
                f"groups nested more than {DEEPEST} deep",
                "a shallow file",
                "Save the data with anndata, which nests a few levels only.",
            )
