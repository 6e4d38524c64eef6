"""Everything a run tells of its cells can colour them, whichever method made it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scdyn_core.errors import RunError
from scdyn_core.methods.cell_tables import by_replicate
from scdyn_core.methods.method import Table
from scdyn_core.runs.cell_values import cells_of
from scdyn_core.runs.colourings import colouring_values, colourings, read_colouring
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import ROW_GROUP, write_table
from tests.plots.synthetic_run import write_run

N = 400


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Three replicates, the last one the best, with a table of fit and one of a few genes."""
    made = write_run(tmp_path_factory.mktemp("runs") / "a=b", replicates=3)
    cells = made.table("cells")
    rng = np.random.default_rng(0)
    found = [
        {
            "reconstruction_error": rng.random(N),
            "predicted_type": rng.choice(["<b>x</b>", "y"], N).astype(object),
            "velocity_error": rng.random(N),
        }
        for _ in range(3)
    ]
    meanings = {
        "reconstruction_error": "reconstruction error: mean squared error of a gene, squared sd",
        "predicted_type": "predicted type: the one that is most probable",
        "velocity_error": "velocity error: mean squared difference",
    }
    store(made, "cell_fit", by_replicate(cells, found, meanings))
    twice = pd.DataFrame({"cell": np.repeat(cells["cell"], 3), "denoised": 1.0})
    store(made, "denoised", Table(twice, {"cell": "cell", "denoised": "expression"}))
    return made


def store(run: Run, name: str, table: Table) -> None:
    write_table(run.path / "tables" / f"{name}.parquet", table)


def test_columns_with_one_value_a_cell_are_found_under_their_headings(run: Run) -> None:
    found = {each.key: each for each in colourings(run)}
    first = found["run/latent/z1"]
    assert (first.group, first.title, first.kind) == ("Latents", "Latent 1", "amount")
    assert found["run/latent/dz2"].group == found["run/latent/dzhat3"].group == "Velocity"
    assert found["run/cell_fit/velocity_error"].group == "Velocity"
    assert found["run/cell_fit/predicted_type"].group == "Classifier"
    fit = found["run/cell_fit/reconstruction_error"]
    assert (fit.group, fit.title, fit.kind) == ("Model fit", "Reconstruction error", "amount")
    assert fit.meaning.endswith("squared sd")
    assert fit.replicates == (0, 1, 2)
    part = found["run/cells/part"]
    assert (part.title, part.kind, part.replicates) == ("Part of the split", "group", ())
    assert found["run/cells/cell_type"].kind == "group"
    assert found["run/cells/time"].kind == "amount"
    headings = [each.group for each in colourings(run)]
    assert headings[0] == "Latents"
    assert headings == sorted(headings, key=headings.index)


def test_places_names_repeats_and_tables_of_more_rows_a_cell_are_no_colouring(run: Run) -> None:
    names = [each.key.split("/")[2] for each in colourings(run)]
    assert len(names) == len(set(names))
    assert not {"cell", "replicate", "umap_1", "velocity_umap_2", "pca_1", "denoised"} & set(names)


def test_values_are_those_of_the_best_replicate_or_of_the_one_asked_for(run: Run) -> None:
    latent = run.table("latent")
    best = run.table("replicates").query("chosen")["replicate"].item()
    assert best > 0
    for asked, number in ((None, best), (0, 0), (1, 1)):
        own = latent[latent["replicate"] == number].set_index("cell")["dz2"]
        pd.testing.assert_series_equal(read_colouring(run, "run/latent/dz2", asked), own)
    plain = colouring_values(run, "run/latent/dz2", 1)
    assert plain.index.equals(pd.RangeIndex(N))
    assert cells_of(run, "run/latent/z2", 1).tolist() == own.index.tolist()


def test_groups_are_categories_of_texts_as_they_are_stored(run: Run) -> None:
    found = read_colouring(run, "run/cell_fit/predicted_type", 0)
    stored = run.table_rows("cell_fit", "replicate", 0).set_index("cell")["predicted_type"]
    assert sorted(found.cat.categories) == ["<b>x</b>", "y"]
    assert (found.astype(object) == stored).all()


def test_labels_that_are_numbers_truth_or_missing_are_groups(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    cells = pd.DataFrame(
        {
            "cell": ["a", "b", "c"],
            "batch": [2, 10, 2],
            "doublet": [True, False, True],
            "guide": ["x", None, "y"],
            "sample": pd.Categorical(["s1", "s2", "s1"], categories=["s2", "s1", "s3"]),
            "nothing": [None, None, None],
        }
    )
    meanings = {"batch": "plate, row; a: b of the cell", "guide": "guide, if known"}
    store(run, "cells", Table(cells, meanings))
    found = {each.key.split("/")[2]: each for each in colourings(run) if "/cells/" in each.key}
    assert {name: each.kind for name, each in found.items()} == dict.fromkeys(
        ("batch", "doublet", "guide", "sample"), "group"
    )
    assert found["batch"].title == "plate, row; a: b"
    assert found["guide"].title == "Guide"
    assert read_colouring(run, "run/cells/batch").tolist() == ["2", "10", "2"]
    assert read_colouring(run, "run/cells/doublet").tolist() == ["True", "False", "True"]
    assert read_colouring(run, "run/cells/guide").isna().tolist() == [False, True, False]
    assert read_colouring(run, "run/cells/sample").cat.categories.tolist() == ["s2", "s1"]


@pytest.mark.parametrize(
    "key",
    ["run/latent/z9", "run/absent/z1", "obs/cell_type", "run/denoised/denoised", "run", "",
     "run/cells/cell", "run/latent/../z1"],
)  # fmt: skip
def test_what_a_run_does_not_have_is_said(run: Run, key: str) -> None:
    with pytest.raises(RunError):
        read_colouring(run, key)


def test_an_unknown_replicate_and_a_damaged_table_are_said(run: Run, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no replicate 7"):
        read_colouring(run, "run/latent/z1", 7)
    broken = write_run(tmp_path)
    (broken.path / "tables" / "latent.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(RunError, match="latent"):
        colourings(broken)


def test_a_table_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    before = {each.key for each in colourings(run)}
    more = run.table("cells").assign(cluster=1)
    store(run, "cells", Table(more, {name: name for name in more}))
    (new,) = {each.key for each in colourings(run)} - before
    assert new == "run/cells/cluster"
    (cluster,) = (each for each in colourings(run) if each.key == new)
    assert (cluster.group, cluster.kind) == ("Clusters", "group")


def test_only_the_column_and_the_rows_asked_for_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = write_run(tmp_path)
    n = ROW_GROUP
    frame = pd.DataFrame(
        {
            "replicate": np.repeat([0, 1], n),
            "cell": np.tile([f"c{number}" for number in range(n)], 2),
            "part": "train",
            "reconstruction_error": np.arange(2 * n, dtype=float),
        }
    )
    store(run, "cell_fit", Table(frame, {}))
    import pyarrow.parquet as pq

    asked = []
    real = pq.read_table

    def watched(path, **options):
        asked.append(options["columns"])
        return real(path, **options)

    assert "run/cell_fit/reconstruction_error" in {each.key for each in colourings(run)}
    monkeypatch.setattr(pq, "read_table", watched)
    found = colouring_values(run, "run/cell_fit/reconstruction_error", 1)
    assert asked == [["reconstruction_error"]]
    np.testing.assert_array_equal(found, np.arange(n, 2 * n))
    assert pq.ParquetFile(run.table_file("cell_fit")).num_row_groups == 2
