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

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import TypeAdapter
from safetensors.numpy import load_file, save_file

from scdyn_core.data.text import clean_text
from scdyn_core.evaluation.score import Score
from scdyn_core.preprocess.prepared import Records
from scdyn_core.runs.atomic import replacing
from scdyn_core.runs.bundles.layout import FORMAT, Kind, Manifest
from scdyn_core.runs.metrics import encode_row, read_rows
from scdyn_core.runs.spec import SCHEMA_VERSION, RunSpec
from scdyn_core.runs.state import RunState
from scdyn_core.runs.tables import MEANINGS

_LONGEST = 10_000
_LONGEST_NOTE = 500
_MOST_COLUMNS = 5_000
#: A table cannot need more memory than its size explains: constant columns pack well, not all.
_FEW_VALUES, _MOST_VALUES_A_BYTE = 1_000_000, 200
_DAY = 86_400.0
_KINDS = ("train", "experiment", "check")
_ARRAY = re.compile(r"(\d{1,3}|constants|samples|parts/[a-z]{1,20})/[\w.\-]{1,200}")
_SCORES = TypeAdapter(list[Score])


def harmless(text: object) -> str:
    """Return text as one line, in which Markdown finds neither picture nor link."""
    return clean_text(text, _LONGEST).replace("](", "] (")


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
    if found.kind not in _KINDS:
        raise ValueError(f"a run of kind {found.kind}: only trainings and experiments are taken in")
    if not re.fullmatch(r"[0-9a-f]{16,128}", found.dataset.fingerprint):
        raise ValueError("a fingerprint that is none")
    plain = _plain(found.model_dump(mode="json", exclude={"explains"}))
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
    words = {name: value for name, value in found.items() if _is_plain(value)}
    versions = {name: value for name, value in dict(packages).items() if _is_plain(value)}
    _write(file, _plain({**words, "packages": versions}))


def scores(file: Path) -> None:
    """Write the scores anew."""
    found = _SCORES.validate_json(file.read_bytes())
    for score in found:
        if not all(map(math.isfinite, (score.value, *score.baselines.values()))):
            raise ValueError("a score that is no number")
    _write(file, _plain([score.model_dump(mode="json") for score in found]))


def records(file: Path) -> None:
    """Write what the steps did anew."""
    found = Records.model_validate_json(file.read_bytes())
    kept = Records.model_validate(_plain(found.model_dump(mode="json")))
    _write(file, kept.model_dump(mode="json"))


def rows(file: Path) -> None:
    """Write the metrics anew: numbers and words by name."""
    lines = []
    for row in read_rows(file):
        kept = {harmless(name): harmless(value) if isinstance(value, str) else value
                for name, value in row.items() if _is_plain(value)}  # fmt: skip
        lines.append(encode_row({name: value for name, value in kept.items() if value is not None}))
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
    _write(file, _plain(_object(file)))


def table(file: Path) -> None:
    """Write a table anew: columns of numbers, truths and text, and what they mean."""
    stored = pq.ParquetFile(file)
    values = stored.metadata.num_rows * stored.metadata.num_columns
    if values > _FEW_VALUES + _MOST_VALUES_A_BYTE * file.stat().st_size:
        raise ValueError(f"{values:,} values in a file too small to hold them")
    arrow = stored.read()
    names = list(arrow.column_names)
    if len(names) > _MOST_COLUMNS or len(set(names)) != len(names):
        raise ValueError("columns that are too many, or have one name")
    if any(harmless(name) != name for name in names):
        raise ValueError("a column whose name is no plain text")
    meanings = json.loads((arrow.schema.metadata or {}).get(MEANINGS, b"{}"))
    told = {name: harmless(dict(meanings).get(name, "")) for name in names if name in meanings}
    columns = {name: _column(arrow.column(name)) for name in names}
    whole = pa.table(columns) if names else pa.table({})
    with replacing(file) as beside:
        pq.write_table(whole.replace_schema_metadata({MEANINGS: json.dumps(told)}), beside)


def arrays(file: Path) -> None:
    """Write arrays anew: numbers by the names scdyn gives them."""
    found = load_file(file)
    for name, values in found.items():
        if not _ARRAY.fullmatch(name) or values.dtype.kind not in "fiub":
            raise ValueError("an array that is none of a model")
    with replacing(file) as beside:
        save_file({name: np.ascontiguousarray(values) for name, values in found.items()}, beside)


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


def _column(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column of a plain type; of text every different value is cleaned once."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        coded = pc.dictionary_encode(values.cast(pa.large_string())).combine_chunks()
        if isinstance(coded, pa.ChunkedArray):
            coded = pa.concat_arrays(coded.chunks)
        clean = pa.array([None if t is None else harmless(t) for t in coded.dictionary.to_pylist()],
                         pa.large_string())  # fmt: skip
        return pa.chunked_array([clean.take(coded.indices)]).cast(pa.string())
    plain = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_null)
    if any(fits(kind) for fits in plain):
        return values
    raise ValueError(f"a column of type {clean_text(kind)}")


def _object(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_bytes())
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _plain(value: Any) -> Any:
    """Return JSON with every text in it made harmless."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, dict):
        return {harmless(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _write(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, indent=1, allow_nan=False), encoding="utf-8")
