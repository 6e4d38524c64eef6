"""The learned equations: as formulas, with the stability of every term, as a map and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.text import count

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

DIGITS = 2


def show_equations(run: Run, equations: pd.DataFrame, replicate: int) -> None:
    """Draw the equations of one replicate, and how stable they are over all of them."""
    from scdyn_core.plots.equations import equation_latex
    from scdyn_core.plots.term_stability import STABLE

    stability = table_of(run, "stability")
    several = equations["replicate"].nunique() > 1
    with st.container(border=True, key="equations"):
        for line in equation_latex(
            equations,
            replicate,
            digits=DIGITS,
            stability=stability if several else None,
            pale=palette().baseline,
        ):
            st.latex(line, width="content")
    rows = equations[equations["replicate"] == replicate]
    grey = ""
    if stability is not None:
        grey = (
            f"**Grey** terms are not stable: fewer than {STABLE:.0%} of the replicates have them "
            "with the same sign. "
            if several
            else "Without more replicates nobody knows which of them are stable. "
        )
    st.caption(
        f"{count(int(rows['active'].sum()), 'term')} kept of {len(rows):,} offered. {grey}Every "
        "latent has mean 0 and about sd 1 over the training cells; time is in the unit of the "
        "velocity. Coefficients are rounded here and exact in the table."
    )
    if stability is not None:
        _stability(run, stability, equations)
    _coefficients(equations, replicate, stability if several else None)
    if several:
        _alignment(run)
    folded_table(equations, "All terms as a table", name="equations",
                 key="dynamics/equation_table", columns=columns_of(equations),
                 height=320)  # fmt: skip


def _stability(run: Run, stability: pd.DataFrame, equations: pd.DataFrame) -> None:
    from scdyn_core.methods.clera.term_agreement import agreement_words
    from scdyn_core.plots.term_stability import term_stability_figure

    several = equations["replicate"].nunique() > 1
    asked = "How stable is each term?" if several else "How precise is each coefficient?"
    st.markdown(f"**{asked}**")
    agreement = table_of(run, "term_agreement")
    if agreement is not None:
        better = agreement["jaccard"].iloc[0] > agreement["chance_high"].iloc[0]
        icon = ":material/check_circle:" if better else ":material/warning:"
        st.markdown(f"{icon} {agreement_words(agreement.iloc[0])}")
    chart(
        term_stability_figure(stability, equations, palette=palette()),
        name="term_stability",
        key="dynamics/stability",
        data=stability,
    )
    if several:
        st.caption(
            "Points: mean over the replicates that kept the term; bars: their central 95 %; small "
            "dots: each replicate. Hollow points are not stable. With few replicates a bar is "
            "little more than their range. Right: how many replicates kept the term; the dotted "
            "line is what to expect if each had kept as many terms at random."
        )
    elif (stability["interval"] == "cells").any():
        st.caption(
            "Bars: central 95 % when the kept terms are solved again on training cells drawn with "
            "replacement: how precisely this one latent space was solved, **not** how sure the "
            "terms are. Another seed finds another space and often other terms. Train several "
            "replicates to see it."
        )


def _coefficients(equations: pd.DataFrame, replicate: int, stability: pd.DataFrame | None) -> None:
    from scdyn_core.plots.coefficient_map import coefficient_figure

    st.markdown("**Coefficients** of this replicate")
    chart(
        coefficient_figure(equations, replicate, stability=stability, palette=palette()),
        name="coefficients",
        key="dynamics/coefficients",
        data=equations[equations["replicate"] == replicate],
    )
    if stability is not None:
        st.caption("The paler a coefficient, the fewer replicates have the term with one sign.")


def _alignment(run: Run) -> None:
    alignment = table_of(run, "alignment")
    if alignment is None:
        return
    reference = int(alignment["reference"].iloc[0])
    others = alignment[alignment["replicate"] != reference]
    correlation = others["correlation"].abs()
    worst = others.loc[correlation.idxmin()]
    st.markdown("**Do the replicates have the same latents?**")
    st.caption(
        "Order and sign of each replicate's latents are matched on validation cells to replicate "
        f"{reference + 1}, which agrees best with all others, so that z₁ of one is z₁ of the "
        f"other. On test cells the matched latents correlate by {correlation.mean():.2f} "
        f"on average and by {correlation.min():.2f} at worst (z{int(worst['latent'])} of "
        f"replicate {int(worst['replicate']) + 1}); where this is low, terms with that latent do "
        "not mean the same in both. After the best linear map, the replicates explain "
        f"{others['field_share'].mean():.0%} of the reference's motion."
    )
    folded_table(alignment, "Agreement of every latent", name="alignment",
                 key="dynamics/alignment_table", columns=columns_of(alignment))  # fmt: skip
