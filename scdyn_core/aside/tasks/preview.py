"""A recipe applied to some of the cells of a stored dataset."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scdyn_core.reporter import Reporter

if TYPE_CHECKING:
    from anndata import AnnData

TABLES = ("before", "after", "genes")


def work(request: dict[str, Any], folder: Path, reporter: Reporter) -> dict[str, Any]:
    """Preview; leaves ``TABLES`` as parquet in ``folder``."""
    from scdyn_core.data.dataset import Dataset
    from scdyn_core.data.roles import Roles
    from scdyn_core.preprocess.preview import preview
    from scdyn_core.preprocess.recipe import Recipe

    data = Path(request["data"])
    dataset = Dataset(
        _read(data, data.stat().st_mtime_ns), Roles(**request["roles"]), data.parent.name, ""
    )
    recipe = Recipe.model_validate(request["recipe"])
    seen = preview(dataset, recipe, request["n_cells"], reporter=reporter)
    for name in TABLES:
        getattr(seen, name).to_parquet(folder / f"{name}.parquet")
    return {
        "cells": [seen.cells_used, seen.cells_total],
        "records": [record.model_dump(mode="json") for record in seen.records],
    }


@lru_cache(maxsize=1)
def _read(data: Path, changed: int) -> AnnData:
    from scdyn_core.data.readers.h5ad import read_h5ad

    return read_h5ad(data)[0]
