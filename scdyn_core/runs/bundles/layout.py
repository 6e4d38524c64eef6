"""What a bundle may hold: the files of a run folder that say what a finished run found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict

FORMAT = 1
MANIFEST = "bundle.json"
#: The values of the cells and genes that the model was trained on are among the tensors.
TENSORS = "model/tensors.safetensors"
Kind = Literal[
    "manifest", "spec", "state", "environment", "scores", "records", "rows", "log", "note", "facts",
    "table", "arrays",
]  # fmt: skip
_FILES: Mapping[str, Kind] = MappingProxyType(
    {
        MANIFEST: "manifest",
        "config.json": "spec",
        "state.json": "state",
        "env.json": "environment",
        "scores.json": "scores",
        "prepared/records.json": "records",
        "metrics.jsonl": "rows",
        "log.txt": "log",
        "note.txt": "note",
        "model/info.json": "facts",
        "split.parquet": "table",
        "model/weights.safetensors": "arrays",
        TENSORS: "arrays",
    }
)
#: Kinds of runs that are packed and taken in.
KINDS = ("train", "experiment", "check")
_TABLE = re.compile(r"(tables|explain)/[a-z][a-z0-9_]{0,63}\.parquet")
_MB = 2**20
#: Largest size unpacked; of tables and arrays the budget is the limit.
MOST_BYTES: Mapping[Kind, int] = MappingProxyType(
    {
        "manifest": _MB,
        "spec": 4 * _MB,
        "state": _MB,
        "environment": _MB,
        "scores": 16 * _MB,
        "records": 16 * _MB,
        "rows": 256 * _MB,
        "log": 64 * _MB,
        "note": _MB,
        "facts": 64 * _MB,
    }
)
#: A bundle without one of these holds no run.
NEEDED = (MANIFEST, "config.json", "state.json")


class Manifest(BaseModel):
    """``bundle.json``: what kind of file this is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    run: str
    scdyn: str
    with_data: bool


def kind_of(name: str) -> Kind | None:
    """Return what a file of a bundle is, by its path in the run folder; ``None``: no part of it."""
    return "table" if _TABLE.fullmatch(name) else _FILES.get(name)


def files_of(run: Path) -> list[str]:
    """Return the files of a run folder that go into a bundle."""
    tables = [path.relative_to(run).as_posix() for path in sorted(run.glob("*/[!.]*.parquet"))]
    names = [name for name in _FILES if name != MANIFEST and (run / name).is_file()]
    return names + [name for name in tables if kind_of(name) == "table"]
