"""Latent space, Genes: a panel of genes in groups of cells."""

import numpy as np
import pytest

from scdyn_core.data.cell_sets.cell_set import Combined
from scdyn_core.data.cell_sets.store import CellSetStore
from tests.dashboard.donor_cells import add_donor_cells
from tests.dashboard.opening import open_page, words

PANEL = "latent/genes"


@pytest.fixture(autouse=True)
def record(workspace):
    return add_donor_cells(workspace)


def opened(monkeypatch, workspace, **query):
    page = open_page(monkeypatch, workspace, "latent", show="Genes", **query)
    assert not page.exception
    return page


def figures(page):
    return page.get("plotly_chart")


def test_an_empty_panel_says_how_to_fill_it(monkeypatch, workspace):
    page = opened(monkeypatch, workspace)
    assert "Add genes to the panel" in words(page)
    assert not figures(page)


@pytest.mark.parametrize("figure", ["Violins", "Dots", "Matrix", "Heat map"])
def test_every_figure_shows_the_panel_of_the_address(monkeypatch, workspace, figure):
    page = opened(monkeypatch, workspace, genes="gene2,gene0", figure=figure)
    assert page.multiselect(key=PANEL).value == ["gene2", "gene0"]
    assert len(figures(page)) == 1
    drawn = figures(page)[0].proto.spec
    assert drawn.index("gene2") < drawn.index("gene0")


def test_searched_genes_are_kept_in_the_address(monkeypatch, workspace):
    page = opened(monkeypatch, workspace)
    page.multiselect(key=PANEL).set_value(["gene5", "gene1"]).run()
    assert "".join(page.query_params["genes"]) == "gene5,gene1"
    page.multiselect(key=PANEL).set_value([]).run()
    assert "genes" not in page.query_params


def test_unknown_genes_of_a_link_are_said(monkeypatch, workspace):
    page = opened(monkeypatch, workspace, genes="gene2,**nothing**")
    assert page.multiselect(key=PANEL).value == ["gene2"]
    assert r"Not among the genes of these data: \*\*nothing\*\*" in page.warning[0].value


def test_a_pasted_list_is_added_whatever_its_case(monkeypatch, workspace):
    page = opened(monkeypatch, workspace, genes="gene2")
    page.text_area(key="latent/pasted").set_value("GENE7; gene1\nabsent,gene2")
    page.button(key="latent/paste").click().run()
    assert page.multiselect(key=PANEL).value == ["gene2", "gene7", "gene1"]
    assert "absent" in page.warning[0].value
    page.button(key="latent/clear").click().run()
    assert page.multiselect(key=PANEL).value == []


def test_a_panel_has_an_end_that_is_said(monkeypatch, workspace):
    page = opened(monkeypatch, workspace)
    page.text_area(key="latent/pasted").set_value(" ".join(f"gene{n}" for n in range(30)))
    page.button(key="latent/paste").click().run()
    assert len(page.multiselect(key=PANEL).value) == 24
    assert "6 genes left out" in page.warning[0].value


def test_groups_are_a_column_or_the_saved_sets(monkeypatch, workspace, record):
    CellSetStore(workspace).save(
        record.id, "mine", np.arange(50), Combined(operation="union", sets=("a", "b"))
    )
    page = opened(monkeypatch, workspace, genes="gene2", figure="Dots", groups="donor")
    assert page.selectbox(key="latent/groups").value == "donor"
    assert '"7"' in figures(page)[0].proto.spec
    page = opened(monkeypatch, workspace, genes="gene2", figure="Dots", groups="sets")
    assert "mine" in figures(page)[0].proto.spec


def test_composition_needs_no_genes_and_counts_by_sample(monkeypatch, workspace):
    page = opened(monkeypatch, workspace, figure="Composition", groups="kind")
    assert page.selectbox(key="latent/made_of").value == "donor"
    assert len(figures(page)) == 2
    assert not page.multiselect


def test_z_scores_are_a_choice_of_colours(monkeypatch, workspace):
    page = opened(monkeypatch, workspace, genes="gene2", figure="Dots")
    assert "mean expression" in figures(page)[0].proto.spec
    page.segmented_control(key="latent/amount/mean").set_value("scaled").run()
    assert "z-score over groups" in figures(page)[0].proto.spec
