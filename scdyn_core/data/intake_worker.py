"""The process that loads one untrusted file: ``python -m scdyn_core.data.intake_worker``.

It leaves the data and the record in the folder that the request names, and answers with the
error or with ``null``.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from scdyn_core.data.atlas.meta import atlas_key
from scdyn_core.data.atlas.write import write_atlas
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.isolated import answer, limit_memory
from scdyn_core.data.load import load
from scdyn_core.data.rejected import RejectedData
from scdyn_core.data.stored import write
from scdyn_core.data.text import clean_text
from scdyn_core.errors import ScdynError

#: The libraries themselves reserve this much address space.
_BASE_BYTES = 4 * 10**9
#: Checking and converting hold a few copies at worst.
_COPIES = 4


def take(request: dict[str, Any]) -> dict[str, Any] | None:
    """Load and store; return what went wrong."""
    limit_memory(_BASE_BYTES + _COPIES * request["budget"])
    path, folder = Path(request["path"]), Path(request["folder"])
    try:
        dataset = load(path, name=request["name"], budget_bytes=request["budget"])
        write(dataset, path.name, folder)
        if request["atlases"] is not None:
            _lay_out(dataset, Path(request["atlases"]))
    except RejectedData as rejected:
        return {"place": rejected.file, "report": rejected.report.model_dump_json()}
    except ScdynError as refused:
        return dict(refused.as_dict())
    except MemoryError:
        return {
            "place": clean_text(path.name),
            "found": "its contents take more memory than was left",
            "needed": "contents within the memory budget",
            "fix": "Take a part of the cells, or free memory and try again.",
        }
    return None


def _lay_out(dataset: Dataset, atlases: Path) -> None:
    """Write the atlas too; where memory or disk do not suffice, it is made when it is needed."""
    key = atlas_key(dataset.fingerprint, dataset.roles)
    with contextlib.suppress(MemoryError, OSError):
        write_atlas(dataset, key, atlases / key)


if __name__ == "__main__":
    answer(take)
