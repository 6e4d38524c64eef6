"""``scdyn experiment``: many trainings, one answer."""

import json

import anndata
import numpy as np
import pandas as pd
import pytest
from markupsafe import escape

from scdyn_core.experiments.config import ResamplingExperiment, UnseenExperiment
from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore

SMALL = ("epochs=2", "hidden=8", "latents=2", "layers=1", "batch_size=64")


@pytest.fixture
def treated(tmp_path):
    """A file with three types of cells, each with and without treatment."""
    rng = np.random.default_rng(0)
    types = np.repeat(["alpha", "beta", "rare"], [120, 120, 60])
    condition = np.tile(["ctrl", "stim"], 150)
    level = 1 + 4 * (np.arange(24) % 3 == np.unique(types, return_inverse=True)[1][:, None])
    level = level + 3.0 * np.outer(condition == "stim", np.arange(24) < 8)
    obs = pd.DataFrame(
        {"cell_type": pd.Categorical(types), "condition": pd.Categorical(condition)},
        index=[f"cell{i}" for i in range(300)],
    )
    var = pd.DataFrame(index=[f"gene{i}" for i in range(24)])
    path = tmp_path / "treated.h5ad"
    anndata.AnnData(rng.poisson(level).astype(np.float32), obs=obs, var=var).write_h5ad(path)
    return path


def asked(scdyn, question, file, out, *more):
    settings = [part for setting in SMALL for part in ("--set", setting)]
    return scdyn(
        "experiment",
        question,
        file,
        "--method",
        "scgen",
        "--out",
        out,
        "--recipe",
        "none",
        *settings,
        *more,
    )


def test_whether_resampling_helps_is_answered_in_words_and_numbers(scdyn, treated, tmp_path, home):
    out = tmp_path / "E"
    status, text, error = asked(
        scdyn, "resampling", treated, out, "--arms", "balanced,clusters", "--seeds", "2"
    )
    assert status == 0, error
    run = Run.open(out)
    assert run.spec.kind == "experiment"
    assert ResamplingExperiment.model_validate(run.spec.experiment).arms == ("balanced", "clusters")
    assert run.spec.options.replicates == 1
    sentence = run.table("answer")["sentence"].iloc[0]
    assert sentence.split()[0] in text
    assert "verdict" in text
    assert {"balanced", "clusters"} <= set(text.split())
    assert [listed.path for listed in RunStore(home).runs()] == [out]
    shown = json.loads(scdyn("show", out, "--json")[1])
    assert shown["answer"]["sentence"] == sentence
    page = tmp_path / "report.html"
    assert scdyn("export", out, page, "--what", "report")[0] == 0
    text = page.read_text()
    assert str(escape(sentence)) in text
    assert ">Arms</h3>" in text
    assert len(shown["arm_comparison"]) == len(run.table("arm_comparison"))


def test_unseen_responses_are_compared_with_their_baselines(scdyn, treated, tmp_path):
    out = tmp_path / "E"
    status, text, error = asked(
        scdyn, "unseen-response", treated, out, "--type", "rare", "--seeds", "1", "--seed", "4"
    )
    assert status == 0, error
    run = Run.open(out)
    assert UnseenExperiment.model_validate(run.spec.experiment).types == ("rare",)
    assert run.spec.options.seed == 4
    assert set(run.table("unseen_scores")["held_out"]) == {"rare"}
    assert "baseline" in text
    assert run.table("answer")["sentence"].iloc[0].split()[0] in text


@pytest.mark.parametrize(
    ("arguments", "place", "needed"),
    [
        (("resampling", "--arms", "cluster"), "--arms", "clusters"),
        (("resampling", "--seeds", "1"), "--seeds", "greater than or equal to 2"),
        (("resampling", "--seeds", "0"), "--seeds", "greater than or equal to 2"),
        (("resampling", "--method", "association"), "sampling", "trained in steps"),
        (("resampling", "--set", "epohcs=2"), "--set epohcs", "epochs"),
        (("resampling", "--role", "cell_type="), "sampling", "cell_type"),
    ],
)
def test_what_does_not_fit_is_said_before_a_folder_is_made(
    scdyn, cells, tmp_path, arguments, place, needed
):
    out = tmp_path / "E"
    question, *rest = arguments
    base = () if "--method" in rest else ("--method", "line")
    status, _, error = scdyn(
        "experiment", question, cells, "--recipe", "none", "--out", out, *base, *rest, "--json"
    )
    told = json.loads(error)["error"]
    assert status == 1
    assert told["place"].startswith(place)
    assert needed in told["needed"]
    assert not out.exists()
