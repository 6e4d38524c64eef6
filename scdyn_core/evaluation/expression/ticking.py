"""Progress of work over genes, told a few times a second."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from scdyn_core.reporter import Reporter, raise_if_cancelled

SECONDS = 0.2


def ticking(genes: Sequence[str], stage: str, reporter: Reporter) -> Iterator[tuple[int, str]]:
    """Yield genes with their positions.

    Raises
    ------
    Cancelled
        Between two genes, when the reporter says so.
    """
    told = 0.0
    for done, gene in enumerate(genes):
        if time.monotonic() - told > SECONDS:
            raise_if_cancelled(reporter)
            reporter.progress(stage, done, len(genes))
            told = time.monotonic()
        yield done, gene
    reporter.progress(stage, len(genes), len(genes))
