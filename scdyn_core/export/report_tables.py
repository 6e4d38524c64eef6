"""Tables of a report: what an experiment compared, what equations say, settings as rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from scdyn_core.evaluation.selection import chosen_replicate
from scdyn_core.plots.text import with_lowered_numbers
from scdyn_core.runs.run import Run

#: Tables that compare with an interval -> what they say. Longer ones are left to the tables.
COMPARED: Mapping[str, str] = {
    "arm_comparison": "Ways of drawing cells against uniform, with 95 % intervals of the paired "
    "difference",
    "unseen_summary": "Responses of types never seen treated, with 95 % intervals",
    "stability": "Terms of the equations: share of replicates with the term, and the interval of "
    "its coefficient",
}
_MOST_ROWS = 200


@dataclass(frozen=True)
class Shown:
    """A table as texts: its title, its columns with their meaning, its rows."""

    title: str
    columns: list[tuple[str, str]]
    rows: list[list[str]]
    left_out: int


def compared_tables(run: Run) -> list[Shown]:
    """Return the tables of a run that hold intervals."""
    return [
        _shown(run.table(name), title) for name, title in COMPARED.items() if name in run.tables
    ]


def equations(run: Run) -> list[str]:
    """Return the equations of the chosen replicate, strongest terms first; empty without any."""
    if "equations" not in run.tables:
        return []
    frame = run.table("equations")
    number = chosen_replicate(run.table("replicates") if "replicates" in run.tables else None)
    frame = frame[frame["replicate"] == number]
    lines = []
    for equation, terms in frame.groupby("equation", sort=True):
        active = terms[terms["active"].astype(bool)].sort_values(
            "coefficient", key=abs, ascending=False
        )
        pieces = [
            f"{'−' if value < 0 else '+'} {abs(value):.3g} {term}"
            for value, term in zip(
                active["coefficient"].to_numpy(float), active["term"], strict=True
            )
        ]
        right = " ".join(pieces).removeprefix("+ ") or "0"
        lines.append(with_lowered_numbers(f"dz{equation}/dt = {right}".replace("*", "·")))
    return lines


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested settings as rows, ``group.name`` -> value."""
    rows: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            rows |= flat(value, f"{prefix}{name}.")
        else:
            rows[prefix + name] = value if isinstance(value, str) else json.dumps(value)
    return rows


def _shown(frame: pd.DataFrame, title: str) -> Shown:
    meanings = frame.attrs.get("columns", {})
    frame = frame.drop(columns="latex", errors="ignore")
    rows = [
        [_cell(value) for value in row] for row in frame.head(_MOST_ROWS).itertuples(index=False)
    ]
    columns = [(str(name).replace("_", " "), str(meanings.get(name, ""))) for name in frame]
    return Shown(title, columns, rows, max(0, len(frame) - _MOST_ROWS))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.3g}"
    return "" if value is None else str(value)
