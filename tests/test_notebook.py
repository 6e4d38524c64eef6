"""The library from a notebook: as the documentation has it, and what it refuses."""

import re
from pathlib import Path

import anndata
import numpy as np
import pytest

from scdyn_core import notebook
from scdyn_core.errors import ConfigError, InputError, RunError
from scdyn_core.methods import registry
from scdyn_core.preprocess.recipe import RECIPES
from scdyn_core.workspace import Workspace
from tests.runs.line_method import Line, write_cells

DOCUMENT = Path(__file__).parents[1] / "docs" / "notebook.md"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SCDYN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(registry, "METHODS", (*registry.METHODS, Line()))
    return Workspace.default()


@pytest.fixture
def data(tmp_path):
    return notebook.open_data(write_cells(tmp_path / "cells.h5ad"))


def test_the_documentation_does_what_it_says(tmp_path, monkeypatch, home):
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)[1]
    assert len([line for line in code.splitlines() if line]) <= 10
    names = {}
    exec(code, names)
    run = names["run"]
    assert run.path.parent == home.runs
    assert run.state.status == "done"
    written = anndata.read_h5ad("results.h5ad")
    assert np.isfinite(written.obsm["X_scvi"]).all()
    assert len(written) == len(names["latent"])


def test_only_what_differs_is_said(data, tmp_path):
    run = notebook.train(
        data, "line", preset="published", config={"pause": 0.001}, recipe="none",
        out=tmp_path / "R", seed=3, replicates=2,
    )  # fmt: skip
    assert run.path == tmp_path / "R"
    assert run.spec.config["epochs"] == 20
    assert run.spec.config["pause"] == 0.001
    assert (run.spec.options.seed, run.spec.options.replicates) == (3, 2)
    assert notebook.open_run(run.path).scores() == run.scores()
    assert "scores" in notebook.figures(run)


def test_a_recipe_is_a_name_or_an_object(data):
    by_name = notebook.prepare(data, "none")
    assert by_name.shape == notebook.prepare(data, RECIPES["none"]).shape
    run = notebook.prepared_run(data, recipe="none")
    assert run.spec.kind == "prepare"
    assert run.state.status == "done"


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"config": {"epoch": 3}}, "epoch"),
        ({"config": {"epochs": 0}}, "epochs"),
        ({"replicate": 3}, "replicate"),
        ({"preset": "x"}, "preset x"),
        ({"recipe": "soup"}, "recipe soup"),
    ],
)
def test_what_does_not_fit_is_named_before_any_work(data, wrong, place, home):
    with pytest.raises(ConfigError) as caught:
        notebook.train(data, "line", **{"recipe": "none", **wrong})
    assert place in caught.value.place
    assert not any(home.runs.iterdir())


def test_other_data_are_refused(tmp_path, data):
    with pytest.raises(InputError, match="fingerprint"):
        notebook.open_data(data.path, fingerprint="0" * 64)
    again = notebook.open_data(data.path, fingerprint=data.dataset.fingerprint)
    assert "60 cells" in repr(again)


def test_a_run_that_fails_says_why(data):
    with pytest.raises(RunError):
        notebook.train(data, "line", config={"broken": True}, recipe="none")


def test_numbers_are_compared_one_by_one(data, capsys):
    from scdyn_core.runs.numbers import numbers_of

    run = notebook.train(data, "line", recipe="none")
    found = numbers_of(run)
    assert notebook.compare(run, found, {}) == 0
    assert "All numbers are the same" in capsys.readouterr().out
    name = next(iter(found))
    assert notebook.compare(run, {**found, name: found[name] * 1.01}, {"torch": "0.1"}) == 1
    said = capsys.readouterr().out
    assert f"OTHER  {name}" in said
    assert "torch: then 0.1" in said
    assert notebook.compare(run, {**found, "another": 1.0}, {}) == 1
