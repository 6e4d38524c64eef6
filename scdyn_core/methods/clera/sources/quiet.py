"""scVelo and scanpy without what they print and what they use of deprecated calls."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence scVelo, which prints, and its use of what numpy and anndata deprecate."""
    level = logging.getLogger("scvelo").level
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
    logging.getLogger("scvelo").setLevel(level)
