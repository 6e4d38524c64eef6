"""Every format becomes the same kind of checked dataset."""

from __future__ import annotations

import gzip
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from scipy.sparse import csc_matrix, csr_matrix, issparse

from scdyn_core.data.budget import memory_budget
from scdyn_core.data.load import load
from scdyn_core.data.rejected import RejectedData
from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError, InputError
from tests.data import files


def findings(path: Path, level: str) -> dict[str, str]:
    return {f.slot: f.found for f in load(path).report.findings if f.level == level}


@pytest.fixture
def expected() -> np.ndarray:
    return files.counts().toarray()


def test_h5ad(tmp_path: Path, expected: np.ndarray) -> None:
    dataset = load(files.h5ad(tmp_path / "cells.h5ad"))
    np.testing.assert_array_equal(dataset.adata.X.toarray(), expected)
    assert dataset.name == "cells"
    assert dataset.roles == Roles(cell_type="cell_type", counts="X")


def test_the_name_of_a_file_says_nothing_about_its_format(tmp_path: Path) -> None:
    path = files.h5ad(tmp_path / "cells.h5ad").rename(tmp_path / "cells.csv")
    assert load(path).adata.shape == (30, 12)


def test_10x_h5_leaves_out_what_is_no_gene(tmp_path: Path, expected: np.ndarray) -> None:
    path = files.tenx_h5(tmp_path / "m.h5")
    np.testing.assert_array_equal(load(path).adata.X.toarray(), expected[:, :11])
    assert "1 Antibody Capture" in findings(path, "info")["var"]


def test_loom(tmp_path: Path, expected: np.ndarray) -> None:
    dataset = load(files.loom(tmp_path / "v.loom"))
    np.testing.assert_array_equal(dataset.adata.X.toarray(), expected)
    assert dataset.roles.assigned() == {
        "cell_type": "Clusters", "counts": "spliced", "spliced": "spliced",
        "unspliced": "unspliced",
    }  # fmt: skip
    assert list(dataset.adata.obs_names[:2]) == ["c0", "c1"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("form", ["folder", "mtx", "zip", "gztar"])
def test_matrix_market(form: str, packed: bool, tmp_path: Path, expected: np.ndarray) -> None:
    path = files.tenx_folder(tmp_path / "filtered", packed=packed)
    if form == "mtx":
        path = path / ("matrix.mtx.gz" if packed else "matrix.mtx")
    elif form != "folder":
        path = Path(shutil.make_archive(str(tmp_path / "up"), form, tmp_path, "filtered"))
    adata = load(path).adata
    np.testing.assert_array_equal(adata.X.toarray(), expected)
    assert list(adata.var["gene_ids"].astype(str)[:2]) == ["ENS0", "ENS1"]


def test_matrices_of_velocity_become_layers(tmp_path: Path, expected: np.ndarray) -> None:
    folder = files.tenx_folder(tmp_path / "velocyto")
    shutil.copy(folder / "matrix.mtx", folder / "unspliced.mtx")
    (folder / "matrix.mtx").rename(folder / "spliced.mtx")
    dataset = load(folder)
    assert dataset.roles.spliced == "spliced"
    assert dataset.roles.unspliced == "unspliced"
    np.testing.assert_array_equal(dataset.adata.X.toarray(), expected)


def test_names_that_do_not_belong_to_the_matrix_are_an_error(tmp_path: Path) -> None:
    folder = files.tenx_folder(tmp_path / "m")
    (folder / "barcodes.tsv").write_text("one\ntwo\n")
    with pytest.raises(InputError, match="12 × 30 in its header"):
        load(folder)


def test_an_archive_without_a_matrix_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.add(tmp_path / "note.txt", "note.txt")
    with pytest.raises(InputError, match=r"no \.mtx file"):
        load(tmp_path / "a.tar")


def test_missing_x_is_filled_from_spliced_and_said_so(tmp_path: Path) -> None:
    adata = files.small()
    adata.layers["unspliced"], adata.layers["spliced"] = adata.X * 2, adata.X
    adata.X = None
    path = files.h5ad(tmp_path / "v.h5ad", adata)
    loaded = load(path).adata
    assert "layers['spliced']" in findings(path, "warning")["X"]
    assert abs(loaded.X - loaded.layers["spliced"]).nnz == 0
    assert loaded.X is not loaded.layers["spliced"]


def test_log_values_are_called_so(tmp_path: Path) -> None:
    adata = files.small()
    adata.X = csr_matrix(np.log1p(adata.X.toarray()))
    found = findings(files.h5ad(tmp_path / "log.h5ad", adata), "warning")
    assert found["X"] == "log values, and no layer holds raw counts"


def test_missing_values_refuse_the_data_and_name_the_first(tmp_path: Path) -> None:
    adata = files.small()
    dense = adata.X.toarray()
    dense[4, 7] = np.nan
    adata.X = dense
    with pytest.raises(RejectedData, match="first in cell 'c4', gene 'g7'") as refusal:
        load(files.h5ad(tmp_path / "nan.h5ad", adata))
    assert refusal.value.report.of_level("error")[0].slot == "X"


def test_missing_values_in_a_velocity_are_only_a_warning(tmp_path: Path) -> None:
    adata = files.small()
    velocity = np.random.default_rng(0).normal(size=adata.shape).astype("f4")
    velocity[:, 3] = np.nan
    adata.layers["velocity"] = velocity
    path = files.h5ad(tmp_path / "v.h5ad", adata)
    assert "30 values are missing" in findings(path, "warning")["layers['velocity']"]
    assert load(path).roles.velocity == "velocity"


def test_negative_counts_are_refused(tmp_path: Path) -> None:
    adata = files.small()
    adata.layers["counts"] = -adata.X
    with pytest.raises(RejectedData, match="negative values"):
        load(files.h5ad(tmp_path / "n.h5ad", adata))


@pytest.mark.filterwarnings("ignore:.*not unique:UserWarning")
def test_duplicate_names_are_numbered(tmp_path: Path) -> None:
    adata = files.small()
    adata.var_names = ["g0", "g0", *adata.var_names[2:]]
    adata.obs_names = ["c\x01\u202e1", "c1", "", *adata.obs_names[3:]]
    path = files.h5ad(tmp_path / "d.h5ad", adata)
    loaded = load(path).adata
    assert list(loaded.var_names[:2]) == ["g0", "g0-1"]
    assert list(loaded.obs_names[:3]) == ["c1", "c1-1", "unnamed_cell_2"]
    assert "occur more than once ('g0')" in findings(path, "warning")["var_names"]


def test_empty_cells_single_categories_and_absent_values_are_reported(tmp_path: Path) -> None:
    adata = files.small()
    dense = adata.X.toarray()
    dense[3] = 0
    adata.X = dense
    adata.obs["group"] = pd.Categorical([*["a", "b"] * 14, "once", None])
    found = findings(files.h5ad(tmp_path / "e.h5ad", adata), "warning")
    assert "1 cells are zero everywhere ('c3')" in found["obs"]
    report = load(tmp_path / "e.h5ad").report
    texts = [f.found for f in report.findings if f.slot == "obs['group']"]
    assert texts == ["1 cells have no value", "1 categories have one cell only ('once')"]


def test_matrices_come_in_one_form(tmp_path: Path) -> None:
    adata = files.small()
    adata.layers["counts"] = csc_matrix(adata.X.toarray().astype("int64"))
    adata.layers["flags"] = adata.X.toarray() > 1
    loaded = load(files.h5ad(tmp_path / "f.h5ad", adata)).adata
    assert loaded.layers["counts"].format == "csr"
    assert loaded.layers["counts"].dtype == np.float32
    assert loaded.layers["flags"].dtype == np.float32


def test_counts_in_raw_are_kept(tmp_path: Path) -> None:
    adata = files.small()
    adata.raw = adata.copy()
    adata.X = csr_matrix(np.log1p(adata.X.toarray()))
    dataset = load(files.h5ad(tmp_path / "r.h5ad", adata[:, :5].copy()))
    assert dataset.roles.counts == "counts"
    np.testing.assert_array_equal(
        dataset.adata.layers["counts"].toarray(), files.counts().toarray()[:, :5]
    )
    assert dataset.adata.raw is None


def test_times_as_text_get_numbers(tmp_path: Path) -> None:
    adata = files.small()
    adata.obs["timepoint"] = pd.Categorical(["0h", "6h", "24h"] * 10)
    dataset = load(files.h5ad(tmp_path / "t.h5ad", adata))
    assert dataset.roles.time == "timepoint_numeric"
    assert list(dataset.adata.obs["timepoint_numeric"][:3]) == [0.0, 6.0, 24.0]


def test_roles_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = files.h5ad(tmp_path / "c.h5ad")
    with pytest.raises(ConfigError, match="a column of obs: 'cell_type'"):
        load(path, roles=Roles(cell_type="nothing"))


def test_loading_what_was_loaded_changes_nothing(tmp_path: Path) -> None:
    adata = files.small()
    adata.obs["a/b"] = range(30)
    adata.obs.index.name = "barcodes"
    first = load(files.h5ad(tmp_path / "a.h5ad", AnnData(adata.X, adata.obs.drop(columns="a/b"))))
    second = load(files.h5ad(tmp_path / "b.h5ad", first.adata))
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize("change", ["value", "name", "label", "layer"])
def test_every_change_of_contents_changes_the_fingerprint(change: str, tmp_path: Path) -> None:
    adata = files.small()
    before = load(files.h5ad(tmp_path / "a.h5ad", adata)).fingerprint
    if change == "value":
        adata.X.data[0] += 1
    elif change == "name":
        adata.var_names = ["other", *adata.var_names[1:]]
    elif change == "label":
        adata.obs["cell_type"] = adata.obs["cell_type"].to_numpy()[::-1]
    else:
        adata.layers["more"] = adata.X.copy()
    assert load(files.h5ad(tmp_path / "b.h5ad", adata)).fingerprint != before


def test_the_budget_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCDYN_MEMORY_BUDGET_GB", "1.5")
    assert memory_budget() == 1_500_000_000
    monkeypatch.setenv("SCDYN_MEMORY_BUDGET_GB", "plenty")
    with pytest.raises(ConfigError, match="positive number of gigabytes"):
        memory_budget()


def test_a_missing_and_an_empty_file_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing that can be opened"):
        load(tmp_path / "absent.h5ad")
    (tmp_path / "empty.h5ad").touch()
    with pytest.raises(InputError, match="an empty file"):
        load(tmp_path / "empty.h5ad")


def test_a_damaged_gzip_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"cell,g1\n" + b"a,1\n" * 5000)[:60])
    with pytest.raises(InputError, match="cannot be unpacked"):
        load(path)


def test_hdf5_of_another_kind_is_named(tmp_path: Path) -> None:
    import h5py

    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["numbers"] = [1, 2]
    with pytest.raises(InputError, match="neither AnnData, 10x nor loom"):
        load(tmp_path / "x.h5")


def test_x_is_never_missing_and_sparse_stays_sparse(tmp_path: Path) -> None:
    assert issparse(load(files.h5ad(tmp_path / "c.h5ad")).adata.X)
