"""The process that loads one untrusted file: ``python -m scdyn_core.data.intake_worker``.

It reads a request as JSON from standard input, and leaves the data, the record and an answer
in the folder that the request names.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

from scdyn_core.data.intake import ANSWER_FILE
from scdyn_core.data.load import load
from scdyn_core.data.rejected import RejectedData
from scdyn_core.data.stored import write
from scdyn_core.data.text import clean_text
from scdyn_core.errors import ScdynError

#: The libraries themselves reserve this much address space.
_BASE_BYTES = 4 * 10**9
#: Checking and converting hold a few copies at worst.
_COPIES = 4


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    _limit_memory(_BASE_BYTES + _COPIES * request["budget"])
    path, folder = Path(request["path"]), Path(request["folder"])
    error: dict[str, Any] | None = None
    try:
        dataset = load(path, name=request["name"], budget_bytes=request["budget"])
        write(dataset, path.name, folder)
    except RejectedData as rejected:
        error = {"place": rejected.file, "report": rejected.report.model_dump_json()}
    except ScdynError as refused:
        error = refused.as_dict()
    except MemoryError:
        error = {
            "place": clean_text(path.name),
            "found": "its contents take more memory than was left",
            "needed": "contents within the memory budget",
            "fix": "Take a part of the cells, or free memory and try again.",
        }
    answer = folder / ANSWER_FILE
    answer.write_text(json.dumps({"error": error}), encoding="utf-8")


def _limit_memory(n_bytes: int) -> None:
    # macOS has no such limit; there the preflight and the budget stand alone.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))


if __name__ == "__main__":
    main()
