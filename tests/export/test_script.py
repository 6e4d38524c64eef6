"""The script of a run repeats it, and no text of the run is ever code."""

import ast
import json
import os
import runpy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.errors import RunError
from scdyn_core.export.script import _literal, export_script, script_text
from scdyn_core.runs.run import Run
from scdyn_core.runs.writer import RunWriter
from tests.plots.synthetic_run import write_run

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_every_value_stands_in_it_as_a_literal(value):
    text = _literal(value)
    assert text.isascii()
    assert ast.literal_eval(text) == json.loads(json.dumps(value))


def repeated(run, tmp_path, capsys, monkeypatch, *arguments):
    # The script settles the threads of its own process; this one has started its own.
    monkeypatch.setattr(os, "environ", dict(os.environ))
    file = export_script(run, tmp_path / "repeat.py")
    capsys.readouterr()
    return runpy.run_path(str(file))["main"](*arguments), capsys.readouterr().out


def test_it_finds_the_same_to_the_last_digit(trained, tmp_path, capsys, monkeypatch):
    run = Run.open(trained)
    again = tmp_path / "again"
    status, said = repeated(
        run, tmp_path, capsys, monkeypatch, str(run.spec.dataset.path), str(again)
    )
    assert status == 0
    assert "All numbers are the same." in said
    found = Run.open(again)
    assert found.scores() == run.scores()
    assert found.spec.recipe == run.spec.recipe
    assert found.spec.options == run.spec.options


def test_a_run_that_finds_something_else_is_told(trained, tmp_path, capsys, monkeypatch):
    run = Run.open(trained)
    RunWriter(run).scores([each.model_copy(update={"value": 1e3}) for each in run.scores()])
    status, said = repeated(run, tmp_path, capsys, monkeypatch)
    assert status == 1
    assert "OTHER" in said


def test_hostile_names_stay_text(tmp_path):
    run = write_run(tmp_path)
    hostile = "'''\"\"\"\nimport os; os.system('x')  # \u202e\\"
    dataset = run.spec.dataset.model_copy(update={"name": hostile, "path": hostile})
    spec = run.spec.model_copy(update={"dataset": dataset, "preset": hostile})
    (run.path / "config.json").write_text(spec.model_dump_json())
    RunWriter(run).json("env.json", {"threads": "1; x", "packages": {hostile: hostile}})
    text = script_text(Run.open(run.path))
    assert text.isascii()
    tree = ast.parse(text)
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported == {"os", "sys", "notebook"}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            ast.literal_eval(node.value)


def test_an_experiment_repeats_its_question(tmp_path):
    run = write_run(tmp_path)
    asked = {"question": "resampling", "arms": ["sketch"], "seeds": 4}
    spec = run.spec.model_copy(update={"kind": "experiment", "experiment": asked})
    (run.path / "config.json").write_text(spec.model_dump_json())
    text = script_text(Run.open(run.path))
    assert "notebook.experiment(\n        data, METHOD, ASKS" in text
    ast.parse(text)


def test_a_closer_look_has_no_script_of_its_own(tmp_path):
    run = write_run(tmp_path)
    spec = run.spec.model_copy(update={"kind": "explain", "explains": run.path})
    (run.path / "config.json").write_text(spec.model_dump_json())
    with pytest.raises(RunError, match="training"):
        script_text(Run.open(run.path))
