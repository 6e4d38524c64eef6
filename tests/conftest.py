"""Fixtures that tests of every part share."""

from __future__ import annotations

import os
from pathlib import Path

# Before anything reads them: two processes of tests share two cores, and the networks of tests are
# so small that a second thread only costs.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from scdyn_core.workspace import Workspace

# CI tries the same examples every time: a red build means a change, not a draw. Everybody else
# keeps looking for new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

_SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace of its own for each test."""
    workspace = Workspace(tmp_path / "workspace")
    for folder in (workspace.datasets, workspace.runs, workspace.cache, workspace.inbox):
        folder.mkdir(parents=True)
    return workspace


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository."""
    if not _SHARED_DATA.is_dir():
        pytest.skip("no real data: ../shared/data does not exist beside the repository")
    return _SHARED_DATA
