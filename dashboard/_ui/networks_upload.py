"""Networks people bring along: uploaded, downloaded, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import errors_shown
from dashboard._ui.services import workspace
from dashboard._ui.stoppable import stoppable
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    from scdyn_core.networks.store import NetworkStore

_ROUND, _DELETED = "networks/upload_round", "networks/deleted"


def network_store() -> NetworkStore:
    """Return the store of networks that people brought along."""
    from scdyn_core.networks.store import NetworkStore

    return NetworkStore(workspace())


def manage_networks(added: str) -> None:
    """Draw the upload, the download and the list of what is kept.

    Parameters
    ----------
    added
        Key of the session under which the name of a network is put that was just added.
    """
    with st.popover("Add a network", icon=":material/upload:"), errors_shown():
        _upload(added)
        _download(added)
        _kept()
        _deleted()


def _upload(added: str) -> None:
    from scdyn_core.errors import InputError
    from scdyn_core.networks.reference import LARGEST_FILE

    number = st.session_state.setdefault(_ROUND, 0)
    file = st.file_uploader(
        "Known edges (CSV, TSV or SIF; .gz too)",
        key=f"networks/upload/{number}",
        help="A table with the columns source and target and, if known, sign (1 or -1) or "
        "weight. The file is checked and stays on this computer.",
    )
    if file is None:
        return
    if file.size > LARGEST_FILE:
        raise InputError(
            f"network {file.name[:60]!r}",
            found=f"{file.size / 1e6:.0f} MB",
            needed=f"at most {LARGEST_FILE / 1e6:.0f} MB",
            fix="Upload only the columns source, target and sign, gzipped.",
        )
    name = network_store().add(file.getvalue(), file.name)
    st.session_state[added] = name
    # A new key forgets the upload, so that it is not read again at every click.
    st.session_state[_ROUND] = number + 1
    st.toast(f"Added {plain(name)}", icon=":material/check:")
    st.rerun()


def _download(added: str) -> None:
    from scdyn_core.networks.collectri import NAME, collectri

    if NAME in network_store().names():
        return
    wanted = st.button(
        "CollecTRI",
        key="networks/collectri",
        icon=":material/cloud_download:",
        help="Downloads signed edges of human transcription factors, gathered from the "
        "literature (CC BY 4.0, 4 MB), from zenodo.org, once",
    )
    if wanted:
        cache = workspace().cache
        found = stoppable("Downloading CollecTRI…", lambda _: collectri(cache))
        network_store().keep(found, NAME)
        st.session_state[added] = NAME
        st.rerun()


def _kept() -> None:
    store = network_store()
    names = store.names()
    if not names:
        return
    st.caption(f"{count(len(names), 'network')} kept")
    for name in names:
        words, bin_ = st.columns([6, 1], vertical_alignment="center")
        words.markdown(plain(name, 60))
        if bin_.button("", key=f"networks/forget/{name}", icon=":material/delete:",
                       type="tertiary", help="Forget this network"):  # fmt: skip
            store.delete(name)
            st.session_state[_DELETED] = name
            st.rerun()


def _deleted() -> None:
    """Offer to bring back the network that was forgotten last."""
    name = st.session_state.get(_DELETED)
    if name is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Forgot {plain(name, 60)}.", width="stretch")
        st.button("Undo", key="networks/restore", icon=":material/undo:", on_click=_restore)


def _restore() -> None:
    name = st.session_state.pop(_DELETED)
    network_store().restore(name)
