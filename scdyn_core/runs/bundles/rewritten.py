"""Files of a bundle, read and written anew: nothing lands as it came.

What is left of a file is what scdyn itself would have written: values of plain types, text
without control characters and without what Markdown reads as a link or picture.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from scdyn_core.data.text import LONGEST_NAME
from scdyn_core.evaluation.score import Score
from scdyn_core.preprocess.prepared import Records
from scdyn_core.runs.bundles.arrays import arrays, table
from scdyn_core.runs.bundles.harmless import harmless, harmless_json, is_plain
from scdyn_core.runs.bundles.layout import FORMAT, KINDS, Kind, Manifest
from scdyn_core.runs.metrics import encode_row, read_rows
from scdyn_core.runs.spec import SCHEMA_VERSION, RunSpec
from scdyn_core.runs.state import RunState

_LONGEST_NOTE = 500
_DAY = 86_400.0
#: What curves are drawn from; everything else in a row of the metrics may be anything plain.
_NUMBERS, _WORDS = ("epoch", "epoch_total", "replicate", "loss"), ("phase", "part")
_SCORES = TypeAdapter(list[Score])


def manifest(file: Path) -> None:
    """Check the manifest.

    Raises
    ------
    ValueError
        As all functions here, when the file does not hold what it should.
    """
    found = Manifest.model_validate_json(file.read_bytes())
    if found.format > FORMAT:
        raise ValueError(f"format {found.format}, which a newer scdyn wrote")


def spec(file: Path) -> None:
    """Write what was asked for anew; where the data lie is for this machine to say."""
    found = RunSpec.model_validate_json(file.read_bytes())
    if found.schema_version > SCHEMA_VERSION:
        raise ValueError(f"schema version {found.schema_version}, which a newer scdyn wrote")
    if found.kind not in KINDS:
        raise ValueError(f"a run of kind {found.kind}: only trainings and experiments are taken in")
    if not re.fullmatch(r"[0-9a-f]{16,128}", found.dataset.fingerprint):
        raise ValueError("a fingerprint that is none")
    plain = harmless_json(found.model_dump(mode="json", exclude={"explains"}))
    plain["dataset"]["name"] = harmless(found.dataset.name, LONGEST_NAME) or "data"
    _write(file, RunSpec.model_validate(plain).model_dump(mode="json"))


def state(file: Path) -> None:
    """Write the state anew: done, and nobody's process."""
    found = RunState.model_validate_json(file.read_bytes())
    times = [time for time in (found.created, found.started, found.ended) if time is not None]
    if found.status != "done":
        raise ValueError(f"a run that is {found.status}: only finished runs are taken in")
    if not all(0 <= each <= time.time() + _DAY for each in times):
        raise ValueError("a time that is none")
    kept = found.model_dump(include={"status", "created", "started", "ended"})
    _write(file, RunState(**kept).model_dump(mode="json"))


def environment(file: Path) -> None:
    """Write the versions anew: words and numbers by name, and the packages."""
    found = _object(file)
    packages = found.pop("packages", {})
    words = {name: value for name, value in found.items() if is_plain(value)}
    versions = {name: value for name, value in dict(packages).items() if _is_version(value)}
    _write(file, harmless_json({**words, "packages": versions}))


def scores(file: Path) -> None:
    """Write the scores anew."""
    found = _SCORES.validate_json(file.read_bytes())
    for score in found:
        if not all(map(math.isfinite, (score.value, *score.baselines.values()))):
            raise ValueError("a score that is no number")
    _write(file, harmless_json([score.model_dump(mode="json") for score in found]))


def records(file: Path) -> None:
    """Write what the steps did anew."""
    found = Records.model_validate_json(file.read_bytes())
    kept = Records.model_validate(harmless_json(found.model_dump(mode="json")))
    _write(file, kept.model_dump(mode="json"))


def rows(file: Path) -> None:
    """Write the metrics anew: numbers and words by name."""
    lines = []
    for row in read_rows(file):
        kept = {name: value for name, value in row.items() if is_plain(value) and value is not None}
        _check_row(kept)
        lines.append(encode_row(harmless_json(kept)))
    file.write_text("".join(lines), encoding="utf-8")


def log(file: Path) -> None:
    """Write the log anew, line by line."""
    text = file.read_text(encoding="utf-8", errors="replace")
    file.write_text("".join(f"{harmless(line)}\n" for line in text.splitlines()), encoding="utf-8")


def note(file: Path) -> None:
    """Write the note anew."""
    text = file.read_text(encoding="utf-8", errors="replace")
    file.write_text(harmless(text)[:_LONGEST_NOTE], encoding="utf-8")


def facts(file: Path) -> None:
    """Write the facts of a model anew."""
    _write(file, harmless_json(_object(file)))


REWRITTEN: Mapping[Kind, Callable[[Path], None]] = {
    "manifest": manifest,
    "spec": spec,
    "state": state,
    "environment": environment,
    "scores": scores,
    "records": records,
    "rows": rows,
    "log": log,
    "note": note,
    "facts": facts,
    "table": table,
    "arrays": arrays,
}


def _object(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_bytes())
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def _check_row(row: Mapping[str, object]) -> None:
    for name in _NUMBERS:
        if isinstance(row.get(name, 0), str | bool):
            raise ValueError(f"metrics whose {name} is no number")
    for name in _WORDS:
        if not isinstance(row.get(name, ""), str):
            raise ValueError(f"metrics whose {name} is no word")


def _is_version(value: object) -> bool:
    return value is None or isinstance(value, str)


def _write(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, indent=1, allow_nan=False), encoding="utf-8")
