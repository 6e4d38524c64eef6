"""How far one perturbation shifts every latent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.perturbations_tables import needed

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run


def show_shift(run: Run, perturbation: str) -> None:
    """Draw the shift of every latent, with its replicates."""
    from scdyn_core.plots.perturbation_shift import perturbation_shift_figure

    targets = needed(run, "targets")
    own = targets[targets["perturbation"] == perturbation]
    if own.empty:
        return
    chart(
        perturbation_shift_figure(own, perturbation, palette=palette()),
        name="shift",
        key="perturbations/shift",
        data=own,
    )
    st.caption("Shift of every latent times the probability that it is on; dots: replicates.")


def strongest_latent(run: Run, perturbation: str) -> int | None:
    """Return the latent that a perturbation shifts most; none where it shifts none."""
    matrix = needed(run, "target_matrix")
    own = matrix[(matrix["perturbation"] == perturbation) & matrix["on"]]
    return None if own.empty else int(own.loc[own["effect"].abs().idxmax(), "latent"])
