"""``metrics.jsonl``: one JSON object a line, whose last line a crash may have torn."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

from scdyn_core.runs.atomic import write_text

Row = dict[str, float | int | str | None]


def encode_row(row: Mapping[str, float | int | str]) -> str:
    """Return one line of strict JSON; values that are not finite become ``null``."""
    finite = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in row.items()
    }
    return json.dumps(finite, allow_nan=False) + "\n"


def read_rows(path: Path) -> list[Row]:
    """Return every whole row; lines that are torn or not an object are left out."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    rows = []
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows


def keep_rows_before(path: Path, epoch_total: float) -> None:
    """Drop the rows of ``epoch_total`` and later, which a resumed run writes again."""
    kept = [row for row in read_rows(path) if _epoch(row) < epoch_total]
    write_text(path, "".join(json.dumps(row) + "\n" for row in kept))


def _epoch(row: Row) -> float:
    value = row.get("epoch_total")
    return float(value) if isinstance(value, int | float) else -math.inf
