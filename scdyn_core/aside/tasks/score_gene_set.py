"""How much of a set of genes every cell expresses: read from an atlas, left as ``scores.npy``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scdyn_core.reporter import Reporter

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.data.atlas.atlas import Atlas

SCORES = "scores.npy"
_MEANS = "means.npy"


def work(request: dict[str, Any], folder: Path, reporter: Reporter) -> dict[str, Any]:
    """Score the genes ``genes`` in the atlas ``atlas``; answer how many of them the data have."""
    import numpy as np

    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.evaluation.gene_set_score import control_genes, gene_set_score, genes_of_set

    atlas = Atlas(Path(request["atlas"]))
    chosen = genes_of_set(request["genes"], atlas.genes)
    controls = control_genes(_means(atlas, reporter), chosen, seed=request["seed"])
    scores = gene_set_score(atlas, chosen, controls, reporter)
    np.save(folder / SCORES, scores.astype(np.float32), allow_pickle=False)
    return {"genes": len(chosen), "of": len(set(request["genes"]))}


def _means(atlas: Atlas, reporter: Reporter) -> pd.Series:
    """Return the mean of every gene, kept beside the atlas: the next set needs them too."""
    import numpy as np
    import pandas as pd

    from scdyn_core.evaluation.gene_set_score import mean_expression
    from scdyn_core.runs.atomic import replacing

    kept = atlas.folder / _MEANS
    if kept.exists():
        return pd.Series(np.load(kept, allow_pickle=False), index=list(atlas.genes))
    means = mean_expression(atlas, atlas.genes, reporter)
    with replacing(kept) as beside, beside.open("wb") as file:
        np.save(file, means.to_numpy(), allow_pickle=False)
    return means
