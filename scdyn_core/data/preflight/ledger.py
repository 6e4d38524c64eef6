"""What a file claims, counted against what it may claim; and the refusal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from scdyn_core.data.budget import in_words
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

MOST_OBJECTS = 20_000
#: gzip cannot shrink anything more than 1032-fold; sparse counts stored dense reach about 100.
HIGHEST_COMPRESSION = 250
#: Below this an array may be as compressible as it likes.
ALWAYS_ALLOWED = 64 * 2**20


@dataclass(frozen=True)
class Inventory:
    """What a file that passed holds: objects, and bytes declared and stored."""

    objects: int
    declared: int
    stored: int


@dataclass
class Ledger:
    """The account of one file.

    Attributes
    ----------
    path
        The file.
    budget
        Bytes its contents may take in memory.
    objects, declared
        Objects met, and bytes their contents take in memory.
    """

    path: Path
    budget: int
    objects: int = 0
    declared: int = 0

    @property
    def stored(self) -> int:
        """Bytes of the file itself."""
        return self.path.stat().st_size

    def inventory(self) -> Inventory:
        """Close the account: the file as a whole must not declare far more than it stores."""
        self.check_ratio("/", self.declared, self.stored)
        return Inventory(objects=self.objects, declared=self.declared, stored=self.stored)

    def add_objects(self, where: str, count: int) -> None:
        """Count objects of one group."""
        self.objects += count
        if self.objects > MOST_OBJECTS:
            self.refuse(
                where or "/",
                f"more than {MOST_OBJECTS} objects in the file",
                f"at most {MOST_OBJECTS}",
                "Remove what the analysis does not need (uns, extra layers) and save again.",
            )

    def add_bytes(self, where: str, size: int) -> None:
        """Count memory that reading an object takes."""
        self.declared += size
        if self.declared > self.budget:
            what = "with this array the file" if self.declared > size else "this array"
            self.refuse(
                where,
                f"{what} declares {in_words(self.declared)} in memory "
                f"(the file has {in_words(self.stored)})",
                f"at most {in_words(self.budget)}",
                "Store counts as a sparse matrix, remove layers you do not need, take a part of "
                "the cells, or raise SCDYN_MEMORY_BUDGET_GB.",
            )

    def check_ratio(self, where: str, declared: int, stored: int) -> None:
        """Refuse what no compression could have made so small."""
        if declared > ALWAYS_ALLOWED and declared > HIGHEST_COMPRESSION * stored:
            self.refuse(
                where,
                f"{in_words(declared)} declared but only {in_words(stored)} stored",
                f"at most {HIGHEST_COMPRESSION} times as much declared as stored",
                "Store the matrix as sparse, or fill it, and save again.",
            )

    def refuse(self, where: str, found: str, needed: str, fix: str) -> NoReturn:
        """Raise the error that names the object at ``where``."""
        place = f"{clean_text(self.path.name)}:{clean_text(where)}"
        raise InputError(place, found=found, needed=needed, fix=fix)
