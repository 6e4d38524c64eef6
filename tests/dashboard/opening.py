"""The dashboard without a browser, in a workspace of its own, with nothing working on the queue."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard._ui import warm
from dashboard._ui.tour_seen import mark_seen
from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.data.store import DatasetStore
from scdyn_core.runs.supervisor import Supervisor
from scdyn_core.workspace import Workspace

APP = Path(__file__).resolve().parents[2] / "app.py"


def open_page(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, name: str, **query: str
) -> AppTest:
    """Open one page as a new session of somebody who has seen the tour."""
    monkeypatch.setenv("SCDYN_HOME", str(workspace.home))
    monkeypatch.setattr(Supervisor, "start", lambda self: None)
    monkeypatch.setattr(warm, "_LATER", ())
    monkeypatch.setattr(warm, "_COMPILED", ())
    mark_seen(workspace)
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.run()
    app.switch_page(f"dashboard/{name}.py")
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def unfold(page: AppTest, key: str) -> AppTest:
    """Open what is folded away under a widget key."""
    page.session_state[key] = True
    return page.run()


def add_hopf(workspace: Workspace) -> DatasetRecord:
    """Add a small generated sample."""
    path = workspace.inbox / "hopf.h5ad"
    Hopf(n_cells=80, n_genes=12).sample(seed=0).write_h5ad(path)
    return DatasetStore(workspace).add(path, "hopf")


def words(app: AppTest) -> str:
    """Everything written on the page."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning)
    return "\n".join(
        str(element.value) for kind in (*kinds, app.error, app.success) for element in kind
    )
