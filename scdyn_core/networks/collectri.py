"""CollecTRI, signed edges of human transcription factors, downloaded when asked for."""

from __future__ import annotations

import logging
from pathlib import Path

import pandas as pd

from scdyn_core.errors import InputError
from scdyn_core.networks.reference import read_network

NAME = "CollecTRI (human symbols)"
URL = "https://zenodo.org/records/8192729/files/CollecTRI_regulons.csv"
_HASH = "sha256:4473c9189dd53dacc80297709ad1452dda1086a1cc2185f9a56146c261668701"
_TIMEOUT_SECONDS = 30


def collectri(folder: Path) -> pd.DataFrame:
    """Return the network as ``read_network`` does, from ``folder`` when it is there already.

    Raises
    ------
    InputError
        When the server cannot be reached or gives another file.

    Notes
    -----
    Mueller-Dott et al. 2023, doi:10.1093/nar/gkad841; CC BY 4.0.
    """
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)
    try:
        path = pooch.retrieve(
            URL,
            known_hash=_HASH,
            fname="collectri.csv",
            path=folder,
            downloader=pooch.HTTPDownloader(timeout=_TIMEOUT_SECONDS),
        )
    except (OSError, ValueError) as error:
        raise InputError(
            "CollecTRI",
            found=f"{URL.split('/')[2]} cannot be reached or gives another file",
            needed="a connection to the internet",
            fix="Get a table of transcription factors and targets elsewhere (columns source, "
            "target, sign) and upload it instead.",
        ) from error
    return read_network(Path(path).read_bytes(), "collectri.csv")
