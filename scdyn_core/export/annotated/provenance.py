"""Where results come from, and tables that are about neither cells nor genes, in ``uns``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scdyn_core.export.annotated.slots import Slots, as_column, is_number, storable
from scdyn_core.export.methods_text import citations, methods_text
from scdyn_core.export.tables import score_table
from scdyn_core.methods.registry import method_by_key
from scdyn_core.runs.run import Run

#: Longer tables are left to ``scdyn export --what tables``: every reader loads all of ``uns``.
MOST_ROWS = 200_000


def provenance(run: Run, slots: Slots, rest: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return what stands in ``uns`` under the key of the method."""
    spec = run.spec
    long = [name for name, frame in rest.items() if len(frame) > MOST_ROWS]
    packages = run.environment.get("packages", {})
    return {
        "run": run.id,
        "method": method_by_key(spec.method).title if spec.method else spec.kind,
        "config": spec.model_dump_json(exclude={"dataset": {"path"}}),
        "recipe": spec.recipe.to_yaml(),
        "fingerprint": spec.dataset.fingerprint,
        "replicate": slots.chosen + 1,
        "methods_text": methods_text(run),
        "cite": _texts(citations(run)),
        "versions": {name: str(version) for name, version in packages.items()},
        "scores": storable_frame(score_table(run)),
        "slots": pd.DataFrame(
            {"slot": list(slots.meanings), "meaning": list(slots.meanings.values())}, dtype=str
        ),
        "columns": {name: _texts(labels) for name, labels in slots.labels.items()},
        "tables": {
            storable(name): storable_frame(frame)
            for name, frame in rest.items()
            if name not in long and len(frame.columns)
        },
        "left_out": _texts(long),
    }


def storable_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table that an .h5ad can hold: numbers, truths, and text without gaps."""
    columns: dict[str, Any] = {}
    for name in frame.columns:
        values = as_column(frame[name])
        plain = values if is_number(values) else values.astype(object).fillna("")
        slot = storable(str(name))
        while slot in columns:
            slot += "_"
        columns[slot] = plain.to_numpy()
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)).astype(str))


def _texts(values: list[str]) -> np.ndarray[Any, Any]:
    return np.array([str(value) for value in values], dtype=object)
