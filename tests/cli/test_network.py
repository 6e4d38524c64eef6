"""``scdyn network``: keep known networks, and hold a run against them."""

import json

import pytest

from tests.dashboard.network_run import write_network_run

LINES = "\n".join(f"GENE{n},gene{n + 20},{(-1) ** n}" for n in range(10))


@pytest.fixture
def known(tmp_path, monkeypatch):
    monkeypatch.setenv("SCDYN_HOME", str(tmp_path / "home"))
    path = tmp_path / "known.csv"
    path.write_text(f"source,target,sign\n{LINES}\n")
    return path


def test_a_network_is_added_listed_and_forgotten(scdyn, known):
    status, said, _ = scdyn("network", "add", known, "--name", "mine")
    assert status == 0
    assert "kept mine: 10 edges of 10 sources" in said
    status, said, _ = scdyn("network", "list")
    assert "mine" in said
    assert "100%" in said
    _, said, _ = scdyn("network", "list", "--json")
    assert json.loads(said) == [
        {"name": "mine", "edges": 10, "sources": 10, "targets": 10, "with_sign": 1.0}
    ]
    scdyn("network", "delete", "mine")
    _, said, _ = scdyn("network", "list", "--json")
    assert json.loads(said) == []


def test_a_run_is_held_against_a_network_and_the_truth(scdyn, known, tmp_path):
    run = write_network_run(tmp_path)
    scdyn("network", "add", known)
    status, said, _ = scdyn("network", "compare", run.path, "known.csv")
    assert status == 0
    assert "known.csv: 10 edges" in said
    for word in ("AUPRC", "EPR", "signed EPR", "direct effect", "mean shift", "random"):
        assert word in said
    status, said, _ = scdyn("network", "compare", run.path, "truth, direct", "--json")
    told = json.loads(said)
    scores = {row["model"]: row["AUPRC"] for row in told["scores"]}
    assert scores["direct effect"] > 0.8 > scores["random"]


@pytest.mark.parametrize(("reference", "words"), [("nobody", "no network of this name"),
                                                  ("truth, total", "no such truth")])  # fmt: skip
def test_an_unknown_reference_is_named(scdyn, known, tmp_path, reference, words):
    run = write_network_run(tmp_path)
    scdyn("network", "add", known)
    status, _, complaint = scdyn("network", "compare", run.path, reference)
    assert status == 1
    assert words in complaint
    assert "known.csv" in complaint


def test_a_run_without_a_network_says_so(scdyn, known, tmp_path):
    from tests.plots.synthetic_run import write_run

    run = write_run(tmp_path)
    scdyn("network", "add", known)
    status, _, complaint = scdyn("network", "compare", run.path, "known.csv")
    assert status == 1
    assert "no network between genes" in complaint


def test_what_is_no_network_is_refused(scdyn, known):
    known.write_text("gene,score\nA,1\n")
    status, _, complaint = scdyn("network", "add", known)
    assert status == 1
    assert "no column source" in complaint
