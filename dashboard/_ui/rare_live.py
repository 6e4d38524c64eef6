"""What a run that is training draws, while it trains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.run_words import progress_bar
from dashboard._ui.runs_list import REFRESH_SECONDS

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

#: Begin of the columns of metrics that hold the mass of a type.
MASS = "mass/"


def show_live(run: Run) -> None:
    """Draw the weights so far, again every two seconds until the run ends."""
    st.fragment(_live, run_every=REFRESH_SECONDS)(run)


def live_masses(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return the mass of every type at every refresh, as the table ``sampling_mass`` has it."""
    columns = [str(name) for name in metrics.columns if str(name).startswith(MASS)]
    rows = metrics[metrics["part"] == "sampling"]
    long = rows.melt(["replicate", "epoch_total"], columns, "cell_type", "mass").dropna()
    long["cell_type"] = long["cell_type"].str.removeprefix(MASS)
    return long.rename(columns={"epoch_total": "epoch"})


def _live(run: Run) -> None:
    from scdyn_core.plots.metric_rows import draws_of
    from scdyn_core.plots.rare_epochs import sampling_epochs_figure

    if run.state.status != "running":
        st.rerun()
    st.markdown("This run is training. The map, and who was never drawn, appear when it is done.")
    progress_bar(run)
    metrics = run.metrics()
    log = draws_of(metrics)
    if log.empty:
        st.caption("No weights were found yet: the first epochs are drawn uniformly.")
        return
    masses = live_masses(metrics)
    chart(
        sampling_epochs_figure(log, masses, palette=palette()),
        name="sampling_epochs",
        key="rare/live",
        data=log,
    )
