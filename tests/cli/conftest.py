import pytest

from scdyn_core.methods import registry
from scdyn_core.workspace import Workspace
from tests.runs.line_method import Line, write_cells


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SCDYN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(registry, "METHODS", (*registry.METHODS, Line()))
    # In this process numpy and numba have started their threads already.
    monkeypatch.setattr("scdyn_core.runs.threads.set_threads", lambda wanted: wanted)
    return Workspace.default()


@pytest.fixture
def cells(tmp_path):
    return write_cells(tmp_path / "cells.h5ad")


@pytest.fixture
def scdyn(capsys):
    """Run a command line in this process: exit status, standard output, standard error."""
    from scdyn_core.cli.app import run

    def call(*arguments):
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.fixture
def trained(scdyn, cells, tmp_path):
    """A run folder of the command line."""
    out = tmp_path / "trained"
    status, _, error = scdyn("train", "line", cells, "--recipe", "none", "--out", out)
    assert status == 0, error
    return out
