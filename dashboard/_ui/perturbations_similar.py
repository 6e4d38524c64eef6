"""The perturbations that are most like one, each a click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.downloads import csv_button
from dashboard._ui.perturbations_choice import open_perturbation
from dashboard._ui.perturbations_tables import has_latents, rows_of
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from scdyn_core.runs.run import Run

SHOWN = 12
#: Columns that only runs with latents have.
OF_LATENTS = {"shift_cosine": "Cosine of the shifts", "shared_targets": "shared latents"}


def show_similar(run: Run, perturbation: str) -> None:
    """Draw the most similar perturbations as buttons that open them."""
    if "similarity" not in run.tables:
        return
    found = similar(run, perturbation)
    st.markdown(f"**Cells respond like {plain(perturbation, 60)}**")
    with st.container(horizontal=True, gap="small"):
        for row in found.head(SHOWN).itertuples():
            st.button(
                f"{plain(row.perturbation, 40)} · {row.response_correlation:.2f}",
                key=f"perturbations/near/{row.perturbation}",
                help=(_by_latents(row._asdict()) if has_latents(run) else "")
                + "Opens this perturbation",
                on_click=open_perturbation,
                args=(str(row.perturbation),),
            )
    st.caption("Nearest first, with the correlation of the observed changes over all genes.")
    csv_button(lambda: found, name="similar_perturbations", key="perturbations/similar_csv",
               label="All by similarity")  # fmt: skip


def similar(run: Run, perturbation: str) -> pd.DataFrame:
    """Return the other perturbations, the most similar first; pairs may be stored once or twice."""
    import pandas as pd

    pairs = [
        rows_of(run, "similarity", one, perturbation)
        .drop(columns=one)
        .rename(columns={other: "perturbation"})
        for one, other in (
            ("perturbation_a", "perturbation_b"),
            ("perturbation_b", "perturbation_a"),
        )
    ]
    rows = pd.concat(pairs, ignore_index=True).drop_duplicates("perturbation")
    rows = rows[rows["perturbation"] != perturbation].dropna(subset="response_correlation")
    columns = ["perturbation", "response_correlation", *OF_LATENTS]
    told = rows[[name for name in columns if name in rows]]
    return told.sort_values("response_correlation", ascending=False, ignore_index=True)


def _by_latents(row: Mapping[str, float]) -> str:
    """Say how alike two perturbations are in the latents, where there are any."""
    told = [_known(words, row[name]) for name, words in OF_LATENTS.items() if name in row]
    return "; ".join(told) + ". " if told else ""


def _known(words: str, value: float) -> str:
    return f"{words} {value:.2f}" if value == value else f"{words}: none is on"
