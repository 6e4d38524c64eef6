"""Datasets kept in the workspace, one folder each."""

from __future__ import annotations

import contextlib
import re
import shutil
import stat
import uuid
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from scdyn_core.data.appearing import remove_abandoned
from scdyn_core.data.assignment import check_roles
from scdyn_core.data.atlas.meta import atlas_root
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.intake import take_in
from scdyn_core.data.record import DATA_FILE, RECORD_FILE, DatasetRecord
from scdyn_core.data.roles import Roles
from scdyn_core.data.text import clean_text, shown
from scdyn_core.errors import InputError
from scdyn_core.reporter import Reporter
from scdyn_core.workspace import Workspace

_ID = re.compile(r"[0-9a-f]{16}")


class DatasetStore:
    """The datasets of a workspace.

    A dataset is a folder ``datasets/<id>`` with the checked data and its record. The id is the
    beginning of the fingerprint: the same data is stored once, and no name from outside ever
    becomes a path. Folders appear and disappear whole.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._datasets = workspace.datasets
        self._trash = workspace.home / "trash" / "datasets"
        self._inbox = workspace.inbox
        self._atlases = atlas_root(workspace)

    def add(
        self,
        path: Path,
        name: str | None = None,
        *,
        budget_bytes: int | None = None,
        reporter: Reporter | None = None,
    ) -> DatasetRecord:
        """Load a file, check it and store it; data that is already stored keeps its record.

        Raises
        ------
        InputError
            When the file cannot be read or must not be trusted.
        Cancelled
            When the reporter says so; nothing is stored then.
        """
        path = Path(path)
        self._keep_inside_inbox(path)
        return self.put(
            lambda folder: take_in(
                path, folder, name, budget_bytes, atlases=self._atlases, reporter=reporter
            )
        )

    def add_dataset(self, dataset: Dataset, *, source: str) -> DatasetRecord:
        """Store a dataset that has been checked already."""
        from scdyn_core.data.stored import write

        return self.put(lambda folder: write(dataset, source, folder))

    def put(self, fill: Callable[[Path], DatasetRecord]) -> DatasetRecord:
        """Store what ``fill`` writes into an empty folder, unless the same data is there.

        The folder is filled aside and gets its place whole; when ``fill`` raises nothing is left.
        """
        self._datasets.mkdir(parents=True, exist_ok=True)
        remove_abandoned(self._datasets)
        scratch = self._datasets / f".new-{uuid.uuid4().hex}"
        scratch.mkdir()
        try:
            record = fill(scratch)
            target = self._folder(record.id)
            if not target.is_dir():
                # Loses against another process that puts the same data at the same moment.
                with contextlib.suppress(OSError):
                    scratch.rename(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return self.record(record.id)

    def records(self) -> list[DatasetRecord]:
        """Return the records of all datasets, newest first; damaged folders are passed over."""
        if not self._datasets.is_dir():
            return []
        found = []
        for folder in self._datasets.iterdir():
            if _ID.fullmatch(folder.name):
                try:
                    found.append(self.record(folder.name))
                except InputError:
                    continue
        return sorted(found, key=lambda record: record.created, reverse=True)

    def record(self, identifier: str) -> DatasetRecord:
        """Return the record of one dataset.

        Raises
        ------
        InputError
            When there is no such dataset or its record is damaged.
        """
        try:
            text = (self._folder(identifier) / RECORD_FILE).read_text(encoding="utf-8")
            return DatasetRecord.model_validate_json(text)
        except (OSError, ValidationError) as error:
            missing = isinstance(error, FileNotFoundError)
            raise InputError(
                f"dataset {identifier}",
                found="no such dataset" if missing else "a damaged record",
                needed="a stored dataset",
                fix="Add the file again.",
            ) from error

    def path(self, identifier: str) -> Path:
        """Return the ``.h5ad`` file of a dataset."""
        self.record(identifier)
        return self._folder(identifier) / DATA_FILE

    def open(self, identifier: str) -> Dataset:
        """Open a stored dataset with the roles in force. Treat it as read-only."""
        from scdyn_core.data.readers.h5ad import read_h5ad

        record = self.record(identifier)
        adata, _ = read_h5ad(self.path(identifier))
        return Dataset(adata, record.roles, record.name, record.fingerprint, record.report)

    def set_roles(self, identifier: str, roles: Roles) -> DatasetRecord:
        """Save corrected roles.

        Raises
        ------
        ConfigError
            When a role names something that the dataset does not have.
        """
        record = self.record(identifier)
        check_roles(roles, record.obs, record.layers)
        return self._replace(record.model_copy(update={"roles": roles}))

    def rename(self, identifier: str, name: str) -> DatasetRecord:
        """Give a dataset another name for people."""
        record = self.record(identifier)
        return self._replace(record.model_copy(update={"name": clean_text(name) or record.name}))

    def delete(self, identifier: str) -> None:
        """Move a dataset to the trash, from where ``restore`` brings it back."""
        self.record(identifier)
        self._trash.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self._trash / identifier, ignore_errors=True)
        self._folder(identifier).rename(self._trash / identifier)

    def restore(self, identifier: str) -> DatasetRecord:
        """Bring a deleted dataset back."""
        source, target = self._trash / self._folder(identifier).name, self._folder(identifier)
        if source.is_dir() and not target.exists():
            source.rename(target)
        return self.record(identifier)

    def inbox_files(self) -> list[Path]:
        """Return the files and folders in the inbox that may be added, by name."""
        if not self._inbox.is_dir():
            return []
        return sorted(
            entry
            for entry in self._inbox.iterdir()
            if not entry.name.startswith(".")
            and (stat.S_ISREG(mode := entry.lstat().st_mode) or stat.S_ISDIR(mode))
        )

    def _keep_inside_inbox(self, path: Path) -> None:
        """Refuse an inbox entry that leads elsewhere: the inbox must not open other folders."""
        inbox = self._inbox.resolve()
        given = path.absolute()
        if self._inbox not in given.parents and inbox not in given.parents:
            return
        if inbox not in given.resolve().parents:
            raise InputError(
                clean_text(path.name),
                found="a symbolic link that leads out of the inbox",
                needed="the file itself",
                fix="Copy the file into the inbox.",
            )

    def _folder(self, identifier: str) -> Path:
        if not _ID.fullmatch(identifier):
            raise InputError(
                "dataset",
                found=shown(identifier),
                needed="an id of 16 hexadecimal digits",
                fix="Choose a dataset from the list.",
            )
        return self._datasets / identifier

    def _replace(self, record: DatasetRecord) -> DatasetRecord:
        target = self._folder(record.id) / RECORD_FILE
        scratch = target.with_name(f".{uuid.uuid4().hex}.json")
        scratch.write_text(record.model_dump_json(indent=1), encoding="utf-8")
        scratch.replace(target)
        return record
