"""The learned equations: as formulas, as a map of coefficients, and how stable they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.dynamics_tables import columns_of
from dashboard._ui.text import count

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 2


def show_equations(equations: pd.DataFrame, replicate: int) -> None:
    """Draw the equations of one replicate."""
    from scdyn_core.plots.coefficient_map import coefficient_figure
    from scdyn_core.plots.equations import equation_latex
    from scdyn_core.plots.inclusion import inclusion_figure

    with st.container(border=True, key="equations"):
        for line in equation_latex(equations, replicate, digits=DIGITS):
            st.latex(line, width="content")
    rows = equations[equations["replicate"] == replicate]
    active = int(rows["active"].sum())
    st.caption(
        f"{count(active, 'term')} kept of {len(rows):,} offered. Every latent has mean 0 and "
        "about sd 1 over the training cells; time is in the unit of the velocity. Coefficients are "
        "rounded here and exact in the table."
    )
    st.markdown("**Coefficients**")
    chart(
        coefficient_figure(equations, replicate, palette=palette()),
        name="coefficients",
        key="dynamics/coefficients",
        data=rows,
    )
    if equations["replicate"].nunique() > 1:
        st.markdown("**Stability**: the share of replicates that kept each term")
        chart(
            inclusion_figure(equations, palette=palette()),
            name="term_stability",
            key="dynamics/inclusion",
        )
        st.caption(
            "Each replicate has latents of its own: z₁ of one need not be z₁ of another, so "
            "low shares can mean a swap of latents as well as an uncertain term."
        )
    folded = st.expander(
        "All terms as a table",
        icon=":material/table:",
        key="dynamics/all_terms",
        on_change="rerun",
    )
    if folded.open:
        with folded:
            table(
                equations,
                name="equations",
                key="dynamics/equation_table",
                columns=columns_of(equations),
                height=320,
            )
