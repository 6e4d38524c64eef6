"""The genes that rise and fall along each latent, as one figure and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.dynamics_tables import latent_name
from dashboard._ui.programs_scores import choose_unit, program_scores
from dashboard._ui.run_tables import columns_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

MOST_GENES = 30
EVERY = "every program"


def show_genes(run: Run, replicate: int) -> None:
    """Draw the strongest genes of every program, or of one."""
    from scdyn_core.plots.gene_programs import program_figure, programs_figure
    from scdyn_core.plots.program_catalogue import MOST_PANELS

    left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    with middle:
        scores = program_scores(run, replicate, choose_unit(run))
    numbers = sorted(int(number) for number in scores.rows["latent"].unique())
    choices = [*([EVERY] if len(numbers) <= MOST_PANELS else []), *numbers]
    latent = left.segmented_control("Program", choices, default=choices[0], required=True,
                                    key="programs/latent", format_func=_program)  # fmt: skip
    most = right.slider("Genes each way", 5, MOST_GENES, 10, key="programs/most")
    shown = {"most": most, "value": scores.value, "unit": scores.unit, "palette": palette()}
    figure = (
        programs_figure(scores.rows, replicate, **shown)
        if latent == EVERY
        else program_figure(scores.rows, replicate, latent, **shown)
    )
    rows = scores.rows if latent == EVERY else scores.rows[scores.rows["latent"] == latent]
    ranked = rows.sort_values(scores.value, ascending=False, key=abs)
    name = "programs" if latent == EVERY else f"program_z{latent}"
    chart(figure, name=name, key="dynamics/program")
    st.caption(f"{scores.words} An association within this model, not proof of regulation.")
    table(
        ranked.drop(columns="replicate"),
        name=name,
        key="dynamics/program_table",
        columns=columns_of(scores.rows),
        height=280,
    )


def _program(choice: str | int) -> str:
    return choice.capitalize() if isinstance(choice, str) else latent_name(choice - 1)
