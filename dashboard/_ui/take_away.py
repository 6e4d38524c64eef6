"""Everything a run can be taken away as: made on demand beside the app, then downloaded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import streamlit as st

from dashboard._ui.aside_jobs import AsideJobs, Job, shown
from dashboard._ui.greyed import greyed
from dashboard._ui.services import workspace
from dashboard._ui.text import plain
from scdyn_core.runs.bundles.layout import TENSORS

if TYPE_CHECKING:
    from scdyn_core.export.offers import Offer
    from scdyn_core.runs.run import Run

TASK = "export"
#: A download is held in memory while it is sent; what is larger is left in a folder.
LARGEST_DOWNLOAD = 512 * 2**20
#: Files are kept until so many others were made.
_KEPT = 8


def show_take_away(run: Run) -> None:
    """Draw the button that opens everything a finished run can be taken away as."""
    if run.state.status != "done":
        return
    opened = st.popover(
        "Take away",
        icon=":material/download:",
        key=f"take_away/{run.id}",
        on_change="rerun",
        help="Report, tables, figures, data with results, script, and the run itself",
    )
    if opened.open:
        with opened:
            _show(run)


def _show(run: Run) -> None:
    from scdyn_core.export.offers import OFFERS

    for offer in OFFERS:
        with st.container(gap=None, key=f"take_away_{offer.what}/{run.id}"):
            _row(run, offer)
    _methods(run)


def _row(run: Run, offer: Offer) -> None:
    key = f"take_away/{offer.what}/{run.id}"
    why = offer.missing(run)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{offer.title}**  \n:small[:gray[{offer.about}]]", width="stretch")
        if offer.what == "bundle" and why is None and (run.path / TENSORS).is_file():
            st.checkbox(
                "With data",
                key=f"{key}/with_data",
                help="Adds the values the model was trained on, so that it can be explained "
                "further elsewhere. Whoever gets the file has these values.",
            )
        request = _request(run, offer, key)
        job = _exports().find(TASK, request)
        if job is None:
            st.button(
                "Make",
                key=key,
                icon=":material/build:",
                on_click=_exports().request,
                args=(TASK, request),
                **greyed(why, f"Writes {offer.file_name(run)}"),
            )
        elif job.answer is not None:
            _download(job, key)
    if job is not None:
        answer = shown(job, offer.title, key=key, jobs=_exports())
        for note in answer["notes"] if answer else ():
            st.caption(plain(note, 500))


def _request(run: Run, offer: Offer, key: str) -> dict[str, Any]:
    """Return what is asked; another request once the run has got another table or note."""
    parts = ("tables", "explain", "note.txt", "scores.json")
    changed = [(run.path / name).stat().st_mtime_ns for name in parts if (run.path / name).exists()]
    with_data = offer.what == "bundle" and bool(st.session_state.get(f"{key}/with_data"))
    return {"run": str(run.path), "what": offer.what, "with_data": with_data, "changed": changed}


def _download(job: Job, key: str) -> None:
    assert job.answer is not None
    file = job.folder / job.answer["file"]
    if job.answer["size"] > LARGEST_DOWNLOAD:
        _leave(file, job.key)
        return
    st.download_button(
        f"Download ({_size(job.answer['size'])})",
        data=_reader(file),
        file_name=file.name,
        mime="application/octet-stream",
        key=f"{key}/download",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


def _leave(file: Path, key: str) -> None:
    """Put a file too large for a browser where the user of this computer finds it.

    Files of two runs may have one name, so each lies in a folder of its own.
    """
    folder = workspace().home / "exports" / key[:12]
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / file.name
    if file.exists():
        shutil.move(file, target)
    st.caption("Too large to send through the browser; on the computer that runs scdyn it is:")
    st.code(str(target), language=None)


def _reader(file: Path) -> Callable[[], BinaryIO]:
    """Return what opens the file when it is asked for, so that it is not held before."""
    return lambda: file.open("rb")


def _methods(run: Run) -> None:
    """Draw the text for the methods section of a paper, to copy."""
    from scdyn_core.export.methods_text import citations, methods_text
    from scdyn_core.export.software import software_citations

    folded = st.expander("Methods text and citations", icon=":material/description:",
                         key=f"take_away/methods/{run.id}", on_change="rerun")  # fmt: skip
    if folded.open:
        with folded:
            sources = [*citations(run), *software_citations(run)]
            text = "\n".join([methods_text(run), "", "References", *sources])
            st.code(text, language=None, wrap_lines=True, height=240)


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e5 else f"{max(n_bytes, 100) / 1e3:.1f} kB"


@st.cache_resource(show_spinner=False)
def _exports() -> AsideJobs:
    """Return a queue of its own: a long export must not hold up what a page waits for."""
    return AsideJobs(kept=_KEPT)
