"""What a change of the equations does: fates, genes, fixed points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, table
from dashboard._ui.dynamics_gene_paths import NO_MODEL
from dashboard._ui.dynamics_model import LearnedModel, gene_decoder
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.evaluation.field.fixed_points import FixedPoint
    from scdyn_core.evaluation.field.what_if import Comparison
    from scdyn_core.runs.run import Run

BEFORE, AFTER = "as learned", "changed"
EACH_WAY = 12


def show_fates(model: LearnedModel, found: Comparison, group: str, *, changed: bool) -> None:
    """Draw the types of the cells around the ends."""
    if model.types is None:
        st.caption("Without cell types there are no fates to count.")
        return
    from scdyn_core.evaluation.field.fates import fate_table
    from scdyn_core.plots.fates import fate_figure

    paths = {BEFORE: found.before, **({AFTER: found.after} if changed else {})}
    fates = fate_table(paths, model.support, model.types)
    st.markdown(f"**Where {len(found.before.left):,} {plain(group)} test cells end**")
    chart(fate_figure(fates, palette=palette()), name="fates", key="what_if/fates", data=fates)
    st.caption("Each end has the commonest type of its 15 nearest cells.")


def show_gene_changes(run: Run, replicate: int, found: Comparison) -> None:
    """Draw the genes that differ most between the ends."""
    st.subheader("Genes that end differently", anchor=False)
    decoder = gene_decoder(run, replicate)
    if decoder is None:
        st.caption(NO_MODEL)
        return
    import pandas as pd

    from scdyn_core.plots.fates import gene_change_figure

    before, after = (decoder(paths.ends).mean(axis=0) for paths in (found.before, found.after))
    changes = pd.DataFrame(
        {
            "gene": decoder.genes,
            "as_learned": before,
            "changed": after,
            "change": (after - before) / decoder.gene_sd,
        }
    ).sort_values("change", ascending=False)
    shown = pd.concat([changes.head(EACH_WAY), changes.tail(EACH_WAY)]).drop_duplicates("gene")
    chart(
        gene_change_figure(shown, palette=palette()),
        name="what_if_genes",
        key="what_if/genes",
    )
    csv_button(lambda: changes, name="what_if_genes", key="what_if/genes_csv", label="All genes")
    st.caption(
        "Mean of the decoded ends by the changed equations minus by the learned ones, in sd of "
        "each gene over the training cells."
    )


def show_points(model: LearnedModel, before: list[FixedPoint], after: list[FixedPoint]) -> None:
    """List the fixed points before and after."""
    from scdyn_core.evaluation.field.fixed_point_table import COLUMNS, fixed_point_table

    st.subheader("Fixed points before and after", anchor=False)
    for name, points in ((BEFORE, before), (AFTER, after)):
        st.markdown(
            f"**{name.capitalize()}**: {len(points) or 'none found in the range of the cells'}"
        )
        if points:
            frame = fixed_point_table(points, model.support, model.types)
            table(
                frame.round(4),
                name=f"fixed_points_{name.replace(' ', '_')}",
                key=f"what_if/points/{name}",
                columns=COLUMNS,
            )
