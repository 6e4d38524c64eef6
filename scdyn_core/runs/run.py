"""A run is a folder; ``Run`` is the only reader of it."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from scdyn_core.errors import RunError
from scdyn_core.evaluation.score import Score
from scdyn_core.preprocess.prepared import Records
from scdyn_core.runs.atomic import write_text
from scdyn_core.runs.metrics import read_rows
from scdyn_core.runs.spec import SCHEMA_VERSION, RunSpec
from scdyn_core.runs.state import Progress, RunState

if TYPE_CHECKING:
    import pandas as pd

_Parsed = TypeVar("_Parsed")
#: The name of a run folder that no other run has: when it was made, and a random end.
STAMPED = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{6}")
_SCORES = TypeAdapter(list[Score])


class Run:
    """One run folder, read afresh at every access.

    Attributes
    ----------
    path
        The folder.
    spec
        What was asked for; never changes.
    """

    def __init__(self, path: Path, spec: RunSpec) -> None:
        self.path = path
        self.spec = spec

    @classmethod
    def create(
        cls,
        store_root: Path,
        spec: RunSpec,
        *,
        name: str | None = None,
        state: RunState | None = None,
    ) -> Run:
        """Make the folder of a new run; readers see all of it or none.

        Parameters
        ----------
        store_root
            Folder the run folder is made in.
        spec
            What to do.
        name
            Name of the folder; a sortable time stamp with a random end when not given.
        state
            Where the run starts; queued when not given.

        Raises
        ------
        RunError
            When a folder of that name is there and not empty.
        """
        store_root = store_root.resolve()
        store_root.mkdir(parents=True, exist_ok=True)
        path = store_root / (name or stamp())
        building = store_root / f".new-{secrets.token_hex(6)}"
        building.mkdir()
        for part in ("checkpoints", "tables"):
            (building / part).mkdir()
        write_text(building / "config.json", spec.model_dump_json(indent=1))
        state = state or RunState(status="queued", created=time.time())
        write_text(building / "state.json", state.model_dump_json())
        try:
            building.rename(path)
        except OSError as error:
            shutil.rmtree(building)
            raise RunError(
                f"run folder {path.name}",
                found="a file or a folder with contents under that name",
                needed="a name that is free",
                fix="Choose another folder, or resume the run that is there.",
            ) from error
        return cls(path, spec)

    @classmethod
    def open(cls, path: Path) -> Run:
        """Open a run folder.

        Raises
        ------
        RunError
            When it is no run folder, is damaged or was made by a newer version.
        """
        path = path.resolve()
        spec = _parse(path / "config.json", RunSpec.model_validate_json)
        if spec.schema_version > SCHEMA_VERSION:
            raise RunError(
                f"run {path.name}",
                found=f"schema version {spec.schema_version}",
                needed=f"version {SCHEMA_VERSION} or older",
                fix="Open this run with the newer scdyn that made it.",
            )
        _parse(path / "state.json", RunState.model_validate_json)
        return cls(path, spec)

    @property
    def id(self) -> str:
        """A name no other run has: the folder's stamp, or its name and a hash of its place."""
        if STAMPED.fullmatch(self.path.name):
            return self.path.name
        return f"{self.path.name}-{hashlib.sha256(str(self.path).encode()).hexdigest()[:8]}"

    @property
    def state(self) -> RunState:
        """Where the run is."""
        return _parse(self.path / "state.json", RunState.model_validate_json)

    @property
    def gone(self) -> bool:
        """Whether somebody deleted the folder, or all that makes it a run."""
        return not any((self.path / name).exists() for name in ("config.json", "state.json"))

    @property
    def progress(self) -> Progress | None:
        """How far the worker was at its last heartbeat; ``None`` before the first."""
        return _parse_optional(self.path / "progress.json", Progress.model_validate_json)

    @property
    def environment(self) -> dict[str, Any]:
        """Versions, device and commit of the last start; empty before the first."""
        adapter = TypeAdapter(dict[str, Any])
        return _parse_optional(self.path / "env.json", adapter.validate_json) or {}

    @property
    def prepared(self) -> Records | None:
        """Name, roles, recipe and what every step did; ``None`` until the data are prepared."""
        file = self.path / "prepared" / "records.json"
        return _parse_optional(file, Records.model_validate_json)

    def metrics(self) -> pd.DataFrame:
        """Return the training metrics, one row per record; a torn last line is left out."""
        import pandas as pd

        return pd.DataFrame(read_rows(self.path / "metrics.jsonl"))

    def scores(self) -> list[Score]:
        """Return the scores with their baselines; empty until the run is done."""
        return _parse_optional(self.path / "scores.json", _SCORES.validate_json) or []

    @property
    def tables(self) -> list[str]:
        """Names of the result tables, those of later explanations among them."""
        return sorted(self._table_files())

    def table(self, name: str) -> pd.DataFrame:
        """Return a result table; ``attrs["columns"]`` says what each column means.

        Raises
        ------
        RunError
            When there is no such table or it cannot be read.
        """
        from scdyn_core.runs.tables import read_table

        file = self.table_file(name)
        try:
            return read_table(file)
        except (OSError, ValueError) as error:
            raise _damaged(file, str(error)) from error

    def table_rows(self, name: str, column: str, value: str | int) -> pd.DataFrame:
        """Return the rows of a result table in which ``column`` is ``value``; reads no others.

        Raises
        ------
        RunError
            When there is no such table or it cannot be read.
        """
        from scdyn_core.runs.tables import read_matching

        file = self.table_file(name)
        try:
            return read_matching(file, column, value)
        except (OSError, ValueError) as error:
            raise _damaged(file, str(error)) from error

    def table_file(self, name: str) -> Path:
        """Return where a result table lies.

        Raises
        ------
        RunError
            When there is no such table.
        """
        files = self._table_files()
        if name not in files:
            raise RunError(
                f"run {self.path.name}",
                found=f"no table called {name!r}",
                needed="one of " + (", ".join(sorted(files)) or "no tables: none are written yet"),
                fix="Choose one of these, or wait until the run is done.",
            )
        return files[name]

    def _table_files(self) -> dict[str, Path]:
        return {
            path.stem: path
            for folder in ("explain", "tables")
            for path in (self.path / folder).glob("[!.]*.parquet")
        }

    def split(self) -> pd.DataFrame | None:
        """Return columns ``sample`` and ``part``; ``None`` before the split is drawn."""
        from scdyn_core.runs.tables import read_table

        file = self.path / "split.parquet"
        return read_table(file) if file.exists() else None

    def log(self, lines: int = 200) -> str:
        """Return the last lines of the log."""
        try:
            with (self.path / "log.txt").open("rb") as handle:
                handle.seek(0, 2)
                handle.seek(max(0, handle.tell() - 400 * lines))
                text = handle.read().decode("utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    @property
    def checkpoints(self) -> list[Path]:
        """Checkpoint files, oldest first."""
        found = (self.path / "checkpoints").glob("[!.]*.safetensors")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)

    @property
    def note(self) -> str:
        """A note by the user; empty when there is none."""
        try:
            return (self.path / "note.txt").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    @note.setter
    def note(self, text: str) -> None:
        write_text(self.path / "note.txt", text)

    def request_cancel(self) -> None:
        """Ask whoever works on the run to stop at its next safe point."""
        (self.path / "cancel").touch()

    @property
    def cancel_requested(self) -> bool:
        """Whether somebody asked for the run to stop."""
        return (self.path / "cancel").exists()


def stamp() -> str:
    """Return a name for a run folder that no other has."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"


def _parse_optional(file: Path, parse: Callable[[bytes], _Parsed]) -> _Parsed | None:
    return _parse(file, parse) if file.exists() else None


def _parse(file: Path, parse: Callable[[bytes], _Parsed]) -> _Parsed:
    try:
        return parse(file.read_bytes())
    except OSError as error:
        raise _damaged(file, f"no readable {file.name}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _damaged(file, f"{file.name} {place}: {first['msg']}".replace(" :", ":")) from error


def _damaged(file: Path, found: str) -> RunError:
    return RunError(
        f"run {file.parent.name}",
        found=found,
        needed="a whole run folder made by scdyn",
        fix="Check the path; if the folder is damaged, delete it and start the run again.",
    )
