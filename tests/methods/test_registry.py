"""The list of methods: what forms and the command line need of it is there at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scdyn_core.methods.registry import METHODS


@pytest.mark.parametrize("library", ["torch", "scanpy", "sklearn"])
def test_the_list_of_methods_is_there_without_heavy_libraries(library: str) -> None:
    code = f"import sys, scdyn_core.methods.registry; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_method_has_a_key_of_its_own() -> None:
    assert len({method.key for method in METHODS}) == len(METHODS)
