"""Networks people brought along, kept in the workspace."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from scdyn_core.data.text import clean_text, shown
from scdyn_core.errors import InputError
from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.reference import COLUMNS, read_network
from scdyn_core.workspace import Workspace

EVIDENCE = "uploaded"
_NAME = b"scdyn.network"


class NetworkStore:
    """Reads and writes ``networks/<id>.parquet``.

    The id is a hash of the name, which is stored inside the file: no name from outside ever
    becomes a path. A second network of the same name takes the place of the first.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._folder = workspace.home / "networks"
        self._trash = workspace.home / "trash" / "networks"

    def add(self, content: bytes, name: str) -> str:
        """Read and keep a network file; return the name it is kept under.

        Raises
        ------
        InputError
            When it is no network.
        """
        return self.keep(read_network(content, name), name)

    def keep(self, frame: pd.DataFrame, name: str) -> str:
        """Keep a network that was read already; return the name it is kept under."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        name = clean_text(name) or "network"
        arrow = pa.Table.from_pandas(frame[list(COLUMNS)], preserve_index=False)
        arrow = arrow.replace_schema_metadata({_NAME: name.encode()})
        path = self._path(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with beside.open("wb") as handle:
                pq.write_table(arrow, handle)
                handle.flush()
                os.fsync(handle.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return name

    def names(self) -> list[str]:
        """Return the names of all networks, sorted."""
        return sorted(name for _, name in self._files())

    def frame(self, name: str) -> pd.DataFrame:
        """Return source, target, sign and weight of a network.

        Raises
        ------
        InputError
            When there is none of this name, or its file is damaged.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            frame: pd.DataFrame = pq.ParquetFile(self._known(name)).read().to_pandas()
        except (OSError, pa.ArrowException) as error:
            raise InputError(
                f"network {shown(name)}",
                found="a file that cannot be read",
                needed="a network as scdyn wrote it",
                fix="Delete it and add it again.",
            ) from error
        return frame

    def edges(self, name: str) -> pd.DataFrame:
        """Return a network as a table of edges (``networks.edges``).

        Raises
        ------
        InputError
            When there is none of this name, or its file is damaged.
        """
        return edges_of(self.frame(name))

    def written(self, name: str) -> int:
        """Return when a network was written, in nanoseconds: another number, another content.

        Raises
        ------
        InputError
            When there is none of this name.
        """
        return self._known(name).stat().st_mtime_ns

    def delete(self, name: str) -> None:
        """Move a network to the trash, from where ``restore`` brings it back.

        Raises
        ------
        InputError
            When there is none of this name.
        """
        path = self._known(name)
        self._trash.mkdir(parents=True, exist_ok=True)
        path.replace(self._trash / path.name)

    def restore(self, name: str) -> None:
        """Bring a deleted network back, unless another of this name was added since."""
        path = self._path(name)
        deleted = self._trash / path.name
        if deleted.is_file() and not path.exists():
            deleted.replace(path)

    def _path(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.parquet"

    def _known(self, name: str) -> Path:
        path = self._path(name)
        if not path.is_file():
            raise InputError(
                f"network {shown(name)}",
                found="no network of this name",
                needed="one of " + (", ".join(map(shown, self.names())) or "none kept so far"),
                fix="Choose one of these, or add it first.",
            )
        return path

    def _files(self) -> Iterator[tuple[Path, str]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for path in sorted(self._folder.glob("*.parquet")):
            try:
                told = (pq.read_schema(path).metadata or {}).get(_NAME)
            except (OSError, pa.ArrowException):
                continue  # somebody else's file: it has no name to be asked for by
            name = (told or b"").decode(errors="replace")
            if told is not None and self._path(name) == path:
                yield path, name


def edges_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return source, target, sign and weight as a table of edges (``networks.edges``)."""
    return checked_edges(
        frame.assign(
            source_kind="gene",
            target_kind="gene",
            weight=frame["weight"] / frame["weight"].max(),
            value=frame["weight"],
            stability=np.nan,
            evidence=EVIDENCE,
        )
    )
