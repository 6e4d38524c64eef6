"""Object references, which files of anndata 0.7 hold: they must lead into the file's own tree."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import h5py
import numpy as np
from h5py import h5o, h5r, h5t

from scdyn_core.data.preflight.ledger import Ledger

_NOWHERE = -1


class References:
    """The references met so far; where they may lead is known at the end of the walk."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._targets: list[tuple[str, int]] = []

    def add(self, item: Any, attribute: Any, elements: int, where: str) -> None:
        """Note where an attribute of ``item`` leads; only single references are allowed."""
        if elements != 1 or not attribute.get_type().equal(h5t.STD_REF_OBJ):
            self._ledger.refuse(
                where,
                "references that are not one reference to one object",
                "plain values",
                "Save the data with a current version of anndata.",
            )
        value = np.empty(attribute.shape, dtype=h5py.ref_dtype)
        attribute.read(value)
        try:
            target = h5r.dereference(value.reshape(-1)[0], item)
            self._targets.append((where, h5o.get_info(target).addr))
        except (KeyError, RuntimeError, ValueError, OSError, TypeError):
            self._targets.append((where, _NOWHERE))

    def check(self, addresses: Collection[int]) -> None:
        """Refuse references that lead to none of ``addresses``."""
        for where, address in self._targets:
            if address not in addresses:
                self._ledger.refuse(
                    where,
                    "a reference to an object that is nowhere in the file's tree",
                    "references to objects of the tree",
                    "Save the data with a current version of anndata.",
                )
