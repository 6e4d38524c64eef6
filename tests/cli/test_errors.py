"""Every error is one line on standard error and a status that is not zero."""

import json

import pytest

from scdyn_core.cli import main

CASES = {
    "no such file": (["inspect", "nowhere.h5ad"], 1, "nowhere"),
    "not data": (["inspect", "{png}"], 1, "picture.h5ad"),
    "unknown simulator": (["simulate", "chaos", "{out}"], 1, "hopf"),
    "parameter of a sample out of bounds": (
        ["simulate", "levels", "{out}", "--set", "n_cells=3"], 1, "n_cells",
    ),
    "unknown role": (["inspect", "{cells}", "--role", "colour=x"], 1, "colour"),
    "role without column": (["inspect", "{cells}", "--role", "batch"], 1, "ROLE=COLUMN"),
    "role of a missing column": (["inspect", "{cells}", "--role", "batch=nope"], 1, "nope"),
    "unknown recipe": (["prepare", "{cells}", "{out}", "--recipe", "soup"], 1, "velocity"),
    "missing recipe file": (["prepare", "{cells}", "{out}", "--recipe", "no.yaml"], 1, "no.yaml"),
    "unknown method": (["train", "magic", "{cells}", "--out", "{out}"], 1, "clera"),
    "unknown preset": (
        ["train", "line", "{cells}", "--out", "{out}", "--preset", "x"], 1, "published",
    ),
    "misspelt field": (
        ["train", "line", "{cells}", "--out", "{out}", "--set", "epoch=3"], 1, "epochs?",
    ),
    "value of another type": (
        ["train", "line", "{cells}", "--out", "{out}", "--set", "epochs=many"], 1, "integer",
    ),
    "value out of bounds": (
        ["train", "line", "{cells}", "--out", "{out}", "--set", "epochs=0"], 1, "greater than",
    ),
    "setting without value": (
        ["train", "line", "{cells}", "--out", "{out}", "--set", "epochs"], 1, "FIELD=VALUE",
    ),
    "missing role": (["train", "clera", "{cells}", "--out", "{out}"], 1, "velocity"),
    "no run": (["show", "{out}"], 1, "config.json"),
    "resume of no run": (["resume", "{out}"], 1, "config.json"),
    "unknown command": (["dance"], 2, "dance"),
    "missing argument": (["train", "line"], 2, "file"),
    "unknown option": (["samples", "--colour"], 2, "--colour"),
    "replicates out of bounds": (
        ["train", "line", "{cells}", "--out", "{out}", "--replicates", "0"], 2, "--replicates",
    ),
}  # fmt: skip


@pytest.fixture
def places(cells, tmp_path):
    png = tmp_path / "picture.h5ad"
    png.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return {"cells": cells, "out": tmp_path / "out", "png": png}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("as_json", [False, True])
def test_an_error_is_one_clear_line(scdyn, places, case, as_json):
    arguments, expected, word = CASES[case]
    line = [argument.format(**places) for argument in arguments]
    status, out, error = scdyn(*line, *(["--json"] if as_json else []))
    assert status == expected
    assert out == ""
    assert error.count("\n") == 1
    assert word in error
    assert "Traceback" not in error
    if as_json:
        assert json.loads(error)["error"]["kind"].endswith("Error")


def test_nothing_is_left_behind_by_a_refused_run(scdyn, places):
    scdyn("train", "line", places["cells"], "--out", places["out"], "--set", "epochs=0")
    assert not places["out"].exists()


def test_the_installed_command_leaves_with_the_status(capsys):
    with pytest.raises(SystemExit) as left:
        main(["show", "nowhere"])
    assert left.value.code == 1
    assert "nowhere" in capsys.readouterr().err
