"""Latent space, Map: which cells on which map, coloured by what, and what stands out."""

from __future__ import annotations

import anndata
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data.cell_sets.cell_set import Listed
from scdyn_core.data.cell_sets.store import CellSetStore
from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.store import DatasetStore
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.atlases import lay_out_dataset
from scdyn_core.workspace import Workspace
from tests.dashboard.latent_cells import select_cells
from tests.dashboard.opening import open_page, words

MARKUP = "<img src=x onerror=alert(1)>"


def add(workspace: Workspace, name: str, *, seed: int = 0, maps: bool = True) -> DatasetRecord:
    """Add 60 cells with all that a map can be coloured by, and names of every kind."""
    random = np.random.default_rng(seed)
    genes = [MARKUP, "$x^2$", "a,b", "back\\slash", *(f"{name}{number}" for number in range(8))]
    obs = pd.DataFrame({
        "cell_type": pd.Categorical(np.where(np.arange(60) % 3, "T", "B")),
        "treatment": pd.Categorical(np.where(np.arange(60) % 2, "drug", "none")),
        MARKUP: pd.Categorical([f"clone {number}" for number in range(60)]),
        "age": np.where(np.arange(60) < 20, np.nan, np.arange(60.0)),
    }, index=[f"c{number}" for number in range(60)])  # fmt: skip
    counts = random.poisson(2.0, (60, len(genes))).astype("f4")
    data = anndata.AnnData(counts, obs=obs, var=pd.DataFrame(index=genes))
    if maps:
        data.obsm["X_umap"] = random.normal(size=(60, 2)).astype("f4")
        data.obsm["X_pca"] = random.normal(size=(60, 4)).astype("f4")
    workspace.inbox.mkdir(parents=True, exist_ok=True)
    path = workspace.inbox / f"{name}.h5ad"
    data.write_h5ad(path)
    record = DatasetStore(workspace).add(path, name)
    lay_out_dataset(workspace, record, SilentReporter())
    return record


@pytest.fixture
def record(workspace: Workspace) -> DatasetRecord:
    return add(workspace, "cells")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, workspace: Workspace):
    """Open the page."""

    def open_at(**query: str) -> AppTest:
        page = open_page(monkeypatch, workspace, "latent", **query)
        assert not page.exception
        return page

    return open_at


def asked(page: AppTest, name: str) -> str:
    """What the URL says."""
    return "".join(page.query_params.get(name, ""))


def figures(page: AppTest) -> list[str]:
    return [element.proto.spec for element in page.get("plotly_chart")]


def test_without_data_the_page_leads_to_them(monkeypatch, workspace) -> None:
    page = open_page(monkeypatch, workspace, "latent")
    assert not page.exception
    assert "No data yet" in words(page)


def test_cells_are_coloured_by_their_type_on_the_umap_at_first(opened, record) -> None:
    page = opened()
    assert page.selectbox(key="latent/map").value == "data/X_umap"
    assert page.selectbox(key="latent/colour/Annotation").value == "obs/cell_type"
    assert (asked(page, "map"), asked(page, "colour")) == ("data/X_umap", "obs/cell_type")
    assert "60 cells." in words(page)


def test_another_map_and_its_axes_are_chosen_and_kept_in_the_url(opened, record) -> None:
    page = opened()
    page.selectbox(key="latent/map").set_value("data/X_pca").run()
    assert asked(page, "map") == "data/X_pca"
    page.selectbox(key="latent/axes/1").set_value(4).run()
    assert asked(page, "axes") == "1,4"
    assert "PC 4" in figures(page)[0]
    again = opened(dataset=record.id, map="data/X_pca", axes="3,1")
    assert [again.selectbox(key=f"latent/axes/{side}").value for side in (0, 1)] == [3, 1]
    odd = opened(dataset=record.id, map="data/X_pca", axes="9,x")
    assert [odd.selectbox(key=f"latent/axes/{side}").value for side in (0, 1)] == [1, 2]


def test_a_gene_colours_the_cells_and_a_link_brings_it_back(opened, record) -> None:
    page = opened()
    page.selectbox(key="latent/colour/kind").set_value("Gene").run()
    page.selectbox(key="latent/colour/Gene").set_value("gene/cells3").run()
    assert asked(page, "colour") == "gene/cells3"
    assert "cells3 (log)" in figures(page)[0]
    again = opened(dataset=record.id, colour="gene/cells3")
    assert again.selectbox(key="latent/colour/kind").value == "Gene"
    gone = opened(dataset=record.id, colour="gene/nowhere")
    assert gone.selectbox(key="latent/colour/Annotation").value == "obs/cell_type"


def test_names_in_the_data_are_text(opened, record) -> None:
    page = opened(colour=f"gene/{MARKUP}")
    assert "<img" not in figures(page)[0]
    page = opened(colour=f"obs/{MARKUP}")
    assert "60 groups" in [each.label for each in page.multiselect]


def test_cells_without_a_value_are_counted(opened, record) -> None:
    assert "20 of 60 cells have no value: grey" in words(opened(colour="obs/age"))


def test_the_second_colouring_is_another_one(opened, record) -> None:
    page = opened(split="Two colourings")
    assert asked(page, "colour") == "obs/cell_type"
    assert page.selectbox(key="latent/colour2/Annotation").value != "obs/cell_type"
    assert len(figures(page)) == 2


def test_a_selection_keeps_its_outline_until_it_is_cleared(opened, workspace, record) -> None:
    page = opened()
    select_cells(page, workspace, record, [1, 2, 3])
    assert "Selected: 3 cells" in words(page)
    found = page.session_state["latent/selection"]
    how = found.how.model_copy(update={"map": "data/X_umap"})
    page.session_state["latent/selection"] = type(found)(
        found.dataset, found.atlas, found.cells, found.rows, how
    )
    page.run()
    assert '"selections":[{' in figures(page)[0]
    page.selectbox(key="latent/map").set_value("data/X_pca").run()
    assert '"selections":[{' not in figures(page)[0]
    page.button(key="latent/1/clear").click().run()
    assert "Nothing is selected" in words(page)


def test_clear_lets_a_set_go_that_stands_out(opened, workspace, record) -> None:
    one = CellSetStore(workspace).save(record.id, "a", np.arange(5), Listed(note="a test"))
    page = opened(dataset=record.id, set=one.id)
    page.button(key="latent/1/clear").click().run()
    assert "set" not in page.query_params
    assert not [each for each in page.button if each.key == "latent/1/clear"]


def test_zooming_waits_for_a_selection_and_can_be_taken_back(opened, workspace, record) -> None:
    page = opened()
    zoom = page.button(key="latent/1/zoom")
    assert zoom.disabled
    assert "Select cells first" in zoom.help
    select_cells(page, workspace, record, [1, 2, 3])
    page.button(key="latent/1/zoom").click().run()
    page.button(key="latent/1/whole").click().run()
    assert not [each for each in page.button if each.key == "latent/1/whole"]


def test_each_dataset_has_its_own_choices(opened, workspace, record) -> None:
    other = add(workspace, "others", seed=1)
    page = opened(dataset=record.id)
    page.selectbox(key="latent/colour/kind").set_value("Gene").run()
    page.selectbox(key="latent/colour/Gene").set_value("gene/cells3").run()
    page.selectbox(key="dataset_picker").set_value(other.id).run()
    assert asked(page, "colour") == "obs/cell_type"
    page.selectbox(key="latent/map").set_value("data/X_pca").run()
    page.selectbox(key="dataset_picker").set_value(record.id).run()
    assert asked(page, "colour") == "gene/cells3"


def test_a_run_that_is_gone_gives_way_to_the_data(opened, record) -> None:
    page = opened(dataset=record.id, of="gone-12345678")
    assert asked(page, "of") == "data"
    assert "not here any more" in page.toast[0].value


def test_data_without_a_map_lead_to_one(opened, workspace) -> None:
    bare = add(workspace, "bare", maps=False)
    page = opened(dataset=bare.id)
    assert "These cells have no map yet" in words(page)
    page.button(key="latent/of/prepare").click().run()
    assert "Making a map" in words(page)


def test_genes_with_commas_in_their_names_stay_in_the_panel(opened, record) -> None:
    page = opened(show="Genes")
    page.multiselect(key="latent/genes").set_value(["a,b", "back\\slash", "cells1"]).run()
    assert page.multiselect(key="latent/genes").value == ["a,b", "back\\slash", "cells1"]
    again = opened(dataset=record.id, show="Genes", genes=asked(page, "genes"))
    assert again.multiselect(key="latent/genes").value == ["a,b", "back\\slash", "cells1"]
    assert not again.warning
