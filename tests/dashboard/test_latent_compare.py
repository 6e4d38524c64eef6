"""Latent space, Compare sets: two sets of cells, a test, and what it may be used for."""

import time

import anndata
import numpy as np
import pytest

from dashboard._ui.aside_jobs import AsideJobs
from scdyn_core.aside.tasks import compare_cells
from scdyn_core.data.cell_sets.cell_set import Combined
from scdyn_core.data.cell_sets.store import CellSetStore
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import ConfigError
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.atlases import lay_out_dataset
from tests.dashboard.donor_cells import HOSTILE, add_donor_cells
from tests.dashboard.opening import open_page, words

START = "latent/compare/start"


@pytest.fixture
def record(workspace):
    return add_donor_cells(workspace)


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Do the work in this process, at once."""

    def ask(self, job, task, request):
        try:
            job.future.set_result(compare_cells.work(request, job.folder, job.listener))
        except ConfigError as error:
            job.future.set_exception(error)

    monkeypatch.setattr(AsideJobs, "_work", ask)


def compared(monkeypatch, workspace, **query):
    """The page with the comparison that was asked for."""
    page = open_page(monkeypatch, workspace, "latent", show="Compare sets", **query)
    page.button(key=START).click().run()
    deadline = time.monotonic() + 30
    while "genes tested" not in words(page) and not page.error and time.monotonic() < deadline:
        page.run()
    assert not page.exception
    return page


def table(page):
    return page.dataframe[0].value


def test_treated_against_control_by_samples_is_suggested(monkeypatch, workspace, record):
    page = open_page(monkeypatch, workspace, "latent", show="Compare sets")
    assert not page.exception
    chosen = [page.selectbox(key=f"latent/{name}").value for name in ("by", "compare/first")]
    assert chosen == ["treatment", "drug"]
    assert page.selectbox(key="latent/compare/second").value == "none"
    assert page.segmented_control(key="latent/compare/test").value == "pseudobulk"
    assert page.selectbox(key="latent/compare/samples").value == "donor"
    assert "4 samples with at least 10 cells in the first set, 4 in the second" in words(page)


def test_samples_support_a_claim(monkeypatch, workspace, record):
    page = compared(monkeypatch, workspace)
    assert "can support a claim" in page.success[0].value
    assert "4 and 4 pseudobulks by donor" in words(page)
    assert "double dipping" not in words(page)
    assert {"wald", "log2_fold_change_se"} <= set(table(page))
    assert len(table(page)) == 30


def test_a_test_of_cells_is_called_exploratory(monkeypatch, workspace, record):
    page = compared(monkeypatch, workspace, test="wilcoxon")
    assert page.warning[0].value.startswith("Exploratory")
    assert "pseudobulk is recommended" in words(page)
    assert "120 cells" in words(page)
    assert table(page)["gene"][0] in {"gene0", "gene1", "gene2"}


def test_types_found_from_the_genes_are_double_dipping(monkeypatch, workspace, record):
    page = compared(monkeypatch, workspace, by="kind", test="wilcoxon")
    assert "double dipping" in words(page)
    assert page.selectbox(key="latent/compare/second").value == "\x00rest"
    assert r"\*\*T\*\* \<b\>\$x\$\<\/b\>" in words(page)


def test_saved_sets_are_compared_without_the_cells_of_both(monkeypatch, workspace, record):
    how = Combined(operation="union", sets=("a", "b"))
    for name, rows in (("one", np.arange(60)), ("two", np.arange(50, 140))):
        CellSetStore(workspace).save(record.id, name, rows, how)
    page = compared(monkeypatch, workspace, by="sets", first="one", second="two", test="wilcoxon")
    assert "10 cells were in both sets and are left out of both" in words(page)
    assert "double dipping" in words(page)


def test_data_without_counts_say_why_there_is_no_pseudobulk(monkeypatch, workspace):
    add_donor_cells(workspace, counts=False)
    page = compared(monkeypatch, workspace)
    assert "No pseudobulk: the data have no raw counts" in words(page)
    assert page.warning[0].value.startswith("Exploratory")


def test_too_few_samples_are_refused_with_what_to_do(monkeypatch, workspace, record):
    page = compared(monkeypatch, workspace, samples="lane", by="donor", test="pseudobulk")
    assert "at least 2 on each side" in page.error[0].value.replace("\\", "")


def test_top_genes_go_to_the_panel(monkeypatch, workspace, record):
    page = compared(monkeypatch, workspace, test="wilcoxon")
    page.button(key="latent/compare/add").click().run()
    genes = "".join(page.query_params["genes"]).split(",")
    assert genes[0] == table(page)["gene"][0]
    assert 1 <= len(genes) <= 10
    assert page.button(key="latent/compare/add").disabled


def test_a_gene_is_found_and_its_numbers_are_told(monkeypatch, workspace, record):
    page = compared(monkeypatch, workspace, test="wilcoxon")
    page.selectbox(key="latent/compare/found").set_value("gene7").run()
    assert not page.exception
    row = table(page).set_index("gene").loc["gene7"]
    assert f"**{row['z']:.3g}**" in words(page)
    page.button(key="latent/compare/add_one").click().run()
    assert "".join(page.query_params["genes"]) == "gene7"


def test_the_answer_is_there_in_the_next_session(monkeypatch, workspace, record):
    compared(monkeypatch, workspace, test="wilcoxon")
    page = open_page(monkeypatch, workspace, "latent", show="Compare sets", test="wilcoxon")
    assert "30 genes tested" in words(page)
    assert not [button for button in page.button if button.key == START]


def test_a_dataset_without_groups_says_what_to_do(monkeypatch, workspace):
    path = workspace.inbox / "bare.h5ad"
    anndata.AnnData(np.random.default_rng(0).poisson(2.0, (40, 5)).astype("f4")).write_h5ad(path)
    other = DatasetStore(workspace).add(path, "bare")
    lay_out_dataset(workspace, other, SilentReporter())
    page = open_page(monkeypatch, workspace, "latent", show="Compare sets", dataset=other.id)
    assert not page.exception
    assert "no groups of cells here yet" in words(page)


def test_hostile_levels_are_shown_letter_by_letter(monkeypatch, workspace, record):
    page = open_page(monkeypatch, workspace, "latent", show="Compare sets", by="kind")
    assert page.selectbox(key="latent/compare/first").value == HOSTILE
    assert HOSTILE not in words(page)
