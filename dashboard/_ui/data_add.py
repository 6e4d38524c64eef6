"""Bringing data in: an upload, a file of the server's inbox; each checked before it is kept."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import show_error
from dashboard._ui.selection import select_dataset
from dashboard._ui.services import dataset_store, workspace
from dashboard._ui.stoppable import stoppable
from dashboard._ui.text import plain
from scdyn_core.errors import InputError, ScdynError

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.reporter import Reporter

_log = logging.getLogger(__name__)
_ENDINGS = re.compile(r"(\.(h5ad|h5|hdf5|loom|mtx|csv|tsv|txt|tab|gz|zip|tar|tgz))+$", re.I)
_CHUNK = 1 << 20
#: Session state: why the last files were refused, and how many uploads there were.
REFUSED, UPLOAD_ROUND = "refused_uploads", "upload_round"


def show_upload() -> None:
    """Draw the upload field, and why the last files were refused."""
    round_ = st.session_state.setdefault(UPLOAD_ROUND, 0)
    files = st.file_uploader(
        "Drop a file here: .h5ad, 10x .h5, .loom, .csv, .tsv, or the three files of a 10x "
        "matrix folder together",
        accept_multiple_files=True,
        key=f"upload_{round_}",
        help="The contents decide what a file is, whatever its name. Files stay on this computer.",
    )
    for error in st.session_state.get(REFUSED, []):
        show_error(error)
    if files:
        st.session_state[REFUSED] = _add_files(files)
        # A new key forgets the upload, and with it the copy that Streamlit holds in memory.
        st.session_state[UPLOAD_ROUND] = round_ + 1
        st.rerun()


def show_inbox() -> None:
    """List the files of the inbox folder, each with a button that opens it."""
    files = dataset_store().inbox_files()
    st.caption("For files too large to upload: copy them into this folder on the server.")
    st.code(str(workspace().inbox), language=None)
    if not files:
        st.markdown(":gray[The folder is empty.]")
    for position, path in enumerate(files):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{plain(path.name)} :gray[{_size(path)}]", width="stretch")
            if st.button("Open", key=f"inbox_{position}", icon=":material/folder_open:"):
                error = add_dataset(path, dataset_name(path.name))
                if error is None:
                    st.rerun()
                show_error(error)


def add_dataset(path: Path, name: str) -> ScdynError | None:
    """Check a file, keep it as a dataset and make it the current one.

    Returns
    -------
    ScdynError or None
        Why the file was refused.
    """
    store = dataset_store()

    def add(reporter: Reporter) -> DatasetRecord:
        return store.add(path, name, reporter=reporter)

    def added() -> DatasetRecord:
        return stoppable(f"Checking {plain(name)}…", add, on_stop=_forget_upload)

    return _guarded(added, name)


def _forget_upload() -> None:
    """Have a new upload field, so that what was stopped is not begun again."""
    st.session_state[UPLOAD_ROUND] = st.session_state.get(UPLOAD_ROUND, 0) + 1


def dataset_name(file_name: str) -> str:
    """Return a short name for people from the name of a file."""
    return _ENDINGS.sub("", file_name)[:80] or "dataset"


def _guarded(add: Callable[[], DatasetRecord], name: str) -> ScdynError | None:
    try:
        record = add()
    except ScdynError as error:
        return error
    except Exception:
        # An unknown file may break a library in a way nobody foresaw; the page must go on.
        _log.exception("a file could not be read")
        return InputError(
            name,
            found="contents that could not be read",
            needed="a file with a matrix of cells × genes in one of the formats above",
            fix="Open it in the program that wrote it and save it again as .h5ad.",
        )
    select_dataset(record.id)
    return None


def _add_files(files: Sequence[UploadedFile]) -> list[ScdynError]:
    refused = []
    if any(".mtx" in file.name.lower() for file in files):
        with _saved(files) as folder:
            refused.append(add_dataset(folder, dataset_name(files[0].name)))
    else:
        for file in files:
            with _saved([file]) as folder:
                refused.append(add_dataset(next(folder.iterdir()), dataset_name(file.name)))
    return [error for error in refused if error is not None]


@contextmanager
def _saved(files: Sequence[UploadedFile]) -> Iterator[Path]:
    """Write uploads, piece by piece, into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=workspace().cache, prefix="upload-") as folder:
        for file in files:
            with (Path(folder) / _file_name(file.name)).open("wb") as target:
                shutil.copyfileobj(file, target, _CHUNK)
        yield Path(folder)


def _file_name(name: str) -> str:
    """Return a harmless file name: no folder, no leading dot, plain characters."""
    kept = re.sub(r"[^A-Za-z0-9._-]+", "_", name.replace("\\", "/").rsplit("/", 1)[-1])
    return kept.lstrip(".")[-100:] or "upload"


def _size(path: Path) -> str:
    if path.is_dir():
        return "folder"
    size = float(path.stat().st_size)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
