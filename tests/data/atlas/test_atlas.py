"""An atlas gives back what the data hold, one gene, column and map at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scanpy as sc
from anndata import AnnData
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from scdyn_core.data.atlas.atlas import Atlas
from scdyn_core.data.atlas.expression import _raw
from scdyn_core.data.atlas.gene_major import GeneMajor, write_gene_major
from scdyn_core.data.atlas.meta import META_FILE, atlas_key
from scdyn_core.data.atlas.write import readable_columns, write_atlas
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import ConfigError, InputError
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.workspace import Workspace

CELLS, GENES = 30, 7


def dataset(x: object, roles: Roles | None = None, **slots: object) -> Dataset:
    adata = AnnData(
        x,
        obs=pd.DataFrame(
            {
                "type": pd.Categorical(["b", "a", None] * 10, categories=["b", "a", "unused"]),
                "depth": np.linspace(0, 1, CELLS),
                "plate": [1, 2] * 15,
                "good": [True, False] * 15,
                "barcode": [f"BC{n}" for n in range(CELLS)],
            },
            index=[f"cell{n}" for n in range(CELLS)],
        ),
        var=pd.DataFrame(index=[f"g{n}" for n in range(GENES)]),
        **slots,
    )
    return Dataset(adata, roles or Roles(), "test", "0" * 32)


def counts(seed: int = 0) -> sparse.csr_matrix:
    drawn = np.random.default_rng(seed).poisson(0.8, (CELLS, GENES))
    drawn[3] = 0
    return sparse.csr_matrix(drawn.astype(np.float32))


def written(data: Dataset, tmp_path: Path, **changes: object) -> Atlas:
    write_atlas(data, "key", tmp_path / "atlas", **changes)  # type: ignore[arg-type]
    return Atlas(tmp_path / "atlas")


@settings(max_examples=40, deadline=None)
@given(
    matrix=hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=9),
        elements=st.sampled_from([0.0, 0.0, 0.0, 1.0, -2.5, 7.0]),
    ),
    dense=st.booleans(),
    block=st.integers(1, 12),
)
def test_every_gene_is_read_as_it_was_written(
    matrix: np.ndarray,
    dense: bool,
    block: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("matrix") / "m"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scdyn_core.data.atlas.gene_major._BLOCK", block)
        write_gene_major(matrix if dense else sparse.csr_matrix(matrix), folder, lambda share: None)
    reader = GeneMajor(folder)
    for gene in range(matrix.shape[1]):
        cells, values = reader.entries(gene)
        whole = np.zeros(len(matrix), dtype=np.float32)
        whole[cells] = values
        np.testing.assert_array_equal(whole, matrix[:, gene])
        assert (np.diff(cells) > 0).all()


def test_counts_are_shown_as_scanpy_normalises_them(tmp_path: Path) -> None:
    data = dataset(counts(), Roles(counts="X"))
    atlas = written(data, tmp_path)
    expected = data.adata.copy()
    expected = expected[np.asarray(expected.X.sum(axis=1)).ravel() > 0].copy()
    sc.pp.normalize_total(expected)
    sc.pp.log1p(expected)
    kept = [atlas.names(slice(None)).index(name) for name in expected.obs_names]
    for gene in atlas.genes:
        np.testing.assert_allclose(
            atlas.values(gene)[kept], expected[:, gene].X.toarray().ravel(), rtol=1e-6
        )
        cells, raw = atlas.counts(gene)
        np.testing.assert_array_equal(raw, data.adata[cells, gene].X.toarray().ravel())
    assert atlas.meta.scale == "log"
    assert atlas.values("g0")[3] == 0  # a cell without any counts


def test_log_values_beside_counts_are_shown_as_they_are(tmp_path: Path) -> None:
    logged = counts().log1p()
    atlas = written(dataset(logged, Roles(counts="raw"), layers={"raw": counts()}), tmp_path)
    np.testing.assert_array_equal(atlas.values("g2"), logged[:, 2].toarray().ravel())
    np.testing.assert_array_equal(atlas.counts("g2")[1], counts()[:, 2].tocoo().data)


def test_counts_in_x_without_the_role_are_not_shown_unlogged(tmp_path: Path) -> None:
    atlas = written(dataset(counts(), Roles(spliced="s"), layers={"s": counts()}), tmp_path)
    assert atlas.meta.scale == "log"
    assert atlas.values("g0").max() < counts().max()


def test_scaled_values_are_no_logarithms(tmp_path: Path) -> None:
    scaled = np.random.default_rng(0).normal(size=(CELLS, GENES)).astype(np.float32)
    atlas = written(dataset(scaled), tmp_path)
    assert atlas.meta.scale == "other"
    np.testing.assert_array_equal(atlas.values("g5"), scaled[:, 5])
    with pytest.raises(ConfigError, match="no raw counts"):
        atlas.counts("g5")


def test_columns_keep_their_kinds_levels_and_gaps(tmp_path: Path) -> None:
    data = dataset(counts())
    atlas = written(data, tmp_path)
    pd.testing.assert_series_equal(
        atlas.column("type"), data.adata.obs["type"].reset_index(drop=True)
    )
    np.testing.assert_array_equal(atlas.column("depth"), data.adata.obs["depth"])
    assert atlas.column("good").dtype == bool
    kinds = {column.name: column.kind for column in atlas.meta.columns}
    assert kinds == {
        "type": "category", "depth": "number", "plate": "number", "good": "bool",
        "barcode": "category",
    }  # fmt: skip


def test_names_instead_of_groups_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scdyn_core.data.atlas.write.MOST_LEVELS", CELLS - 1)
    assert "barcode" not in [c.name for c in written(dataset(counts()), tmp_path).meta.columns]


def test_maps_and_names_are_those_of_the_data(tmp_path: Path) -> None:
    places = np.random.default_rng(1).normal(size=(CELLS, 5))
    table = pd.DataFrame({"a": 1.0, "b": 2.0}, index=[f"cell{n}" for n in range(CELLS)])
    data = dataset(counts(), obsm={"X_pca": places, "one": places[:, :1], "frame": table})
    atlas = written(data, tmp_path)
    assert atlas.meta.embeddings == {"X_pca": 5}
    np.testing.assert_array_equal(atlas.embedding("X_pca"), places.astype(np.float32))
    assert atlas.names(np.array([4, 2])) == ["cell4", "cell2"]
    assert list(atlas.index()) == list(data.adata.obs_names)
    np.testing.assert_array_equal(atlas.rows(), np.arange(CELLS))


def test_prepared_cells_know_their_rows_in_the_dataset(tmp_path: Path) -> None:
    rows = np.array([5, -1] * 15)
    np.testing.assert_array_equal(written(dataset(counts()), tmp_path, rows=rows).rows(), rows)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    atlas = written(dataset(counts()), tmp_path)
    for ask in (atlas.values, atlas.column, atlas.embedding):
        with pytest.raises(ConfigError, match="nowhere"):
            ask("nowhere")


def test_a_damaged_atlas_is_refused(tmp_path: Path) -> None:
    written(dataset(counts()), tmp_path)
    (tmp_path / "atlas" / META_FILE).write_text("{}")
    with pytest.raises(InputError, match="damaged"):
        Atlas(tmp_path / "atlas")


@pytest.mark.parametrize("file", ["counts/values.npy", "counts/starts.npy", "names.arrow"])
@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01"])
def test_damaged_numbers_are_refused_when_they_are_read(
    tmp_path: Path, file: str, content: bytes
) -> None:
    atlas = written(dataset(counts(), Roles(counts="X")), tmp_path)
    (atlas.folder / file).write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        atlas.names(slice(0, 2)) if file == "names.arrow" else atlas.counts("g0")


def test_the_atlas_that_another_process_made_meanwhile_stays(tmp_path: Path) -> None:
    class Meanwhile(SilentReporter):
        def cancelled(self) -> bool:
            if not (tmp_path / "atlas").exists():
                written(dataset(counts(seed=1)), tmp_path)
            return False

    first = written(dataset(counts(seed=0)), tmp_path, reporter=Meanwhile())
    np.testing.assert_array_equal(first.values("g0"), counts(seed=1).toarray()[:, 0])
    assert [path.name for path in tmp_path.iterdir()] == ["atlas"]


@pytest.mark.parametrize(
    "form", [sparse.csr_matrix, sparse.csc_matrix, np.asarray, np.asfortranarray]
)
def test_one_value_that_is_not_whole_makes_no_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: object
) -> None:
    monkeypatch.setattr("scdyn_core.data.atlas.expression._BLOCK", 10)
    whole = counts().toarray()
    assert _raw(form(whole))  # type: ignore[operator]
    for row, column, value in ((0, 0, 0.5), (CELLS - 1, GENES - 1, 0.5), (7, 3, -1.0)):
        changed = whole.copy()
        changed[row, column] = value
        assert not _raw(form(changed))  # type: ignore[operator]
    assert not _raw(form(np.zeros((0, 3), dtype=np.float32)))  # type: ignore[operator]


def test_truth_values_with_gaps_are_groups() -> None:
    obs = pd.DataFrame({"doublet": pd.array([True, None, False], dtype="boolean")})
    column = readable_columns(obs)["doublet"]
    assert list(column.cat.categories) == ["False", "True"]
    assert column.isna().tolist() == [False, True, False]


def test_stopping_leaves_nothing_behind(tmp_path: Path) -> None:
    class Unwanted(SilentReporter):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        written(dataset(counts()), tmp_path, reporter=Unwanted())
    assert list(tmp_path.iterdir()) == []


def test_other_roles_of_counts_are_another_atlas() -> None:
    assert atlas_key("f", Roles(counts="X")) != atlas_key("f", Roles())
    assert atlas_key("f", Roles(counts="X")) == atlas_key("f", Roles(counts="X", time="t"))


def test_what_is_brought_in_is_laid_out_at_once(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "cells.h5ad"
    dataset(counts()).adata.write_h5ad(path)
    record = DatasetStore(workspace).add(path)
    key = atlas_key(record.fingerprint, record.roles)
    assert Atlas(workspace.cache / "atlas" / key).n_cells == CELLS
