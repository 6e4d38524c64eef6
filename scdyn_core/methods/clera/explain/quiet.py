"""The ``shap`` library without the warnings of its own dependencies."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def quiet_shap() -> Iterator[ModuleType]:
    """Yield ``shap``; its import colours maps in a way that matplotlib no longer likes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The set_(bad|under|over) function")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        import shap

        yield shap
