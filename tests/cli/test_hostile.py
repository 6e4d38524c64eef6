"""Files built to harm, on the command line: one clear line each, and nothing left behind."""

import json

import pytest

from tests.data import files


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    return files.refused(tmp_path_factory.mktemp("refused"))


COMMANDS = {
    "inspect": lambda file, out: ("inspect", file),
    "prepare": lambda file, out: ("prepare", file, out, "--recipe", "none"),
    "train": lambda file, out: ("train", "line", file, "--out", out, "--recipe", "none"),
}


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize("name", files.REFUSED)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_bad_file_is_refused_in_one_line(scdyn, refused, tmp_path, command, name, as_json):
    out = tmp_path / "out"
    arguments = COMMANDS[command](refused[name], out)
    status, printed, error = scdyn(*arguments, *(["--json"] if as_json else []))
    assert status == 1
    assert printed == ""
    assert error.count("\n") == 1
    assert files.REFUSED[name][1] in error
    assert name in error
    assert "Traceback" not in error
    if as_json:
        told = json.loads(error)["error"]
        assert told["kind"] == "InputError"
        assert told["fix"]
    assert not out.exists()


def test_a_gene_called_like_an_attack_is_a_gene(scdyn, tmp_path):
    path = files.markup_gene(tmp_path / "markup.h5ad")
    assert scdyn("inspect", path)[0] == 0
    out = tmp_path / "R"
    assert scdyn("train", "line", path, "--out", out, "--recipe", "none")[0] == 0
    report = tmp_path / "report.html"
    assert scdyn("export", out, report, "--what", "report")[0] == 0
    assert files.MARKUP not in report.read_text()
    tables = tmp_path / "tables"
    assert scdyn("export", out, tables, "--what", "tables")[0] == 0
    assert files.MARKUP in (tables / "weights.csv").read_text()
