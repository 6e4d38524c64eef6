"""From a trained run to attributions and enrichment, through the worker's own door."""

import time

import numpy as np
import pytest

from scdyn_core.data.gene_sets import read_gmt
from scdyn_core.errors import RunError
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.enrichment import enrich_run, program_scores
from scdyn_core.runs.execute import execute
from scdyn_core.runs.owner import running_here
from scdyn_core.runs.run import Run
from tests.runs.clera_spec import clera_spec

REQUEST = {"cells": 12, "background": 10, "gene_samples": 20}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain")
    run = Run.create(folder, clera_spec(folder, fit_epochs=4), state=running_here(time.time()))
    assert execute(run, SilentReporter()).status == "done", run.log()
    return run


@pytest.fixture(scope="module")
def explained(trained):
    before = {name: trained.table(name) for name in trained.tables}
    spec = trained.spec.model_copy(
        update={"kind": "explain", "explains": trained.path, "explanation": REQUEST}
    )
    job = Run.create(trained.path.parent, spec, state=running_here(time.time()))
    assert execute(job, SilentReporter()).status == "done", job.state.error
    return trained, before


def test_attributions_lie_with_the_trained_run_and_change_nothing_else(explained):
    run, before = explained
    assert {"shap_decoder", "shap_encoder", "shap_classifier", "shap_checks"} <= set(run.tables)
    for name, frame in before.items():
        assert run.table(name).equals(frame), name


def test_attributions_say_what_their_columns_mean(explained):
    run, _ = explained
    for name in (name for name in run.tables if name.startswith("shap")):
        frame = run.table(name)
        assert set(frame.attrs["columns"]) == set(frame.columns), name


def test_attributions_and_slopes_of_the_decoder_tell_the_same_story(explained):
    run, _ = explained
    ends = ["replicate", "latent", "gene"]
    both = run.table("shap_decoder").merge(run.table("programs"), on=ends)
    assert np.corrcoef(both["slope"], both["effect"])[0, 1] > 0.8


def test_enrichment_takes_the_attributions_once_there_are_some(explained):
    run, _ = explained
    scores, table = program_scores(run, 0)
    assert table == "shap_decoder"
    top = scores.loc["z1"].nlargest(8).index
    line = "TOP\td\t" + "\t".join(gene.lower() for gene in top) + "\n"
    found = enrich_run(run, 0, read_gmt(line.encode(), "planted"))
    row = found.set_index("program").loc["z1"]
    assert row["matched"] == 8
    assert row["p_adjusted"] < 0.01
    assert row["random_sets"] < 0.01
    assert run.table("enrichment").equals(found)


def test_a_replicate_without_programs_is_refused(explained):
    with pytest.raises(RunError, match="replicate 5"):
        program_scores(explained[0], 4)
