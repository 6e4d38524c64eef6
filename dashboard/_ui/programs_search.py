"""One gene: which programs move it, in which cells, and what the model reads from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.dynamics_tables import latent_name
from dashboard._ui.programs_scores import (
    attributions_of,
    choose_unit,
    in_unit,
    program_scores,
)
from dashboard._ui.run_tables import columns_of
from dashboard._ui.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run


def show_gene(run: Run, replicate: int) -> None:
    """Draw what is known of one gene."""
    from scdyn_core.plots.gene_answer import gene_answer_figure

    left, right = st.columns([1, 1], vertical_alignment="bottom")
    with right:
        scores = program_scores(run, replicate, choose_unit(run))
    sizes = scores.rows.assign(size=scores.rows[scores.value].abs())
    strongest = sizes.groupby("gene")["size"].max().sort_values(ascending=False)
    gene = left.selectbox("Gene", strongest.index.tolist(), key="programs/gene",
                        help="Type to search; the genes that programs move most come first. Only "
                        "genes the model reads are here")  # fmt: skip
    rows = scores.rows[scores.rows["gene"] == gene].sort_values("latent")
    ranks = sizes["size"].groupby(sizes["latent"]).rank(ascending=False)[rows.index].astype(int)
    total = scores.rows["gene"].nunique()
    strong = rows.loc[rows[scores.value].abs().idxmax()]
    moves = "rises" if strong[scores.value] > 0 else "falls"
    st.markdown(
        f"**{plain(gene)}** {moves} most along **{latent_name(int(strong['latent']) - 1)}**, where "
        f"it is number {ranks[strong.name]:,} of {total:,} genes."
    )
    typed = attributions_of(run, "shap_decoder_types", replicate)
    of_gene = None
    if typed is not None:
        of_gene = in_unit(run, typed[typed["gene"] == gene], scores.unit)
    known = of_gene is not None and not of_gene.empty
    chart(
        gene_answer_figure(
            rows, scores.value, of_gene if known else None, unit=scores.unit, palette=palette()
        ),
        name="gene",
        key="programs/gene_chart",
    )
    st.caption(scores.words + (" Right: mean attribution in each cell type." if known else ""))
    shown = rows.assign(rank=ranks).drop(columns=["replicate", "gene"])
    table(shown, name="gene", key="programs/gene_table",
          columns={**columns_of(scores.rows), "rank": "place among all genes"})  # fmt: skip
    _read_by_the_model(attributions_of(run, "shap_encoder", replicate), gene)


def _read_by_the_model(encoder: pd.DataFrame | None, gene: str) -> None:
    if encoder is None:
        return
    rows = encoder[encoder["gene"] == gene].drop(columns=["replicate", "gene"])
    st.markdown("**What the encoder reads from it**")
    table(rows, name="gene_to_latents", key="programs/gene_encoder",
          columns=columns_of(encoder))  # fmt: skip
