"""The maps a run made of its cells, and the arrows on them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scdyn_core.errors import RunError
from scdyn_core.methods.method import Table
from scdyn_core.runs.cell_maps import arrows_of, embeddings_of, map_values, read_map
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import write_table
from tests.plots.synthetic_run import write_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return write_run(tmp_path_factory.mktemp("runs"), replicates=3)


def test_latents_and_places_are_maps_the_latents_first(run: Run) -> None:
    found = {each.key: each for each in embeddings_of(run)}
    assert list(found) == ["run/latent/z", "run/cells/umap", "run/cells/pca"]
    assert found["run/latent/z"].columns == ("z1", "z2", "z3")
    assert found["run/latent/z"].replicates == (0, 1, 2)
    assert found["run/cells/umap"].replicates == ()
    assert [each.title for each in found.values()] == ["Latents", "UMAP", "Principal components"]


def test_velocities_are_arrows_on_the_map_they_belong_to(run: Run) -> None:
    found = {each.key: (each.on, each.title) for each in arrows_of(run)}
    assert found == {
        "run/latent/dz": ("run/latent/z", "Derivative of the data"),
        "run/latent/dzhat": ("run/latent/z", "Derivative by the equations"),
        "run/cells/velocity_umap": ("run/cells/umap", "Velocity"),
    }


def test_any_two_coordinates_are_read_for_a_replicate(run: Run) -> None:
    latent = run.table("latent")
    assert run.table("replicates").query("chosen")["replicate"].item() == 2
    for asked, number in ((None, 2), (0, 0)):
        own = latent[latent["replicate"] == number].set_index("cell")
        pd.testing.assert_frame_equal(
            read_map(run, "run/latent/z", (3, 1), asked), own[["z3", "z1"]], check_names=False
        )
        pd.testing.assert_frame_equal(
            read_map(run, "run/latent/dz", (1, 2), asked), own[["dz1", "dz2"]]
        )
    cells = run.table("cells").set_index("cell")
    pd.testing.assert_frame_equal(
        read_map(run, "run/cells/velocity_umap"), cells[["velocity_umap_1", "velocity_umap_2"]]
    )
    assert map_values(run, "run/cells/umap").index.equals(pd.RangeIndex(len(cells)))


@pytest.mark.parametrize(
    ("key", "dims"),
    [
        ("run/latent/z", (1, 4)),
        ("run/latent/z", (0, 1)),
        ("run/latent/q", (1, 2)),
        ("run/equations/z", (1, 2)),
        ("X_umap", (1, 2)),
    ],
)
def test_what_a_run_does_not_have_is_said(run: Run, key: str, dims: tuple[int, ...]) -> None:
    with pytest.raises(RunError):
        read_map(run, key, dims)


def test_a_single_latent_and_numbers_with_a_gap_are_no_map(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    for file in (run.path / "tables").glob("*.parquet"):
        file.unlink()
    names = ["a", "b"]
    latent = pd.DataFrame({"replicate": 0, "cell": names, "z1": [0.0, 1.0]})
    cells = pd.DataFrame(
        {"cell": names, "umap_1": 0.0, "umap_2": 1.0, "pca_1": 0.0, "pca_3": 1.0, "total": 2.0}
    )
    said = {"umap_1": "first coordinate of a map of the latents"}
    genes = pd.DataFrame({"gene": names, "z1": 0.0, "z2": np.nan})
    for name, frame in (("latent", latent), ("cells", cells), ("genes", genes)):
        write_table(run.path / "tables" / f"{name}.parquet", Table(frame, said))
    (found,) = embeddings_of(run)
    assert (found.key, found.title) == ("run/cells/umap", "UMAP of the latents")
    assert arrows_of(run) == []
