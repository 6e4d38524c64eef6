"""Files built to harm: each is refused, with its own message that names the place."""

from __future__ import annotations

import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5py import h5t

from scdyn_core.data.intake import take_in
from scdyn_core.data.load import load
from scdyn_core.data.preflight import preflight
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import InputError
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.workspace import Workspace
from tests.data import files

BUDGET = 500_000_000

HDF5_CASES: list[tuple[Callable[[Path], Path], str, str]] = [
    (files.external_storage, "/obs/leak", "external storage"),
    (files.external_link, "/X", "external link"),
    (files.soft_link, "/layers/again", "soft link"),
    (files.virtual_dataset, "/layers/elsewhere", "virtual dataset"),
    (files.size_bomb, "/X", "declares 1.6 GB"),
    (files.chunk_bomb, "/uns/few", "declares 1.6 GB"),
    (files.cycle, "/uns/inner", "cycle"),
    (files.second_hard_link, "/layers/twin", "second hard link"),
    (files.many_objects, "/uns/many", "more than 20000 objects"),
    (files.deep, "/uns/d/d", "nested"),
    (files.object_references, "/uns/refs", "references"),
    (files.variable_arrays, "/uns/ragged", "variable-length arrays"),
    (files.dangling_reference, "/obs/cell_type@categories", "nowhere in the file's tree"),
    (files.truncated, "bad.h5ad", "truncated"),
    (files.renamed_png, "bad.h5ad", "PNG"),
]


@pytest.mark.parametrize(
    ("build", "place", "found"), HDF5_CASES, ids=[case[0].__name__ for case in HDF5_CASES]
)
def test_a_hostile_file_is_refused_by_name_within_the_budget(
    build: Callable[[Path], Path], place: str, found: str, tmp_path: Path
) -> None:
    path = build(tmp_path / "bad.h5ad")
    tracemalloc.start()
    with pytest.raises(InputError) as refusal:
        load(path, budget_bytes=BUDGET)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert place in refusal.value.place
    assert found in refusal.value.found
    assert refusal.value.fix
    assert peak < 50_000_000


def test_every_kind_of_harm_has_a_message_of_its_own(tmp_path: Path) -> None:
    messages = set()
    for build, _, _ in HDF5_CASES:
        folder = tmp_path / build.__name__
        folder.mkdir()
        with pytest.raises(InputError) as refusal:
            load(build(folder / "bad.h5ad"), budget_bytes=BUDGET)
        messages.add((refusal.value.place, refusal.value.found))
    assert len(messages) == len(HDF5_CASES)


def test_a_bomb_is_refused_even_when_the_budget_would_allow_it(tmp_path: Path) -> None:
    path = files.size_bomb(tmp_path / "bomb.h5ad")
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match=r"1\.6 GB declared but only 0 B stored"):
        load(path, budget_bytes=100 * 10**9)


def test_a_contiguous_array_larger_than_its_file_is_refused(tmp_path: Path) -> None:
    path = files.h5ad(tmp_path / "late.h5ad")
    with h5py.File(path, "a") as file:
        file.create_dataset("layers/late", shape=(100_000_000,), dtype="f4")
    with pytest.raises(InputError, match="declared but only"):
        load(path, budget_bytes=100 * 10**9)


def test_arrays_that_fit_one_by_one_but_not_together_are_refused(tmp_path: Path) -> None:
    path = files.h5ad(tmp_path / "sum.h5ad")
    with h5py.File(path, "a") as file:
        for i in range(4):
            file[f"uns/part{i}"] = np.ones(100_000)
    preflight(path, 4_000_000)
    with pytest.raises(InputError, match="with this array the file declares"):
        preflight(path, 2_500_000)


def test_many_pointers_to_one_long_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("names", shape=(2000,), dtype=h5py.string_dtype())
        data[0] = "x" * 1_000_000
        data[1] = "y"
        first = data.id.get_offset()
    raw = bytearray(path.read_bytes())
    # An element is a length, a heap address and an index: copy the first over all others.
    raw[first : first + 16 * 2000] = bytes(raw[first : first + 16]) * 2000
    path.write_bytes(raw)
    tracemalloc.start()
    with pytest.raises(InputError, match="2000 texts that may take more than"):
        preflight(path, 20_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000


def test_long_texts_that_fit_are_allowed(tmp_path: Path) -> None:
    path = tmp_path / "text.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("names", data=["x" * 5000, "y", "z"] * 100)
    assert preflight(path, 2_000_000).objects == 1


def test_opaque_values_are_refused(tmp_path: Path) -> None:
    path = files.h5ad(tmp_path / "opaque.h5ad")
    with h5py.File(path, "a") as file:
        file["uns/blob"] = np.void(b"\x80\x04pickle")
    with pytest.raises(InputError, match="opaque bytes"):
        load(path)


def test_a_filter_that_is_not_installed_is_named(tmp_path: Path) -> None:
    path = files.h5ad(tmp_path / "filter.h5ad")
    with h5py.File(path, "a") as file:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((10,))
        plist.set_filter(32123, h5py.h5z.FLAG_OPTIONAL)
        space = h5py.h5s.create_simple((10,))
        h5py.h5d.create(file["uns"].id, b"packed", h5t.IEEE_F32LE, space, dcpl=plist)
    with pytest.raises(InputError, match="not available here"):
        load(path)


def test_sparse_indices_outside_the_matrix_are_refused(tmp_path: Path) -> None:
    path = files.h5ad(tmp_path / "indices.h5ad")
    with h5py.File(path, "a") as file:
        file["X/indices"][3] = 1_000_000
    with pytest.raises(InputError, match="invalid indices"):
        load(path)


def test_sparse_indices_outside_a_10x_matrix_are_refused(tmp_path: Path) -> None:
    indices = files.counts().indices.copy()
    indices[5] = -7
    with pytest.raises(InputError, match="invalid indices"):
        load(files.tenx_h5(tmp_path / "m.h5", indices=indices))


def test_a_gzip_bomb_stops_at_the_budget(tmp_path: Path) -> None:
    path = files.gzip_bomb(tmp_path / "t.csv.gz", 40_000_000)
    assert path.stat().st_size < 200_000
    with pytest.raises(InputError, match="when unpacked"):
        load(path, budget_bytes=5_000_000)


@pytest.mark.parametrize("name", ["../evil.mtx", "/etc/evil.mtx", "a/../../evil", "..\\evil.mtx"])
def test_an_archive_member_cannot_leave_its_folder(name: str, tmp_path: Path) -> None:
    archive = tmp_path / "inside" / "a.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, "%%MatrixMarket")
    with pytest.raises(InputError, match="leads out of"):
        load(archive)
    assert not (tmp_path / "evil.mtx").exists()


def test_a_link_in_a_tar_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "a.tar"
    with tarfile.open(archive, "w") as file:
        member = tarfile.TarInfo("matrix.mtx")
        member.type = tarfile.SYMTYPE
        member.linkname = str(files.secret(tmp_path))
        file.addfile(member)
    with pytest.raises(InputError, match="a link, device or pipe"):
        load(archive)


def test_a_zip_bomb_stops_at_the_budget(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("matrix.mtx", b"0" * 20_000_000)
    with pytest.raises(InputError, match="when unpacked"):
        load(archive, budget_bytes=2_000_000)


def test_a_matrix_market_header_cannot_claim_memory(tmp_path: Path) -> None:
    folder = files.tenx_folder(tmp_path / "m")
    header = "%%MatrixMarket matrix coordinate integer general\n12 30 900000000000\n1 1 1\n"
    (folder / "matrix.mtx").write_text(header)
    with pytest.raises(InputError, match="in memory"):
        load(folder)


def test_a_link_in_a_matrix_folder_is_not_followed(tmp_path: Path) -> None:
    folder = files.tenx_folder(tmp_path / "m")
    (folder / "barcodes.tsv").rename(tmp_path / "elsewhere.tsv")
    (folder / "barcodes.tsv").symlink_to(tmp_path / "elsewhere.tsv")
    with pytest.raises(InputError, match=r"no barcodes\.tsv"):
        load(folder)


def test_markup_in_names_is_kept_as_text(tmp_path: Path) -> None:
    adata = files.small()
    adata.var_names = [files.MARKUP, *adata.var_names[1:]]
    adata.obs["cell_type"] = adata.obs["cell_type"].cat.rename_categories({"A": files.MARKUP})
    dataset = load(files.h5ad(tmp_path / "markup.h5ad", adata))
    assert dataset.adata.var_names[0] == files.MARKUP
    assert files.MARKUP in dataset.adata.obs["cell_type"].cat.categories


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.h5ad")
    with pytest.raises(InputError, match="device, pipe or socket"):
        load(tmp_path / "pipe.h5ad")


@pytest.mark.parametrize("seed", range(8))
def test_damage_anywhere_in_a_file_always_ends_in_one_clear_message(
    seed: int, tmp_path: Path
) -> None:
    path = files.h5ad(tmp_path / "damaged.h5ad")
    damaged = bytearray(path.read_bytes())
    rng = np.random.default_rng(seed)
    for position in rng.integers(8, len(damaged), 40):
        damaged[position] = rng.integers(256)
    path.write_bytes(damaged)
    folder = tmp_path / "taken"
    folder.mkdir()
    with pytest.raises(InputError, match=r"damaged\.h5ad"):
        take_in(path, folder, None, 50_000_000, timeout=20)


def test_a_reader_that_hangs_is_ended(tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    with pytest.raises(InputError, match="did not end within 0 seconds"):
        take_in(files.h5ad(tmp_path / "slow.h5ad"), folder, None, None, timeout=0.01)


def test_a_reader_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    class Gone(SilentReporter):
        def cancelled(self) -> bool:
            return True

    store = DatasetStore(Workspace(tmp_path))
    with pytest.raises(Cancelled):
        store.add(files.h5ad(tmp_path / "fine.h5ad"), reporter=Gone())
    assert store.records() == []
    assert not any((tmp_path / "datasets").iterdir())


def test_a_reader_that_crashes_costs_only_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A library path that ends the interpreter stands for a crash inside compiled code.
    (tmp_path / "sitecustomize.py").write_text("import os\nos.kill(os.getpid(), 11)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    folder = tmp_path / "taken"
    folder.mkdir()
    with pytest.raises(InputError, match="crashed \\(SIGSEGV\\)"):
        take_in(files.h5ad(tmp_path / "evil.h5ad"), folder, None, None)
