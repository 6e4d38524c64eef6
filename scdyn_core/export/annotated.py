"""Learned results in the standard slots of the prepared data, for scanpy and its friends."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.reporter import Reporter
from scdyn_core.runs.atomic import replacing
from scdyn_core.runs.run import Run
from scdyn_core.runs.work import prepared_dataset

if TYPE_CHECKING:
    from anndata import AnnData

_NUMBERED = re.compile(r"([a-z_]+?)_?(\d+)")


def export_annotated(run: Run, path: Path, reporter: Reporter) -> Path:
    """Write the prepared data of a run with what it learned.

    ``obsm["X_<method>"]`` holds the latent coordinates of the first replicate, further
    coordinates and replicates stand beside it; ``obs`` says which part a cell was in; tables
    that are not about cells are in ``uns["<method>"]``.
    """
    adata = prepared_dataset(run.spec, reporter).dataset.adata.copy()
    key = run.spec.method or "prepared"
    others: dict[str, object] = {
        "config": run.spec.model_dump_json(),
        "scores": (run.path / "scores.json").read_text() if run.scores() else "[]",
    }
    for name in run.tables:
        frame = run.table(name)
        if name == "latent" and "cell" in frame:
            add_latent(adata, frame, key)
        elif "cell" not in frame:
            texts = frame.select_dtypes(include="object").columns
            others[name] = frame.astype(dict.fromkeys(texts, str))
    split = run.split()
    if split is not None:
        parts = split.set_index("sample")["part"].reindex(adata.obs_names)
        adata.obs[f"{key}_part"] = pd.Categorical(parts)
    adata.uns[key] = others
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as beside:
        adata.write_h5ad(beside, compression="gzip")
    return path


def add_latent(adata: AnnData, latent: pd.DataFrame, key: str) -> None:
    """Put numbered columns (``z1, z2, …``) into ``obsm``, cells in the order of ``adata``."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for column in latent.columns:
        match = _NUMBERED.fullmatch(str(column))
        if match:
            groups.setdefault(match[1], []).append((int(match[2]), str(column)))
    for replicate, rows in latent.groupby("replicate"):
        by_cell = rows.set_index("cell").reindex(adata.obs_names)
        for stem, numbered in groups.items():
            slot = f"X_{key}" if stem == "z" else f"{key}_{stem}"
            slot += "" if replicate == 0 else f"_replicate{replicate}"
            adata.obsm[slot] = by_cell[[column for _, column in sorted(numbered)]].to_numpy()
