"""sVAE+ on the command line, on the sample that is shipped: from the file to tables and scores."""

import json
from pathlib import Path

import pytest

from scdyn_core.runs.run import Run

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "screen.h5ad"
SHORT = {
    "latents": 6, "hidden": 32, "warm_up": 6, "epochs": 8, "kl_epochs": 4, "refine": 1,
    "importance_samples": 10, "held_out_share": 0.1,
}  # fmt: skip


@pytest.fixture(autouse=True)
def plain_map(monkeypatch):
    """The map has a test of its own and is slow to start."""
    monkeypatch.setattr(
        "scdyn_core.methods.perturbations.cell_map.latent_map", lambda latent, seed: latent[:, :2]
    )


def test_the_sample_is_trained_on_and_read_out(scdyn, tmp_path):
    out = tmp_path / "R"
    settings = [part for name, value in SHORT.items() for part in ("--set", f"{name}={value}")]
    status, _, error = scdyn(
        "train",
        "svae",
        SAMPLE,
        "--out",
        out,
        "--recipe",
        "none",
        "--replicates",
        "2",
        "--seed",
        "3",
        *settings,
    )
    assert status == 0, error
    run = Run.open(out)
    assert run.state.status == "done"
    truth = run.table("truth").groupby(["model", "quantity"])["value"].mean()
    assert truth["this run"]["R2"] > 0.6
    table = run.table("perturbations").set_index("perturbation")
    assert table["held_out"].sum() == 3
    assert table.loc["control (null)", "kind"] == "null control"
    split = run.table("cells")["part"].value_counts()
    assert set(split.index) == {"train", "validation", "test", "adapt"}
    after = run.table("held_out").pivot(index="perturbation", columns="stage", values="iwelbo")
    assert len(after) == 3
    shown = json.loads(scdyn("show", out, "--json")[1])
    assert any(score["metric"].startswith("evidence") for score in shown["scores"])


def test_a_perturbation_that_is_not_there_is_refused_in_one_line(scdyn, tmp_path):
    status, _, error = scdyn(
        "train",
        "svae",
        SAMPLE,
        "--out",
        tmp_path / "R",
        "--recipe",
        "none",
        "--set",
        'held_out=["<b>nobody</b>"]',
    )
    assert status == 1
    assert error.count("\n") == 1
    assert "nobody" in error
