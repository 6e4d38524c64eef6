"""All runs of a workspace: the queue, the trash, and runs made elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from scdyn_core.errors import RunError
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.runs.atomic import write_text
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.state import ENDED, RESUMABLE
from scdyn_core.runs.writer import RunWriter
from scdyn_core.workspace import Workspace


class RunStore:
    """The runs of one workspace, shared by every process that opens it.

    A run is a folder ``runs/<id>``, or a file ``runs/<id>.link`` that names a run folder
    elsewhere. Changes of who owns a run happen under one file lock.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.root = workspace.runs
        self.root.mkdir(parents=True, exist_ok=True)
        self.trash = self.root / ".trash"
        # What a run was asked to do never changes, so a run is parsed once.
        self._known: dict[str, Run] = {}

    def runs(self) -> list[Run]:
        """Return the readable runs, newest first."""
        return [run for run in self._entries() if isinstance(run, Run)]

    def damaged(self) -> list[RunError]:
        """Return why the other entries cannot be read."""
        return [error for error in self._entries() if isinstance(error, RunError)]

    def run(self, run_id: str) -> Run:
        """Return the run with an id.

        Raises
        ------
        RunError
            When there is none or its folder is damaged.
        """
        if run_id not in self._ids():
            raise RunError(
                f"run {run_id[:80]}",
                found="no such run",
                needed="the id of a run in this workspace",
                fix="Choose a run on the Runs page.",
            )
        return self._open(run_id)

    def submit(self, spec: RunSpec) -> Run:
        """Queue a new run."""
        return Run.create(self.root, spec)

    def adopt(self, path: Path) -> Run:
        """Show a run folder made elsewhere; the folder stays where it is.

        Raises
        ------
        RunError
            When it is no run folder.
        """
        run = Run.open(path)
        if run.path.parent != self.root.resolve():
            write_text(self.root / f"{run.id}.link", json.dumps({"path": str(run.path)}))
        return run

    def cancel(self, run: Run) -> None:
        """Stop a run: at once when it waits, at its next safe point when it is running."""
        run.request_cancel()
        with self.lock():
            if run.state.status == "queued":
                RunWriter(run).end("cancelled")

    def resume(self, run: Run) -> Run:
        """Queue a run again; it goes on from its last checkpoint.

        Raises
        ------
        RunError
            When it is waiting, running or done.
        """
        with self.lock():
            status = run.state.status
            if status not in RESUMABLE:
                raise _wrong_state(run, status, "failed, cancelled or interrupted")
            RunWriter(run).queue()
        return run

    def delete(self, run: Run) -> None:
        """Move a run into the trash; a run made elsewhere only leaves the list.

        Raises
        ------
        RunError
            When it is waiting or running.
        """
        with self.lock():
            status = run.state.status
            if status not in ENDED:
                raise _wrong_state(run, status, "ended")
            self.trash.mkdir(exist_ok=True)
            entry = self._entry(run.id)
            entry.rename(self.trash / entry.name)

    def restore(self, run_id: str) -> Run:
        """Undo ``delete``.

        Raises
        ------
        RunError
            When the trash does not hold it.
        """
        with self.lock():
            for name in (run_id, f"{run_id}.link"):
                if name in self._names(self.trash):
                    (self.trash / name).rename(self.root / name)
                    return self._open(run_id)
        raise RunError(
            f"run {run_id[:80]}",
            found="no such run in the trash",
            needed="the id of a deleted run",
            fix="Choose a deleted run.",
        )

    def clone_spec(self, run: Run) -> RunSpec:
        """Return what a run was asked to do, to change and submit again."""
        return run.spec.model_copy(deep=True)

    def prepare_lookup(self, dataset: DatasetRef, recipe: Recipe) -> Run | None:
        """Return the newest finished run that prepared these data with this recipe."""
        for run in self.runs():
            spec = run.spec
            same = (
                spec.kind == "prepare"
                and spec.dataset.fingerprint == dataset.fingerprint
                and spec.dataset.roles == dataset.roles
                and spec.recipe.digest() == recipe.digest()
            )
            if same and run.state.status == "done":
                return run
        return None

    def lock(self) -> FileLock:
        """Return the lock under which runs change hands."""
        return FileLock(self.root / ".queue.lock", timeout=30)

    def _names(self, folder: Path) -> list[str]:
        if not folder.is_dir():
            return []
        return [entry.name for entry in folder.iterdir() if not entry.name.startswith(".")]

    def _ids(self) -> list[str]:
        return [name.removesuffix(".link") for name in self._names(self.root)]

    def _entry(self, run_id: str) -> Path:
        link = self.root / f"{run_id}.link"
        return link if link.exists() else self.root / run_id

    def _open(self, run_id: str) -> Run:
        known = self._known.get(run_id)
        if known is not None and (known.path / "state.json").exists():
            return known
        entry = self._entry(run_id)
        run = Run.open(_target(entry) if entry.suffix == ".link" else entry)
        self._known[run_id] = run
        return run

    def _entries(self) -> Iterator[Run | RunError]:
        dated: list[tuple[float, Run]] = []
        for run_id in self._ids():
            try:
                run = self._open(run_id)
                dated.append((run.state.created, run))
            except RunError as error:
                yield error
        dated.sort(key=lambda pair: pair[0], reverse=True)
        yield from (run for _, run in dated)


def _target(link: Path) -> Path:
    try:
        return Path(json.loads(link.read_text(encoding="utf-8"))["path"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"run {link.stem}",
            found="a damaged link to a run folder elsewhere",
            needed="the path of a run folder",
            fix="Open the run folder again.",
        ) from error


def _wrong_state(run: Run, status: str, needed: str) -> RunError:
    return RunError(
        f"run {run.path.name}",
        found=f"a run that is {status}",
        needed=f"a run that is {needed}",
        fix="Wait for the run to end, or cancel it first.",
    )
