"""A look at a screen before training: what each perturbation has, shown where the check ran."""

import pandas as pd
import pytest

from dashboard._ui.check_words import SCREEN, SOURCES, check_words
from scdyn_core.data.roles import Roles
from scdyn_core.methods.method import Table
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.state import RunState
from scdyn_core.runs.tables import write_table
from scdyn_core.runs.writer import RunWriter
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, words
from tests.plots.synthetic_screen.tables import screen_tables

ATTACK = "<script>alert(1)</script>![x](http://evil)"
LEARNED = ["held_out", "cells_train", "cells_test", "latents_on", "shift_norm"]


def write_screen_check(workspace: Workspace, frame: pd.DataFrame) -> Run:
    """Write a finished check with the table of perturbations, as known before training."""
    data = DatasetRef(
        path=workspace.home / "absent.h5ad", name="screen", fingerprint="0" * 16, roles=Roles()
    )
    spec = RunSpec(kind="check", dataset=data, recipe=Recipe(name="none"), method="svae")
    run = Run.create(workspace.runs, spec)
    meanings = dict.fromkeys(frame.columns, "made for a test")
    write_table(run.path / "tables" / "perturbations.parquet", Table(frame, meanings))
    created = run.state.created
    state = RunState(status="done", created=created, started=created, ended=created + 60)
    RunWriter(run).set_state(state)
    return run


def test_the_screen_is_shown_with_figure_words_and_table(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_screen_check(workspace, screen_tables()["perturbations"].drop(columns=LEARNED))
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert "18 perturbations in" in words(page)
    assert "have a visible effect" in words(page)
    assert page.get("plotly_chart")
    assert "knock_down" in page.dataframe[-1].value


def test_hostile_targets_are_text(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    frame = screen_tables(prefix=ATTACK)["perturbations"].drop(columns=LEARNED)
    run = write_screen_check(workspace, frame.assign(visible=False, cells=5))
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert "![x]" not in words(page)


def test_what_a_check_is_called_follows_what_it_looks_at() -> None:
    assert check_words("clera") is SOURCES
    assert check_words("svae") is SCREEN
