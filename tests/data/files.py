"""Small files in every format, good and hostile, for tests."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
from anndata import AnnData
from scipy.sparse import csr_matrix

MARKUP = "<img src=x onerror=alert(1)>"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + b"\0" * 64


def counts(n_cells: int = 30, n_genes: int = 12, seed: int = 0) -> csr_matrix:
    values = np.random.default_rng(seed).poisson(1.5, (n_cells, n_genes))
    return csr_matrix(values.astype(np.float32))


def small(n_cells: int = 30, n_genes: int = 12) -> AnnData:
    """Counts with two cell types, and no surprises."""
    types = np.where(np.arange(n_cells) % 2, "A", "B")
    return AnnData(
        X=counts(n_cells, n_genes),
        obs=pd.DataFrame(
            {"cell_type": pd.Categorical(types)}, index=[f"c{i}" for i in range(n_cells)]
        ),
        var=pd.DataFrame(index=[f"g{i}" for i in range(n_genes)]),
    )


def h5ad(path: Path, adata: AnnData | None = None) -> Path:
    (small() if adata is None else adata).write_h5ad(path)
    return path


def secret(folder: Path) -> Path:
    """A file of the server that no upload may show."""
    path = folder / "secret.bin"
    path.write_bytes(b"SECRET!!" * 200)
    return path


def external_storage(path: Path) -> Path:
    hidden = secret(path.parent)
    with h5py.File(h5ad(path), "a") as file:
        file.create_dataset(
            "obs/leak", shape=(30,), dtype="f8", external=[(str(hidden), 0, 30 * 8)]
        )
    return path


def external_link(path: Path) -> Path:
    other = h5ad(path.parent / "other.h5ad")
    with h5py.File(h5ad(path), "a") as file:
        del file["X"]
        file["X"] = h5py.ExternalLink(str(other), "/X")
    return path


def soft_link(path: Path) -> Path:
    with h5py.File(h5ad(path), "a") as file:
        file["layers/again"] = h5py.SoftLink("/X")
    return path


def virtual_dataset(path: Path) -> Path:
    other = path.parent / "source.h5"
    with h5py.File(other, "w") as file:
        file["values"] = np.zeros((30, 12), "f4")
    layout = h5py.VirtualLayout(shape=(30, 12), dtype="f4")
    layout[:] = h5py.VirtualSource(str(other), "values", shape=(30, 12))
    with h5py.File(h5ad(path), "a") as file:
        file.create_virtual_dataset("layers/elsewhere", layout)
    return path


def size_bomb(path: Path) -> Path:
    """A few KB that declare 200,000 × 2,000 float32 values, 1.6 GB."""
    with h5py.File(h5ad(path), "a") as file:
        del file["X"]
        file.create_dataset("X", shape=(200_000, 2_000), dtype="f4", chunks=(2_000, 2_000))
    return path


def chunk_bomb(path: Path) -> Path:
    """Ten values in a chunk of 1.6 GB."""
    with h5py.File(h5ad(path), "a") as file:
        file.create_dataset(
            "uns/few", shape=(10,), maxshape=(None,), dtype="f4", chunks=(400_000_000,)
        )
    return path


def cycle(path: Path) -> Path:
    with h5py.File(h5ad(path), "a") as file:
        file["uns/inner"] = file["uns"]
    return path


def second_hard_link(path: Path) -> Path:
    with h5py.File(h5ad(path), "a") as file:
        file["layers/twin"] = file["X"]
    return path


def many_objects(path: Path) -> Path:
    with h5py.File(h5ad(path), "a", libver="latest") as file:
        group = file.create_group("uns/many")
        for i in range(20_001):
            group.create_group(str(i))
    return path


def deep(path: Path) -> Path:
    with h5py.File(h5ad(path), "a") as file:
        file.create_group("uns/" + "/".join("d" * 40))
    return path


def object_references(path: Path) -> Path:
    with h5py.File(h5ad(path), "a") as file:
        file.create_dataset("uns/refs", data=[file["X"].ref], dtype=h5py.ref_dtype)
    return path


def variable_arrays(path: Path) -> Path:
    with h5py.File(h5ad(path), "a") as file:
        file.create_dataset("uns/ragged", shape=(3,), dtype=h5py.vlen_dtype("f8"))
    return path


def dangling_reference(path: Path) -> Path:
    """An attribute that leads to an object without a place in the tree."""
    with h5py.File(h5ad(path), "a") as file:
        file["hidden"] = np.arange(3)
        file["obs/cell_type"].attrs["categories"] = file["hidden"].ref
        # A deleted object keeps its bytes as long as it is open.
        kept = file["hidden"]
        del file["hidden"]
        kept.file.flush()
    return path


def truncated(path: Path) -> Path:
    whole = h5ad(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def renamed_png(path: Path) -> Path:
    path.write_bytes(PNG)
    return path


def ragged_rows(path: Path) -> Path:
    path.write_text("cell,cell_type,gene1,gene2\nx,A,1,2\ny,B,1\n")
    return path


def markup_gene(path: Path) -> Path:
    """Sound data in which a gene and a cell type are called like an attack on a web page."""
    adata = small()
    adata.var_names = [MARKUP, *adata.var_names[1:]]
    adata.obs["cell_type"] = adata.obs["cell_type"].cat.rename_categories({"A": MARKUP})
    return h5ad(path, adata)


#: Name of the file -> who builds it, and the words in which it is refused.
REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "external_storage.h5ad": (external_storage, "external storage: the values lie in another"),
    "external_link.h5ad": (external_link, "an external link to another file"),
    "soft_link.h5ad": (soft_link, "a soft link"),
    "virtual_dataset.h5ad": (virtual_dataset, "a virtual dataset, which reads other files"),
    "size_bomb.h5ad": (size_bomb, "1.6 GB"),
    "truncated.h5ad": (truncated, "truncated"),
    "picture.h5ad": (renamed_png, "a PNG picture, whatever its name says"),
    "ragged.csv": (ragged_rows, "3 fields"),
}


def refused(folder: Path) -> dict[str, Path]:
    """Build every file that must be refused, each beside what it leads to."""
    built = {}
    for name, (build, _) in REFUSED.items():
        place = folder / name.partition(".")[0]
        place.mkdir(parents=True)
        built[name] = build(place / name)
    return built


def gzip_bomb(path: Path, size: int) -> Path:
    with gzip.open(path, "wb", compresslevel=9) as file:
        for _ in range(size // 1_000_000):
            file.write(b"1,2,3,4,\n" * 111_112)
    return path


def tenx_folder(folder: Path, *, packed: bool = False) -> Path:
    from scipy.io import mmwrite

    folder.mkdir(parents=True)
    adata = small()
    mmwrite(folder / "matrix.mtx", adata.X.T.astype(int))
    (folder / "barcodes.tsv").write_text("".join(f"{name}\n" for name in adata.obs_names))
    lines = [f"ENS{i}\t{name}\tGene Expression\n" for i, name in enumerate(adata.var_names)]
    (folder / "features.tsv").write_text("".join(lines))
    if packed:
        for file in list(folder.iterdir()):
            with gzip.open(folder / f"{file.name}.gz", "wb") as target:
                target.write(file.read_bytes())
            file.unlink()
    return folder


def tenx_h5(path: Path, *, indices: np.ndarray | None = None) -> Path:
    adata = small()
    matrix = adata.X
    types = ["Gene Expression"] * 11 + ["Antibody Capture"]
    with h5py.File(path, "w") as file:
        group = file.create_group("matrix")
        group["data"] = matrix.data.astype("i4")
        group["indices"] = matrix.indices if indices is None else indices
        group["indptr"] = matrix.indptr
        group["shape"] = np.array([12, 30])
        group["barcodes"] = np.array(adata.obs_names, dtype="S")
        features = group.create_group("features")
        features["id"] = np.array([f"ENS{i}" for i in range(12)], dtype="S")
        features["name"] = np.array(adata.var_names, dtype="S")
        features["feature_type"] = np.array(types, dtype="S")
    return path


def loom(path: Path) -> Path:
    adata = small()
    dense = adata.X.toarray().T
    with h5py.File(path, "w") as file:
        file.create_dataset("matrix", data=dense, chunks=True, compression="gzip")
        file["layers/spliced"] = dense
        file["layers/unspliced"] = dense // 2
        file["col_attrs/CellID"] = np.array(adata.obs_names, dtype="S")
        file["col_attrs/Clusters"] = np.array(["x", "y", "z"] * 10, dtype="S")
        file["row_attrs/Gene"] = np.array(adata.var_names, dtype="S")
    return path
