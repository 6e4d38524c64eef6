"""Downloads of samples, with progress, cancelling and one clear message when offline."""

from __future__ import annotations

import logging
from pathlib import Path

from scdyn_core.data.budget import in_words
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError
from scdyn_core.reporter import Cancelled, Reporter, raise_if_cancelled

_LARGEST = 2_000_000_000
_TIMEOUT_SECONDS = 30
_BLOCK = 1 << 16


class _Progress:
    """The listener pooch wants: it sets ``total`` and calls ``update`` for every block."""

    def __init__(self, title: str, reporter: Reporter) -> None:
        self.total = 0.0
        self._done = 0.0
        self._title = title
        self._reporter = reporter

    def update(self, size: int) -> None:
        raise_if_cancelled(self._reporter)
        self._done = min(self._done + size, self.total) if self.total else self._done + size
        if max(self._done, self.total) > _LARGEST:
            raise OSError(f"more than {in_words(_LARGEST)}")
        what = f"{in_words(self._done)} of {in_words(self.total)}" if self.total else ""
        self._reporter.progress(f"Downloading {self._title}", self._done, self.total or 1.0, what)

    def reset(self) -> None:
        self._done = 0.0

    def close(self) -> None:
        """Nothing is held open."""


def download(key: str, title: str, url: str, folder: Path, reporter: Reporter) -> Path:
    """Return the downloaded file, from ``folder`` when it is there already.

    The publishers give no checksums: what is downloaded is untrusted and goes through the
    same checks as an upload.

    Raises
    ------
    InputError
        When the server cannot be reached or does not give the file.
    """
    import pooch

    name = f"{key}{Path(url).suffix or '.h5ad'}"
    if (folder / name).is_file():
        return folder / name
    # pooch prints the hash of an unknown file for people who write registries.
    pooch.get_logger().setLevel(logging.WARNING)
    try:
        fetched = pooch.retrieve(
            url,
            known_hash=None,
            fname=name,
            path=folder,
            downloader=pooch.HTTPDownloader(
                progressbar=_Progress(title, reporter),
                chunk_size=_BLOCK,
                timeout=_TIMEOUT_SECONDS,
            ),
        )
    except Cancelled:
        raise
    except (OSError, ValueError) as error:
        host = url.split("/")[2]
        raise InputError(
            f"sample {key}",
            found=f"{host} cannot be reached or does not give the file "
            f"({clean_text(type(error).__name__)})",
            needed="a connection to the internet",
            fix=f"Check the network and try again, or download {url} elsewhere and put it into "
            "the inbox. The shipped samples need no network.",
        ) from error
    return Path(fetched)
