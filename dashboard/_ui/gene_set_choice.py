"""Where gene sets come from: an uploaded GMT file, or the hallmark sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.services import workspace
from dashboard._ui.stoppable import stoppable

if TYPE_CHECKING:
    from scdyn_core.data.gene_sets import GeneSets


def choose_gene_sets(key: str) -> GeneSets | None:
    """Draw the upload and the download; return sets that were just given.

    Raises
    ------
    InputError
        When the file is no GMT file, or the sets cannot be downloaded.
    """
    from scdyn_core.data.gene_sets import LARGEST_FILE, read_gmt
    from scdyn_core.errors import InputError

    left, right = st.columns([3, 2], vertical_alignment="bottom")
    round_ = st.session_state.setdefault(f"{key}/gmt_round", 0)
    file = left.file_uploader(
        "Gene sets (.gmt, gene symbols)",
        key=f"{key}/gmt/{round_}",
        help="One line a set: name, description and genes, separated by tabs. The file is checked "
        "and stays on this computer.",
    )
    hallmark = right.button(
        "MSigDB hallmark",
        key=f"{key}/hallmark",
        icon=":material/cloud_download:",
        help="Downloads the 50 hallmark sets (human symbols, CC BY 4.0) from "
        "data.broadinstitute.org, once",
    )
    if hallmark:
        from scdyn_core.data.hallmark import hallmark_sets

        cache = workspace().cache
        return stoppable("Downloading the hallmark sets…", lambda _: hallmark_sets(cache))
    if file is None:
        return None
    # A new key forgets the upload, so that it is not scored again at every click.
    st.session_state[f"{key}/gmt_round"] = round_ + 1
    if file.size > LARGEST_FILE:
        raise InputError(
            f"gene sets {file.name[:60]!r}",
            found=f"{file.size / 1e6:.0f} MB",
            needed=f"at most {LARGEST_FILE / 1e6:.0f} MB",
            fix="Upload a smaller collection of gene sets.",
        )
    return read_gmt(file.getvalue(), file.name)
