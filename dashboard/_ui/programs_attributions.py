"""Shapley attributions: what latents do to genes and cell types, and what genes do to both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.dynamics_tables import latent_name
from dashboard._ui.programs_job import show_job
from dashboard._ui.programs_scores import attributions_of, choose_unit, in_unit
from dashboard._ui.run_tables import columns_of, table_of

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

#: Table -> what it says.
TABLES = {
    "shap_decoder": "Latent → gene",
    "shap_classifier": "Latent → cell type",
    "shap_encoder": "Gene → latent",
    "shap_gene_type": "Gene → cell type",
}
WORDS = {
    "decoder": "latent → gene", "classifier": "latent → cell type", "encoder": "gene → latent",
    "gene_to_type": "gene → cell type",
}  # fmt: skip
MOST_GENES = 30
#: A sum of attributions that misses its target by more than this share deserves a word.
LARGE_GAP = 0.15


def show_attributions(run: Run, replicate: int) -> None:
    """Draw the attributions of one replicate, and what computes them."""
    found = {name: attributions_of(run, name, replicate) for name in TABLES}
    known = {name: rows for name, rows in found.items() if rows is not None}
    if not known:
        show_job(run, replicate, computed=False)
        return
    left, middle, right = st.columns([4, 2, 2], vertical_alignment="bottom")
    name = left.segmented_control("Attribution", list(known), default=next(iter(known)),
                                  required=True, key="programs/attribution",
                                  format_func=lambda name: TABLES[name])  # fmt: skip
    rows = known[name]
    if name == "shap_classifier":
        _latents_to_types(rows)
    elif name == "shap_decoder":
        most = right.slider("Genes", 5, MOST_GENES, 15, key="programs/dots")
        with middle:
            unit = choose_unit(run)
        rows = in_unit(run, rows, unit)
        typed = attributions_of(run, "shap_decoder_types", replicate)
        if typed is not None:
            _latents_to_genes(rows, in_unit(run, typed, unit), most, unit)
    else:
        most = right.slider("Genes", 5, MOST_GENES, 15, key="programs/dots")
        _from_genes(rows, most, "latent" if name == "shap_encoder" else "cell_type")
    table(rows.drop(columns="replicate").sort_values("mean_abs", ascending=False), name=name,
          key=f"programs/table/{name}", columns=columns_of(rows), height=280)  # fmt: skip
    _checks(table_of(run, "shap_checks"), replicate)
    show_job(run, replicate, computed=True)


def _latents_to_genes(rows: pd.DataFrame, typed: pd.DataFrame, most: int, unit: str) -> None:
    from scdyn_core.plots.gene_dots import gene_dots_figure
    from scdyn_core.plots.program_catalogue import typed_genes

    numbers = sorted(int(number) for number in rows["latent"].unique())
    latent = st.segmented_control("Program", numbers, default=numbers[0], required=True,
                                  key="programs/dots_latent",
                                  format_func=lambda number: latent_name(number - 1))  # fmt: skip
    genes = typed_genes(rows, typed, latent, most)
    shown = typed[typed["latent"] == latent]
    chart(
        gene_dots_figure(shown, genes, unit=unit, palette=palette()),
        name=f"shap_z{latent}_by_type",
        key="programs/gene_dots",
        data=shown[shown["gene"].isin(genes)],
    )
    st.caption(
        f"The genes that {latent_name(latent - 1)} moves most. Colour: how much it lifts "
        "(orange) or lowers (blue) the gene in cells of a type, on average, against the average "
        "background cell; area: mean size of that, which does not cancel over cells."
    )


def _latents_to_types(rows: pd.DataFrame) -> None:
    from scdyn_core.plots.type_profile import type_profile_figure

    chart(
        type_profile_figure(rows, mean="mean_abs", sd="sd_abs", title="|attribution| (logit)",
                            palette=palette()),
        name="shap_classifier",
        key="programs/classifier",
    )  # fmt: skip
    st.caption(
        "How much each latent moves the classifier's logit for a type, over the test cells of that "
        "type: mean ± sd of the size. A latent near 0 plays no part in telling the type."
    )


def _from_genes(rows: pd.DataFrame, most: int, output: str) -> None:
    from scdyn_core.plots.gene_weights import gene_weights_figure

    chart(
        gene_weights_figure(rows, output=output, most=most, palette=palette()),
        name=f"shap_genes_to_{output}",
        key=f"programs/from_genes/{output}",
    )
    to = "latent" if output == "latent" else "logit of its cells' own type"
    st.caption(
        f"The genes that move each {to} most: mean size of the attribution over test cells. "
        "Genes that rise and fall together share an attribution as the network's weights happen to "
        "split it: read groups of genes, not single ranks. Where the network reads principal "
        "components, a gene's value is the one rebuilt from them."
    )


def _checks(checks: pd.DataFrame | None, replicate: int) -> None:
    if checks is None:
        return
    rows = checks[checks["replicate"] == replicate]
    words = [
        f"{WORDS[row.attribution]}: {row.explainer}, {row.cells} test cells against "
        f"{row.background} training cells, {_closeness(row.gap)}"
        for row in rows.itertuples()
    ]
    st.caption("How they were made. " + "; ".join(words) + ".")
    if (rows["gap"] > LARGE_GAP).any():
        st.warning("Some attributions do not add up well: compute again with more samples per "
                   "cell.", icon=":material/warning:")  # fmt: skip


def _closeness(gap: float) -> str:
    if gap < 1e-4:
        return "add up exactly to the network's output"
    return f"add up to the network's output within {gap:.1%}"
