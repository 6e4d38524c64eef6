"""The association network on the command line, on the sample that is shipped."""

from __future__ import annotations

from pathlib import Path

from scdyn_core.methods.registry import method_by_key
from scdyn_core.runs.run import Run

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "screen.h5ad"


def test_every_estimator_gives_the_run_a_network(scdyn, tmp_path):
    out = tmp_path / "R"
    settings = ("genes=40", "trees=5", "tree_cells=100", "edges=200")
    status, _, error = scdyn(
        "train", "association", SAMPLE, "--out", out, "--recipe", "none", "--replicates", "2",
        *[part for setting in settings for part in ("--set", setting)],
    )  # fmt: skip
    assert status == 0, error
    run = Run.open(out)
    assert run.state.status == "done"
    network = run.table("network")
    assert (network.groupby("evidence").size() == 200).all()
    assert network["evidence"].nunique() == 4
    scores = run.table("network_scores").set_index(["model", "metric"])["value"]
    assert (
        scores["mean shift", "mean Wasserstein, top 100"]
        > scores["random", "mean Wasserstein, top 100"]
    )
    edges = method_by_key("association").edges(run.table, 1)
    assert edges["stability"].isin([0.5, 1.0]).all()


def test_a_list_of_estimators_is_written_with_commas(scdyn, tmp_path):
    out = tmp_path / "R"
    status, _, error = scdyn(
        "train", "association", SAMPLE, "--out", out, "--recipe", "none", "--replicates", "1",
        "--set", "genes=40", "--set", "estimators=correlation,partial correlation",
    )  # fmt: skip
    assert status == 0, error
    found = Run.open(out).table("network")["evidence"].unique()
    assert list(found) == ["correlation", "partial correlation"]
