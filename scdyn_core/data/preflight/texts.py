"""Variable-length text: bounded before any of it is read."""

from __future__ import annotations

from typing import Any

import h5py

from scdyn_core.data.budget import in_words
from scdyn_core.data.preflight.heap import longest_string
from scdyn_core.data.preflight.ledger import Ledger
from scdyn_core.data.preflight.types import strings_per_element


class Texts:
    """The places of a file that hold variable-length text."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._found: list[tuple[str, int, Any]] = []

    def add(self, where: str, datatype: Any, elements: int, dataset: Any | None) -> None:
        """Note an array, if its elements hold text; ``dataset`` is ``None`` for attributes."""
        per_element = strings_per_element(datatype)
        if per_element:
            self._found.append((where, elements * per_element, dataset))

    def check(self) -> None:
        """Refuse texts that would not fit the budget."""
        budget = self._ledger.budget
        if sum(count for _, count, _ in self._found) * self._ledger.stored <= budget:
            return
        longest = longest_string(self._ledger.path)
        for where, count, dataset in self._found:
            if count * longest <= budget:
                continue
            block = max(1, budget // longest)
            if dataset is None or not _fits(h5py.Dataset(dataset), block, budget):
                self._ledger.refuse(
                    where,
                    f"{count} texts that may take more than {in_words(budget)}",
                    f"at most {in_words(budget)}",
                    "Shorten the texts and save again.",
                )


def _fits(dataset: h5py.Dataset, block: int, budget: int) -> bool:
    if dataset.ndim != 1 or dataset.dtype.kind != "O":
        return False
    total = 0
    for start in range(0, len(dataset), block):
        total += sum(map(len, dataset[start : start + block]))
        if total > budget:
            return False
    return True
