"""Perturbations that training did not see: what the model made of them after adapting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.perturbations_choice import open_perturbation
from dashboard._ui.perturbations_tables import has_latents, latents_on_words, on_sets, perturbed
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

ABSENT = (
    "No perturbation was held out of this run. Name some on the Train page, or a share of them "
    "(settings *Held out*): the model then learns from the others, finds the latents of these "
    "from a part of their cells with everything else fixed, and is measured on the rest."
)
MOST_LINKS = 20


def show_held_out(run: Run) -> None:
    """Draw how well held-out perturbations are explained before and after adapting."""
    held_out = table_of(run, "held_out")
    if held_out is None or held_out.empty:
        st.info(ABSENT, icon=":material/block:")
        return
    from scdyn_core.plots.perturbation_held_out import held_out_figure

    st.markdown(held_out_words(held_out))
    chart(
        held_out_figure(held_out, palette=palette()),
        name="held_out",
        key="perturbations/held_out",
        data=held_out,
    )
    st.caption(
        "Log-likelihood bounds per cell, in nats, on cells that neither training nor adapting saw; "
        "higher is better. **ELBO** is what is optimised, **IWELBO** the tighter bound of many "
        "draws. *Before*: the model takes the cells for unshifted ones."
    )
    table(_rows(run, held_out).round(3), name="held_out", key="perturbations/held_out_table",
          columns=columns_of(held_out) | _MEANINGS)  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        for name in list(dict.fromkeys(held_out["perturbation"].astype(str)))[:MOST_LINKS]:
            st.button(plain(name, 40), key=f"perturbations/held/{name}", on_click=open_perturbation,
                      args=(name,), help="Its genes and what was predicted")  # fmt: skip


def held_out_words(held_out: pd.DataFrame) -> str:
    """Say what adapting brought (Markdown)."""
    gain = _wide(held_out, "iwelbo")
    change = (gain["after"] - gain["before"]).dropna()
    better = int((change > 0).sum())
    return (
        f"Adapting explains the cells of **{better:,} of {count(len(change), 'perturbation')}** "
        f"better than before, by {change.mean():+.2f} nats a cell on average. What can be "
        "gained depends on how far a perturbation shifts the cells at all."
    )


def _rows(run: Run, held_out: pd.DataFrame) -> pd.DataFrame:
    made = perturbed(run).set_index("perturbation")
    bounds = _wide(held_out, "iwelbo")
    names = [str(name) for name in bounds.index]
    rows = bounds[["before", "after"]].add_prefix("iwelbo_").reset_index()
    rows.insert(1, "cells", made.loc[names, "cells"].to_numpy())
    rows.insert(2, "visible", made.loc[names, "visible"].to_numpy())
    if has_latents(run):
        sets = on_sets(run)
        rows.insert(3, "latents", [latents_on_words(sets[name]) for name in names])
    rows["gain"] = rows["iwelbo_after"] - rows["iwelbo_before"]
    return rows.sort_values("gain", ascending=False, ignore_index=True)


def _wide(held_out: pd.DataFrame, column: str) -> pd.DataFrame:
    return held_out.pivot_table(index="perturbation", columns="stage", values=column, observed=True)


_MEANINGS = {
    "latents": "latents that the perturbation shifts in most replicates, found by adapting",
    "iwelbo_before": "importance-weighted bound per cell before adapting (nats)",
    "iwelbo_after": "the same after adapting (nats)",
    "gain": "what adapting brought, nats a cell",
}
