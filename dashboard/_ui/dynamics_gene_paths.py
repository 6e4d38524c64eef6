"""Genes along simulated paths, decoded from the latents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.dynamics_model import gene_decoder, gene_range, learned_model

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from scdyn_core.methods.clera.decoding import GeneDecoder
    from scdyn_core.runs.run import Run

    Values = NDArray[np.float64]

SHOWN_GENES, MOST_GENES, COLUMNS = 6, 24, 3
NO_MODEL = (
    "This run keeps no decoder that could be read; train it again to see genes along the paths."
)


def show_gene_paths(run: Run, replicate: int, times: Values, paths: dict[str, Values]) -> None:
    """Draw chosen genes along the paths; at first those that change the most."""
    st.subheader("Genes along the paths", anchor=False)
    decoder = gene_decoder(run, replicate)
    if decoder is None:
        st.caption(NO_MODEL)
        return
    from scdyn_core.plots.text import escaped
    from scdyn_core.plots.trajectories import trajectory_figure

    decoded = {name: _decoded(decoder, path) for name, path in paths.items()}
    chosen = st.multiselect(
        "Genes",
        decoder.genes,
        key="paths/genes",
        placeholder="those that change the most on these paths",
        max_selections=MOST_GENES,
    )
    columns = _columns(decoder, chosen) if chosen else _changing(decoder, decoded)
    model = learned_model(run, replicate)
    low, high = gene_range(f"{run.path}/{replicate}", decoder, model)
    shown = {name: values[:, columns] for name, values in decoded.items()}
    names = [decoder.genes[column] for column in columns]
    chart(
        trajectory_figure(times, shown, [escaped(name) for name in names],
                          (low[columns], high[columns]), columns=COLUMNS, groups=model.groups,
                          palette=palette()),
        name="gene_trajectories",
        key="dynamics/gene_trajectories",
        data=_table(times, shown, names),
    )  # fmt: skip
    st.caption(
        "What the decoder makes of the states, in the units of the expression the model read. "
        "Grey bands hold what 95% of the cells decode to."
    )


def _decoded(decoder: GeneDecoder, path: Values) -> Values:
    values = np.full((len(path), len(decoder.genes)), np.nan)
    known = np.isfinite(path).all(axis=1)
    values[known] = decoder(path[known])
    return values


def _columns(decoder: GeneDecoder, genes: list[str]) -> list[int]:
    position = {name: number for number, name in enumerate(decoder.genes)}
    return [position[gene] for gene in genes]


def _changing(decoder: GeneDecoder, decoded: dict[str, Values]) -> list[int]:
    """Return the genes with the widest range over all paths, in their own sd."""
    everything = np.concatenate(list(decoded.values()))
    reach = np.nanmax(everything, axis=0) - np.nanmin(everything, axis=0)
    return [int(n) for n in np.argsort(-reach / decoder.gene_sd)[:SHOWN_GENES]]


def _table(times: Values, shown: dict[str, Values], genes: list[str]) -> pd.DataFrame:
    import pandas as pd

    frames = []
    for start, values in shown.items():
        frame = pd.DataFrame(values, columns=genes)
        frame.insert(0, "time", times)
        frame.insert(0, "start", start)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
