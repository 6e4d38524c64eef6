"""Gene programs on the Dynamics page: before, while and after attributions are computed."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data import hallmark
from scdyn_core.data.gene_sets import read_gmt
from scdyn_core.errors import InputError
from scdyn_core.methods.method import Tensors
from scdyn_core.runs.model import write_model
from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore
from scdyn_core.runs.writer import RunWriter
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, words
from tests.plots.program_tables import program_tables
from tests.plots.synthetic_run import tables, write_run

VIEWS = ["Genes", "Activity", "Attributions", "One gene", "Gene sets"]
ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)"


def look(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run, view: str) -> AppTest:
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id, show="Gene programs")
    page.button_group(key="programs/view").set_value(view).run()
    assert not page.exception, view
    return page


def test_every_view_opens_before_and_after_attributions(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    plain = write_run(workspace.runs)
    explained = write_run(workspace.runs, frames=tables() | program_tables())
    for run in (plain, explained):
        page = open_page(monkeypatch, workspace, "dynamics", run=run.id, show="Gene programs")
        for view in VIEWS:
            page.button_group(key="programs/view").set_value(view).run()
            assert not page.exception, view
            assert not page.error, view
    page.button_group(key="programs/view").set_value("Attributions").run()
    for name in ("shap_decoder", "shap_classifier", "shap_encoder", "shap_gene_type"):
        page.button_group(key="programs/attribution").set_value(name).run()
        assert not page.exception, name
        assert page.get("plotly_chart"), name
    assert "do not add up well" in words(page)


def test_a_click_queues_the_attributions_of_the_chosen_replicate(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = with_model(write_run(workspace.runs))
    page = look(monkeypatch, workspace, run, "Attributions")
    page.number_input(key=f"explain/{run.id}/0/cells").set_value(50).run()
    page.button(key="programs/compute").click().run()
    job = next(r for r in RunStore(workspace).runs() if r.spec.kind == "explain")
    assert job.state.status == "queued"
    assert job.spec.explains == run.path
    assert job.spec.explanation["cells"] == 50
    assert job.spec.explanation["replicates"] == [1]
    assert "Waits for a free slot" in words(page)
    page.button(key="programs/cancel").click().run()
    assert job.state.status == "cancelled"
    page.run()
    assert "was cancelled" in words(page)


def test_a_failed_computation_says_why_and_can_be_started_again(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = with_model(write_run(workspace.runs))
    spec = run.spec.model_copy(update={"kind": "explain", "explains": run.path})
    job = RunStore(workspace).submit(spec)
    error = {"kind": "RunError", "place": "model", "found": "weights that are gone",
             "needed": "them", "fix": "Train again."}  # fmt: skip
    RunWriter(job).end("failed", error)
    page = look(monkeypatch, workspace, run, "Attributions")
    assert "weights that are gone" in page.error[0].value
    assert not page.button(key="programs/compute").disabled


def test_one_gene_is_found_with_its_place_in_every_program(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = tables() | program_tables()
    decoder = frames["shap_decoder"]
    decoder.loc[(decoder["gene"] == "Gene7") & (decoder["latent"] == 2), "slope"] = -1e3
    page = look(monkeypatch, workspace, write_run(workspace.runs, frames=frames), "One gene")
    assert page.selectbox(key="programs/gene").value == "Gene7"
    assert "falls most along **z₂**, where it is number 1 of 40 genes" in words(page)


def test_hostile_names_are_text(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    frames = tables(gene=ATTACK, cell_type=ATTACK)
    frames |= program_tables(gene=ATTACK, cell_type=ATTACK, gene_set=ATTACK)
    run = write_run(workspace.runs, frames=frames)
    for view in VIEWS:
        assert "![x]" not in words(look(monkeypatch, workspace, run, view)), view


def with_model(run: Run) -> Run:
    """Store what enrichment reads of a model: components and training cells."""
    rng = np.random.default_rng(0)
    parts = {
        part: {"x": rng.normal(size=(20, 4)).astype(np.float32)}
        for part in ("train", "validation", "test")
    }
    tensors = Tensors(
        parts=parts,  # type: ignore[arg-type]
        samples={part: np.arange(20) for part in parts},  # type: ignore[misc]
        constants={"components": rng.normal(size=(4, 40)), "centre": np.zeros(40)},
        info={},
    )
    write_model(run.path, [], tensors)
    return run


def test_hallmark_sets_are_scored_on_request_and_kept_with_the_run(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = with_model(write_run(workspace.runs))
    genes = "\t".join(f"GENE{i}" for i in range(12))
    sets = read_gmt(f"PLANTED\td\t{genes}\nABSENT\td\tX\tY\n".encode(), "mine")
    monkeypatch.setattr(hallmark, "hallmark_sets", lambda folder: sets)
    page = look(monkeypatch, workspace, run, "Gene sets")
    page.button(key="programs/hallmark").click().run()
    assert not page.exception
    assert not page.error
    assert "12 of the 40 genes of this model are in any set; 1 of 2 sets" in words(page)
    assert "Few genes match" in words(page)
    stored = run.table("enrichment")
    assert set(stored["gene_set"]) == {"PLANTED"}
    assert set(stored["scores"]) == {"programs"}
    page.run()
    assert page.get("plotly_chart")


def test_without_a_network_the_upload_is_named(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    def offline(folder: object) -> None:
        raise InputError("hallmark", found="no way", needed="a network", fix="Upload it instead.")

    monkeypatch.setattr(hallmark, "hallmark_sets", offline)
    page = look(monkeypatch, workspace, write_run(workspace.runs), "Gene sets")
    page.button(key="programs/hallmark").click().run()
    assert not page.exception
    assert "Upload it instead" in page.error[0].value


def test_a_run_without_its_model_offers_no_attributions(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id, show="Gene programs")
    page.button_group(key="programs/view").set_value("Attributions").run()
    assert "keeps no trained model" in words(page)
    assert "programs/compute" not in [button.key for button in page.button]
