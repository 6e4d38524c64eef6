"""The process that unpacks one bundle: ``python -m scdyn_core.runs.bundles.worker``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scdyn_core.data.isolated import answer, limit_memory
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError
from scdyn_core.runs.bundles.archive import unpack
from scdyn_core.runs.bundles.layout import kind_of
from scdyn_core.runs.bundles.rewritten import REWRITTEN

#: The libraries themselves reserve this much address space.
_BASE_BYTES = 4 * 10**9
#: A table is held as it came and as it is written.
_COPIES = 3


def take(request: dict[str, Any]) -> dict[str, str] | None:
    """Unpack a bundle and write every file of it anew; return what is wrong with it."""
    limit_memory(_BASE_BYTES + _COPIES * int(request["budget"]))
    path, folder = Path(request["path"]), Path(request["folder"])
    name = ""
    try:
        for name in unpack(path, folder, int(request["budget"])):
            kind = kind_of(name)
            assert kind is not None
            REWRITTEN[kind](folder / name)
    except InputError as refused:
        return refused.as_dict()
    except Exception as error:
        return InputError(
            f"{clean_text(path.name)}: {name}",
            found=" ".join(clean_text(error).split()) or type(error).__name__,
            needed="a file as scdyn writes it",
            fix="Export the run again where it was made: scdyn export RUN FILE.zip --what bundle.",
        ).as_dict()
    return None


if __name__ == "__main__":
    answer(take)
