"""Gene networks, what if: doses handed on, beside what was measured."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.workspace import Workspace
from tests.dashboard.network_run import network_tables, write_network_run
from tests.dashboard.opening import open_page, unfold, words
from tests.plots.synthetic_run import write_run

ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)"


def what_if(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, **query: str) -> AppTest:
    page = open_page(monkeypatch, workspace, "networks", show="What if", **query)
    assert not page.exception
    return page


def test_a_gene_is_changed_as_in_the_screen(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = network_tables(replicates=1)
    write_network_run(workspace.runs, frames=frames)
    page = what_if(monkeypatch, workspace, gene="Gene2")
    assert page.multiselect(key="networks/what_if").value == ["Gene2"]
    assert page.selectbox(key="networks/what_if/level/Gene2").value == "as in the screen (22%)"
    text = words(page)
    assert "moves" in text
    assert "Beside what was measured" in text
    assert "r = " in text
    unfold(page, "networks/what_if_table_fold")
    told = page.dataframe[-1].value.set_index("gene")["change"]
    assert told["Gene2"] == pytest.approx(-1.5 / np.log(2))


def test_twice_the_dose_moves_twice_as_far(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    page = what_if(monkeypatch, workspace, gene="Gene2")
    unfold(page, "networks/what_if_table_fold")
    level = page.selectbox(key="networks/what_if/level/Gene2")
    level.set_value("knocked out (1 %)").run()
    deep = page.dataframe[-1].value.set_index("gene")["change"]
    page.selectbox(key="networks/what_if/level/Gene2").set_value("down to 10%").run()
    half = page.dataframe[-1].value.set_index("gene")["change"]
    assert not page.exception
    np.testing.assert_allclose(deep[half.index], 2 * half)


def test_two_genes_stand_beside_the_sum_of_each_alone(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    page = what_if(monkeypatch, workspace)
    page.multiselect(key="networks/what_if").set_value(["Gene2", "Gene3"]).run()
    assert not page.exception
    text = words(page)
    assert "Together and apart" in text
    assert "not perturbed together in this screen" in text


def test_chains_lead_to_the_chosen_gene(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    page = what_if(monkeypatch, workspace, gene="Gene2")
    target = page.selectbox(key="networks/what_if_target")
    page.selectbox(key="networks/what_if_target").set_value(target.options[-1]).run()
    assert not page.exception
    paths = page.dataframe[0].value
    assert paths["path"].str.startswith("Gene2 ").all()
    assert paths["path"].str.endswith(target.options[-1]).all()


def test_a_network_without_effect_sizes_is_relative(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    page = what_if(monkeypatch, workspace, gene="Gene2")
    page.button_group(key="networks/what_if_evidence").set_value("correlation").run()
    assert not page.exception
    text = words(page)
    assert "Relative" in text
    assert "Beside what was measured" not in text
    page.button_group(key="networks/what_if/way/Gene2").set_value("up").run()
    assert not page.exception


def test_total_effects_are_not_followed_again(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    page = what_if(monkeypatch, workspace)
    offered = page.button_group(key="networks/what_if_evidence").options
    assert list(offered) == ["direct effect", "correlation"]


def test_circles_that_grow_are_told(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    frames = network_tables(replicates=1)
    network = frames["network"]
    rows = network[network["evidence"] == "direct effect"].head(3).copy()
    rows["source"], rows["target"] = ["Gene0", "Gene1", "Gene2"], ["Gene1", "Gene2", "Gene1"]
    frames["network"] = rows.assign(value=1.2)
    write_network_run(workspace.runs, frames=frames)
    page = what_if(monkeypatch, workspace, gene="Gene0")
    assert "would grow without end" in words(page)


def test_an_assumed_dose_is_said(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    frames = network_tables(replicates=1)
    frames["network_genes"]["dose_known"] = False
    write_network_run(workspace.runs, frames=frames)
    assert "is assumed" in words(what_if(monkeypatch, workspace))


def test_latents_can_be_changed_too(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    write_run(workspace.runs)
    page = what_if(monkeypatch, workspace)
    assert not page.exception
    assert "Relative" in words(page)


def test_names_are_shown_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs, gene=ATTACK, replicates=1)
    text = words(what_if(monkeypatch, workspace))
    assert "![x](" not in text
    assert "<img" not in text.replace(r"\<", "")


def test_nothing_chosen_asks_for_a_gene(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    page = what_if(monkeypatch, workspace)
    page.multiselect(key="networks/what_if").set_value([]).run()
    assert not page.exception
    assert "Choose a gene" in words(page)
