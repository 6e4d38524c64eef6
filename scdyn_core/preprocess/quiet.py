"""scanpy and scVelo without their printed lines and without warnings that we have answered."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def quiet_scanpy() -> Iterator[None]:
    """Silence scanpy's remarks on what the steps record themselves, and on its dependencies."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning)
        warnings.filterwarnings("ignore", message="n_jobs value .* overridden")
        warnings.filterwarnings("ignore", message="Some cells have zero counts")
        warnings.filterwarnings("ignore", message="`n_top_genes` > number of")
        yield


@contextmanager
def quiet_scvelo() -> Iterator[ModuleType]:
    """Yield scVelo with its printing off and its use of deprecated calls silenced.

    scVelo 0.3.4 turns one-element arrays into scalars in its stochastic mode, which numpy
    before 2.4 answers with a ``DeprecationWarning`` and later versions with an error. Some of
    its functions reset the filter of such warnings, so use a block of its own for each of its
    longer computations.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", category=FutureWarning)
        import scvelo

        verbosity = scvelo.settings.verbosity
        scvelo.settings.verbosity = 0
        try:
            yield scvelo
        finally:
            scvelo.settings.verbosity = verbosity
