"""Whether the equations carry held-out cells from one time to the next, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table
from dashboard._ui.run_tables import columns_of

if TYPE_CHECKING:
    import pandas as pd


def show_time_error(steps: pd.DataFrame) -> None:
    """Draw the error of every step beside its baselines."""
    from scdyn_core.plots.time_error import time_error_figure

    st.subheader("From one time to the next", anchor=False)
    if steps["counts"].any():
        chart(time_error_figure(steps, palette=palette()), name="time_error",
              key="dynamics/time_error")  # fmt: skip
    else:
        st.info(
            "Cells of consecutive times are distributed alike here: there is nothing to predict, "
            "and no score. (Each sample may hold cells of all stages.)"
        )
    st.caption(
        "Test cells of one time are moved by the equations and compared, as a population, "
        "with those of the next (energy distance in the latent space). 1 is as far as without "
        "any motion, 0 is all the way; steps between times whose cells do not differ are left "
        "out. How long a step takes is chosen on training cells, no time at all among the "
        "choices. A pseudotime made from the same velocities is no independent witness."
    )
    folded_table(steps, "Every step as a table", name="time_error",
                 key="dynamics/time_error_table", columns=columns_of(steps),
                 height=280)  # fmt: skip
