"""An .h5ad with all learned results."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scdyn_core.export.annotated.assemble import annotated_data
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.runs.atomic import replacing
from scdyn_core.runs.run import Run

if TYPE_CHECKING:
    from anndata import AnnData

_COMPRESSION = {"compression": "gzip", "compression_opts": 4}


def export_annotated(run: Run, path: Path, reporter: Reporter) -> Path:
    """Write the prepared data of a run with what it learned; scanpy reads it as it is.

    Raises
    ------
    RunError
        When the data of the run are not there, or changed.
    Cancelled
        When the reporter says so; nothing is left behind.
    """
    adata = annotated_data(run, reporter)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as beside:
        _write(adata, beside, reporter)
    return path


def _write(adata: AnnData, path: Path, reporter: Reporter) -> None:
    """Write matrix by matrix, so that large data show progress and can be cancelled."""
    import h5py
    from anndata.io import write_elem

    matrices: dict[str, Any] = {"X": adata.X}
    matrices |= {f"layers/{name}": adata.layers[name] for name in adata.layers}
    matrices |= {f"obsp/{name}": adata.obsp[name] for name in adata.obsp}
    with warnings.catch_warnings():
        # anndata tells that it turns text columns into categories in the file.
        warnings.simplefilter("ignore")
        _without_matrices(adata).write_h5ad(path, **_COMPRESSION)
        with h5py.File(path, "r+") as file:
            for done, (name, matrix) in enumerate(matrices.items()):
                raise_if_cancelled(reporter)
                reporter.progress("writing", done, len(matrices), name)
                file.pop(name, None)
                write_elem(file, name, matrix, dataset_kwargs=_COMPRESSION)
    reporter.progress("writing", len(matrices), len(matrices))


def _without_matrices(adata: AnnData) -> AnnData:
    import anndata as ad

    return ad.AnnData(
        obs=adata.obs,
        var=adata.var,
        uns=adata.uns,
        obsm=dict(adata.obsm),
        varm=dict(adata.varm),
    )
