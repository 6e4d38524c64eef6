"""Runs beside each other: every view that two of them have, and why others are not there."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.runs.run import Run
from scdyn_core.workspace import Workspace
from tests.dashboard.gene_run import write_gene_run
from tests.dashboard.network_run import write_network_run
from tests.dashboard.opening import open_page, words
from tests.plots.synthetic_run import SCORES, tables, write_run


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch, workspace: Workspace):
    """Open the comparison of some runs at one view."""

    def open_at(view: str, *runs: Run) -> AppTest:
        query = {"show": view, "compare": ",".join(run.id for run in runs)}
        page = open_page(monkeypatch, workspace, "runs", runs_view="Compare", **query)
        assert not page.exception
        return page

    return open_at


def views(page: AppTest) -> list[str]:
    """The views that are offered; the view itself is in the URL."""
    offered = page.segmented_control(key="compare/show")
    return list(offered.options)


def mirrored(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same run with its first latent counted the other way."""
    latent, equations = frames["latent"].copy(), frames["equations"].copy()
    latent["z1"] *= -1
    odd = equations["term"].str.count("z1") % 2 == 1
    equations.loc[odd, "coefficient"] *= -1
    equations.loc[equations["equation"] == 1, "coefficient"] *= -1
    return {**frames, "latent": latent, "equations": equations}


def with_seed(run: Run, seed: int) -> Run:
    file = run.path / "config.json"
    config = json.loads(file.read_text())
    config["options"]["seed"] = seed
    file.write_text(json.dumps(config))
    return Run.open(run.path)


def with_split(run: Run, test: list[str]) -> None:
    samples = [f"cell{number:05d}" for number in range(20)]
    parts = ["test" if name in test else "train" for name in samples]
    frame = pd.DataFrame({"sample": samples, "part": parts})
    frame.to_parquet(run.path / "split.parquet")


def test_only_views_that_two_runs_have_are_offered_and_the_others_named(
    compared, workspace: Workspace
) -> None:
    page = compared("Scores", write_run(workspace.runs), write_run(workspace.runs))
    assert views(page) == ["Scores", "Settings", "Losses", "Embeddings", "Equations"]
    assert "Clusters (groups of cells or genes)" in words(page)
    page = compared("Scores", write_run(workspace.runs), write_gene_run(workspace.runs))
    assert views(page) == ["Scores", "Settings"]


def test_runs_and_view_are_in_the_url_and_a_run_that_is_gone_is_left_out(
    compared, workspace: Workspace
) -> None:
    first, second = write_run(workspace.runs), write_run(workspace.runs)
    page = compared("Equations", second, first)
    assert page.multiselect(key="compare/runs").value == [second.id, first.id]
    assert page.query_params["show"] == ["Equations"] or page.query_params["show"] == "Equations"
    page.multiselect(key="compare/runs").set_value([first.id]).run()
    assert first.id in str(page.query_params["compare"])
    assert second.id not in str(page.query_params["compare"])
    page.query_params["compare"] = f"{second.id},no-such-run"
    page.run()
    assert page.multiselect(key="compare/runs").value == [second.id]
    assert "not here any more" in page.toast[0].value


def test_scores_on_other_test_cells_are_not_ranked(compared, workspace: Workspace) -> None:
    better = [SCORES[0].model_copy(update={"value": 0.9})]
    first = write_run(workspace.runs)
    alike, other = (write_run(workspace.runs, scores=better) for _ in range(2))
    with_split(first, ["cell00001", "cell00002"])
    with_split(alike, ["cell00001", "cell00002"])
    with_split(other, ["cell00002", "cell00003"])
    said = words(compared("Scores", first, other))
    assert "tested on other samples (33% are the same)" in said
    assert "ahead of 1" not in said
    said = words(compared("Scores", first, alike))
    assert "tested on other samples" not in said
    assert "**2 · CLERA** is ahead of 1 · CLERA" in said
    assert "times what replicates differ" in said


def test_settings_show_what_differs_and_all_on_request(compared, workspace: Workspace) -> None:
    first = write_run(workspace.runs)
    second = with_seed(write_run(workspace.runs, config={"latents": 9}), 5)
    page = compared("Settings", first, second)
    shown = page.dataframe[0].value
    assert set(shown["setting"]) == {"latents", "seed"}
    assert set(shown["of"]) == {"method", "training"}
    page.toggle(key="compare/every_setting").set_value(True).run()
    every = page.dataframe[0].value
    assert {"data", "recipe", "method", "training"} <= set(every["of"])
    assert len(every) > len(shown)


def test_losses_are_drawn_for_the_chosen_term(compared, workspace: Workspace) -> None:
    page = compared("Losses", write_run(workspace.runs), write_run(workspace.runs))
    choice = page.selectbox(key="compare/loss")
    assert choice.value == "loss"
    assert {"reconstruction", "derivative"} <= set(choice.options)
    choice.set_value("reconstruction").run()
    assert not page.exception
    assert len(page.get("plotly_chart")) == 1


def test_a_mirrored_copy_is_the_same_embedding_and_the_same_equations(
    compared, workspace: Workspace
) -> None:
    frames = tables(replicates=1)
    first = write_run(workspace.runs, replicates=1, frames=frames)
    second = write_run(workspace.runs, replicates=1, frames=mirrored(frames))
    page = compared("Embeddings", first, second)
    measures = page.dataframe[0].value.set_index("measure")["value"]
    assert measures["Procrustes disparity"] == pytest.approx(0.0, abs=1e-10)
    assert measures["neighbours kept"] == 1.0
    assert "follows 100% of the variance" in words(page)
    assert "400 cells that all of them have" in words(page)
    page = compared("Equations", first, second)
    assert "9 are in both" in words(page)
    assert "100% of the shared terms have the same sign" in words(page)
    wide = page.dataframe[0].value
    assert wide["1 · CLERA"].to_numpy() == pytest.approx(wide["2 · CLERA"].to_numpy())


def test_replicates_of_one_run_are_compared(compared, workspace: Workspace) -> None:
    page = compared("Equations", write_run(workspace.runs))
    assert views(page) == ["Scores", "Embeddings", "Equations"]
    assert "1 · CLERA, replicate 2" in words(page).replace("\\", "")
    page.segmented_control(key="compare/terms").set_value("Not in all").run()
    assert list(page.dataframe[0].value["term"]) == ["sin(z3)"]


def test_embeddings_are_coloured_by_what_the_cells_have(compared, workspace: Workspace) -> None:
    page = compared("Embeddings", write_run(workspace.runs), write_run(workspace.runs))
    colour = page.selectbox(key="compare/colour")
    assert colour.value == "cell_type"
    colour.set_value("time").run()
    page.selectbox(key="compare/plane").set_value("z1 and z3").run()
    assert not page.exception
    assert len(page.get("plotly_chart")) == 1


def test_runs_without_a_cell_in_common_say_so(compared, workspace: Workspace) -> None:
    frames = tables()
    renamed = frames["latent"].assign(cell="other " + frames["latent"]["cell"])
    page = compared(
        "Embeddings",
        write_run(workspace.runs),
        write_run(workspace.runs, frames={**frames, "latent": renamed}),
    )
    assert "0 samples with the same name" in page.error[0].value


def test_clusters_flow_into_each_other(compared, workspace: Workspace) -> None:
    first = write_gene_run(workspace.runs)
    page = compared("Clusters", first, write_gene_run(workspace.runs, method="vrnn"))
    assert "agree more than any of the shuffles" in words(page)
    assert len(page.get("plotly_chart")) == 1
    counts = page.dataframe[0].value
    assert counts.drop(columns="first").to_numpy().sum() == 120
    other = page.selectbox(key="compare/second_groups")
    other.set_value(next(name for name in other.options if name.startswith("2 gene"))).run()
    assert not page.exception
    assert page.dataframe[0].value.shape[1] == 3


def test_predicted_types_are_compared_before_those_of_the_data(
    compared, workspace: Workspace
) -> None:
    frames = tables(replicates=1)
    cells = frames["cells"]
    frames["cell_fit"] = pd.DataFrame(
        {"replicate": 0, "cell": cells["cell"], "predicted_type": cells["cell_type"]}
    )
    runs = [write_run(workspace.runs, replicates=1, frames=frames) for _ in range(2)]
    page = compared("Clusters", *runs)
    choice = page.selectbox(key="compare/first_groups")
    assert choice.value == "predicted type (model)"
    assert "adjusted Rand index 1.00" in words(page).replace("\\", "")
    choice.set_value("cell type (data)").run()
    page.selectbox(key="compare/second_groups").set_value("cell type (data)").run()
    assert "says nothing of the models" in words(page)


def test_networks_share_edges_and_lead_to_their_page(compared, workspace: Workspace) -> None:
    first = write_network_run(workspace.runs)
    page = compared("Networks", first, write_network_run(workspace.runs))
    assert "are in both" in words(page)
    assert "No edge that both have acts the other way" in words(page)
    page.button(key="compare/open_network").click().run()
    assert page.title[0].value == "Gene networks"
    assert page.query_params["run"] == first.id


def test_an_edge_with_the_other_sign_is_listed(compared, workspace: Workspace) -> None:
    from tests.dashboard.network_run import network_tables

    frames = network_tables()
    network = frames["network"].copy()
    direct = network["evidence"] == "direct effect"
    network.loc[network[direct].index[0], "value"] *= -1
    page = compared(
        "Networks",
        write_network_run(workspace.runs),
        write_network_run(workspace.runs, frames={**frames, "network": network}),
    )
    assert "1 edge of both with the other sign" in [fold.label for fold in page.expander]


def test_a_run_that_still_trains_takes_part_with_what_it_has(
    compared, workspace: Workspace
) -> None:
    page = compared("Losses", write_run(workspace.runs), write_run(workspace.runs, status="failed"))
    assert views(page) == ["Scores", "Settings", "Losses"]


def test_names_of_data_are_shown_letter_by_letter(compared, workspace: Workspace) -> None:
    runs = [write_run(workspace.runs) for _ in range(2)]
    file = Path(runs[1].path / "config.json")
    config = json.loads(file.read_text())
    config["dataset"]["name"] = "*[x](javascript:alert(1))"
    file.write_text(json.dumps(config))
    for view in ("Scores", "Embeddings", "Equations"):
        page = compared(view, *runs)
        assert "[x](javascript" not in words(page)


def test_runs_of_one_dataset_are_suggested(monkeypatch, workspace: Workspace) -> None:
    of_one = [write_run(workspace.runs), write_run(workspace.runs)]
    other = write_run(workspace.runs)
    file = other.path / "config.json"
    config = json.loads(file.read_text())
    config["dataset"]["fingerprint"] = "f" * 32
    file.write_text(json.dumps(config))
    page = open_page(monkeypatch, workspace, "runs", runs_view="Compare")
    assert not page.exception
    chosen = page.multiselect(key="compare/runs").value
    assert set(chosen) in ({run.id for run in of_one}, {other.id})
