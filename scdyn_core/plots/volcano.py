"""Which genes a perturbation changes: size of the change against how sure it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.volcano_drawing import SIGNIFICANT, Kind, heights, kinds, volcano

__all__ = ["SIGNIFICANT", "heights", "volcano_figure"]


def volcano_figure(
    responses: pd.DataFrame,
    perturbation: str,
    *,
    labelled: int = 12,
    genes: Sequence[str] = (),
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw every gene, the target genes of the perturbation marked and the surest named.

    Parameters
    ----------
    responses
        A run's table: perturbation, gene, log2_fold_change, p_adjusted. The row of a gene in it
        is ``customdata[0]`` of its point.
    perturbation
        Its name as it came; ``A+B`` targets A and B.
    labelled
        Changed genes that get their names, the surest.
    genes
        Genes (may be hostile) that get theirs in any case.
    palette
        Colours.
    """
    rows = np.flatnonzero((responses["perturbation"] == perturbation).to_numpy())
    own = responses.iloc[rows].rename(columns={"log2_fold_change": "effect"})
    own = own.assign(row=rows, at=own["effect"])
    target = own["gene"].isin(perturbation.split("+")).to_numpy()
    marked = [Kind("target gene", target, palette.second_ink, "star", 14)] if target.any() else []
    return volcano(
        own,
        [*kinds(own, palette), *marked],
        named=[*own["gene"][target], *genes],
        labelled=labelled,
        effect="log<sub>2</sub> fold change",
        against="against control",
        palette=palette,
    )
