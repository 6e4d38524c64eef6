"""``scdyn check``: the sources of the derivative from the shell."""

import json
from pathlib import Path

import pytest

from scdyn_core.data.simulators.hopf import Hopf
from tests.dashboard.checked_run import WARNING, write_check
from tests.dashboard.opening import add_hopf


@pytest.fixture(scope="module")
def cycle(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "hopf.h5ad"
    Hopf(n_cells=240, n_genes=30).sample(seed=0).write_h5ad(path)
    return path


ASKED = ("--set", "neighbours=12", "--set", "min_shared_counts=2")


def test_sources_and_warnings_are_printed(scdyn, cycle):
    status, out, error = scdyn("check", "clera", cycle, *ASKED)
    assert status == 0, error
    assert "velocity graph (derivative=graph)" in out
    assert "PCA-10 + STLSQ" in out
    assert "validation samples" in out
    assert "velocity layer: caution: The velocity layer was estimated before the split" in out


def test_json_holds_both_tables(scdyn, cycle):
    status, out, error = scdyn(
        "check", "clera", cycle, *ASKED, "--set", "derivative=graph", "--json"
    )
    assert status == 0, error
    content = json.loads(out)
    assert set(content) == {"derivative_sources", "warnings"}
    assert {row["derivative"] for row in content["derivative_sources"]} == {"graph"}
    assert {row["part"] for row in content["derivative_sources"]} == {"validation"}


def test_a_check_from_the_dashboard_is_shown(scdyn, home):
    run = write_check(home, add_hopf(home))
    status, out, _ = scdyn("show", run.path)
    assert status == 0
    assert "clera (check)" in out
    assert "graph (derivative=graph): 100 validation samples" in out
    assert f"layer: warning: {WARNING}" in out
    # A source without a null has no shares of one.
    assert any(line.split()[-1] == "-" for line in out.splitlines() if line.startswith("kNN"))


def test_another_seed_is_another_split(scdyn, cycle):
    asked = ("check", "clera", cycle, *ASKED, "--set", "derivative=graph", "--json")
    assert scdyn(*asked)[1] == scdyn(*asked)[1]
    assert scdyn(*asked)[1] != scdyn(*asked, "--seed", "1")[1]


def test_a_screen_is_told_perturbation_by_perturbation(scdyn):
    sample = Path(__file__).resolve().parents[2] / "sample_data" / "screen.h5ad"
    status, out, error = scdyn("check", "svae", sample, "--recipe", "none")
    assert status == 0, error
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line[:1] == "P"}
    assert len(rows) > 20
    assert {row[4] for row in rows.values() if len(row) == 6} == {"yes", "no"}
    shown = [float(row[3]) for row in rows.values() if len(row) == 6]
    assert shown == sorted(shown, reverse=True)


def test_a_method_without_a_check_says_so(scdyn, cycle):
    status, _, error = scdyn("check", "line", cycle)
    assert status == 1
    assert "without a check" in error


def test_an_unknown_cell_type_is_named(scdyn, cycle):
    status, _, error = scdyn(
        "check", "clera", cycle, *ASKED, "--set", 'lineage=["phase 1>phase 9"]'
    )
    assert status == 1
    assert "phase 9" in error
    assert "phase 2" in error
