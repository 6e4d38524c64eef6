"""Two sets of cells compared gene by gene, aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scdyn_core.reporter import Reporter


def work(request: dict[str, Any], folder: Path, reporter: Reporter) -> dict[str, Any]:
    """Answer a ``Question``; the answer is kept in the workspace's comparisons."""
    from scdyn_core.aside.comparisons import ComparisonStore, Question
    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.data.atlas.meta import atlas_folder
    from scdyn_core.evaluation.expression.cell_pair import cell_pair
    from scdyn_core.evaluation.expression.comparison import (
        compare_by_cells,
        compare_by_samples,
        sample_column,
    )
    from scdyn_core.workspace import Workspace

    workspace = Workspace(Path(request["home"]))
    question = Question.model_validate(request["question"])
    store = ComparisonStore(workspace)
    atlas = Atlas(atlas_folder(workspace, question.atlas))
    reporter.progress("reading the sets", 0, 1)
    second = None if question.second is None else store.cells(atlas, question.second)
    pair = cell_pair(store.cells(atlas, question.first), second, atlas.n_cells)
    if question.method == "pseudobulk":
        samples = atlas.column(sample_column(question.samples))
        found = compare_by_samples(atlas, pair, samples, reporter=reporter)
    else:
        found = compare_by_cells(atlas, pair, atlas.meta.scale, reporter)
    store.write(question, found)
    return found.facts.model_dump(mode="json")
