"""Which genes differ between two sets of cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import short
from scdyn_core.plots.text import escaped
from scdyn_core.plots.volcano_drawing import kinds, volcano

TITLES = {"log2_fold_change": "log<sub>2</sub> fold change", "difference": "difference of means"}


def expression_volcano_figure(
    genes: pd.DataFrame,
    sets: tuple[str, str],
    *,
    labelled: int = 12,
    named: Sequence[str] = (),
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw every tested gene, the surest named.

    Genes that no cell of a set expresses have no true fold change; they stand at the edge.

    Parameters
    ----------
    genes
        A comparison's table: gene, p_adjusted, and ``log2_fold_change`` or ``difference``. The row
        of a gene in it is ``customdata[0]`` of its point.
    sets
        Names of the first and the second set; may be hostile, as genes may.
    labelled
        Different genes that get their names, the surest.
    named
        Genes that get theirs in any case.
    palette
        Colours.
    """
    column = next(name for name in TITLES if name in genes)
    own = genes[["gene", "p_adjusted"]].assign(effect=genes[column], row=np.arange(len(genes)))
    own["at"] = own["effect"].clip(*_ends(genes, own["effect"]))
    first, second = (escaped(short(name)) for name in sets)
    return volcano(
        own,
        kinds(own, palette),
        named=named,
        labelled=labelled,
        effect=TITLES[column],
        against=f"({second} ← → {first})",
        palette=palette,
    )


def _ends(genes: pd.DataFrame, effect: pd.Series) -> tuple[float, float]:
    """Return the largest changes of genes that are seen in both sets."""
    seen = np.ones(len(genes), dtype=bool)
    for share in ("fraction_first", "fraction_second"):
        if share in genes:
            seen &= (genes[share] > 0).to_numpy()
    reach = 1.1 * float(effect[seen].abs().max()) if seen.any() else np.inf
    return -reach, reach
