"""What the network says beside what was measured, and two genes beside each alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.network_facts import perturbations_of, responses_to
from dashboard._ui.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.effects import Effects

_FEWEST = 3
_CHANGED = 0.05
_LEARNED = (
    "The network was learned from training cells of this very perturbation, among all others, "
    "unless it was held out: agreement with test cells says that it describes the response, not "
    "that it would have foretold it. The diagonal is where both are the same."
)


def show_measured(shown: Shown, change: pd.Series, held: list[str]) -> None:
    """Draw predicted against measured changes, where these genes were perturbed."""
    from scdyn_core.plots.network_what_if import predicted_measured_figure

    causes = perturbations_of(shown)
    if not causes:
        return
    name = measured_as(causes, held)
    st.subheader("Beside what was measured", anchor=False)
    if name is None:
        together = "together " if len(held) > 1 else ""
        st.caption(f"These genes were not perturbed {together}in this screen: nothing to compare.")
        return
    own = responses_to(shown, name)
    table = own.assign(
        x=own["log2_fold_change"], y=own["gene"].map(change).astype(float).fillna(0.0)
    )
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
    with left:
        chart(
            predicted_measured_figure(table, held=held, palette=palette()),
            name="what_if_measured", key="networks/what_if_measured",
            data=table[["gene", "x", "y"]],
        )  # fmt: skip
    with right:
        for sentence in agreement_words(table, name, held):
            st.markdown(sentence)
        st.caption(_LEARNED)


def measured_as(perturbations: list[str], held: list[str]) -> str | None:
    """Return the perturbation that hit exactly these genes; ``None`` where there is none."""
    return next((name for name in perturbations if set(name.split("+")) == set(held)), None)


def agreement_words(table: pd.DataFrame, name: str, held: list[str]) -> list[str]:
    """Say how prediction and measurement agree over genes that were not chosen."""
    others = table[~table["gene"].isin(held)]
    measured = "change_test" if others["change_test"].notna().any() else "log2_fold_change"
    where = "test cells" if measured == "change_test" else "all cells"
    told = []
    for rows, words in (
        (others, "all genes"),
        (others[others["p_adjusted"] < _CHANGED], "genes that change (adjusted p below 0.05)"),
    ):
        known = rows[rows[measured].notna()]
        if len(known) >= _FEWEST and known["y"].std() > 0 and known[measured].std() > 0:
            r = float(known["y"].corr(known[measured]))
            told.append(f"**r = {r:.2f}** over {len(known):,} {words}")
    if not told:
        return [f"Too few genes of {plain(name)} to compare."]
    return [f"Correlation with the change among {where}:", *told]


def show_together(
    effects: Effects, change: pd.Series, held: list[str], alone: pd.Series, unit: str
) -> None:
    """Draw what genes do together against the sum of what each does ``alone``."""
    import numpy as np
    import pandas as pd

    from scdyn_core.plots.network_what_if import predicted_measured_figure

    alone = alone / np.log(2) if effects.sized else alone
    table = pd.DataFrame({"gene": change.index, "x": alone.reindex(change.index).to_numpy(),
                          "y": change.to_numpy()}).fillna(0.0)  # fmt: skip
    table = table[~table["gene"].isin(held)]
    st.subheader("Together and apart", anchor=False)
    gap = float((table["x"] - table["y"]).abs().max()) if len(table) else 0.0
    if gap < 1e-6:
        st.markdown(
            "Together they do what each does alone, added up: no path leads from one of them to "
            "another."
        )
        return
    chart(
        predicted_measured_figure(
            table, held=[], x_title=unit.replace("predicted", "sum of each alone:"), y_title=unit,
            palette=palette(),
        ),
        name="what_if_together", key="networks/what_if_together", data=table,
    )  # fmt: skip
    st.caption(
        "Off the diagonal: one of the chosen genes acts through another, which is held at its own "
        "level when both are changed. A linear network knows no other interaction."
    )
