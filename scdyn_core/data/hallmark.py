"""The hallmark gene sets of MSigDB, downloaded when asked for (Liberzon et al. 2015)."""

from __future__ import annotations

import logging
from pathlib import Path

from scdyn_core.data.gene_sets import GeneSets, read_gmt_file
from scdyn_core.errors import InputError

NAME = "MSigDB hallmark 7.0 (human symbols)"
URL = "https://data.broadinstitute.org/gsea-msigdb/msigdb/release/7.0/h.all.v7.0.symbols.gmt"
_HASH = "sha256:4803c09aae50bbd96d53fc681bd5545a4c89278993c15145dd7b7c994f893516"
_TIMEOUT_SECONDS = 30


def hallmark_sets(folder: Path) -> GeneSets:
    """Return the hallmark sets, from ``folder`` when they are there already.

    Raises
    ------
    InputError
        When the server cannot be reached or gives another file.
    """
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)
    try:
        path = pooch.retrieve(
            URL,
            known_hash=_HASH,
            fname="hallmark.gmt",
            path=folder,
            downloader=pooch.HTTPDownloader(timeout=_TIMEOUT_SECONDS),
        )
    except (OSError, ValueError) as error:
        raise InputError(
            "hallmark gene sets",
            found=f"{URL.split('/')[2]} cannot be reached or gives another file",
            needed="a connection to the internet",
            fix="Download a .gmt file of gene symbols elsewhere (the hallmark sets are free at "
            "gsea-msigdb.org) and upload it instead.",
        ) from error
    return GeneSets(NAME, read_gmt_file(Path(path)).sets)
