"""Previews of recipes, computed aside."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scdyn_core.aside.asker import Aside
from scdyn_core.aside.tasks.preview import TABLES
from scdyn_core.reporter import Reporter

if TYPE_CHECKING:
    from scdyn_core.data.roles import Roles
    from scdyn_core.preprocess.preview import Preview
    from scdyn_core.preprocess.recipe import Recipe


class Previewer(Aside):
    """Computes one preview after another; not to be entered by two threads at once."""

    def preview(
        self,
        data: Path,
        roles: Roles,
        recipe: Recipe,
        n_cells: int,
        reporter: Reporter | None = None,
    ) -> Preview:
        """Apply ``recipe`` to at most ``n_cells`` cells of a stored dataset.

        Parameters
        ----------
        data
            ``data.h5ad`` of a dataset in the store; uploads are never read here.
        roles, recipe, n_cells
            As ``preprocess.preview.preview`` takes them.
        reporter
            Hears how far it is, and says when the preview is no longer wanted.

        Raises
        ------
        ScdynError, Cancelled
            As :meth:`Aside.ask` does.
        """
        import pandas as pd

        from scdyn_core.preprocess.preview import Preview
        from scdyn_core.preprocess.step import StepRecord

        with tempfile.TemporaryDirectory(prefix="scdyn-preview-") as scratch:
            folder = Path(scratch)
            request = {
                "data": str(data),
                "roles": roles.model_dump(),
                "recipe": recipe.model_dump(mode="json"),
                "n_cells": n_cells,
            }
            answer = self.ask("preview", request, folder, reporter)
            used, total = answer["cells"]
            return Preview(
                cells_used=used,
                cells_total=total,
                records=tuple(StepRecord.model_validate(record) for record in answer["records"]),
                **{name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES},
            )
