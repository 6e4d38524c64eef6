import json
import time

import pytest

from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.execute import execute
from scdyn_core.runs.owner import running_here
from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore
from tests.runs.clera_spec import clera_spec


@pytest.fixture(scope="module")
def clera_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clera")
    run = Run.create(folder, clera_spec(folder, fit_epochs=4), state=running_here(time.time()))
    assert execute(run, SilentReporter()).status == "done", run.log()
    return run


def test_explain_leaves_its_tables_with_the_run_and_a_job_in_the_list(scdyn, clera_run, home):
    status, _, error = scdyn(
        "explain", clera_run.path, "--set", "cells=12", "--set", "background=10",
        "--set", 'attributions=["decoder"]',
    )  # fmt: skip
    assert status == 0, error
    assert "shap_decoder" in clera_run.tables
    job = RunStore(home).runs()[0]
    assert (job.spec.kind, job.state.status) == ("explain", "done")


def test_enrich_prints_scores_beside_their_nulls(scdyn, clera_run, tmp_path):
    genes = clera_run.table("genes")["gene"]
    path = tmp_path / "sets.gmt"
    path.write_text("FIRST\td\t" + "\t".join(genes.str.upper()[:10]) + "\n")
    status, out, error = scdyn("enrich", clera_run.path, path, "--json")
    assert status == 0, error
    row = json.loads(out)[0]
    assert row["gene_set"] == "FIRST"
    assert {"p_adjusted", "random_sets", "random_axes"} <= row.keys()
    assert scdyn("enrich", clera_run.path, path)[1].count("FIRST") == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--set", "cells=1"), "greater than or equal to 10"),
        (("--set", "cell=50"), "Did you mean cells"),
        (("--set", "replicates=[7]"), "replicate 7"),
    ],
)
def test_a_request_that_does_not_fit_is_refused_in_words(scdyn, clera_run, arguments, words):
    status, _, error = scdyn("explain", clera_run.path, *arguments)
    assert status == 1
    assert words in error


def test_a_method_without_explanations_says_so(scdyn, trained):
    status, _, error = scdyn("explain", trained)
    assert status == 1
    assert "can be explained" in error


def test_a_file_that_is_no_gmt_file_is_refused(scdyn, clera_run, tmp_path):
    path = tmp_path / "sets.gmt"
    path.write_text("only,commas\n")
    status, _, error = scdyn("enrich", clera_run.path, path)
    assert status == 1
    assert "tab-separated" in error
