"""One predicted response, gene by gene: against what was measured, or alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.greyed import greyed
from dashboard._ui.rare_experiment import is_answered
from dashboard._ui.rare_unseen_words import real_prediction_words
from dashboard._ui.run_tables import table_of
from dashboard._ui.selection import remember, remembered

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

MOST_MARKED = 20
_MARKED = "rare/marked"
_MEANINGS = {
    "control": "mean log-normalised expression of the control cells of the type",
    "observed_change": "mean of its treated cells minus control",
    "predicted_change": "predicted mean minus control, mean over models",
    "differentially_expressed": "differentially expressed between its treated and control cells",
    "error": "predicted minus observed change",
}
FORMATS = {"control": "%.3f"} | dict.fromkeys(
    ("observed_change", "predicted_change", "error"), "%+.3f"
)


def show_genes(run: Run) -> None:
    """Draw the change of every gene of a held-out type."""
    from scdyn_core.plots.rare_response import (
        gene_changes,
        predicted_genes_figure,
        response_figure,
    )

    if run.spec.kind == "experiment" and not is_answered(run):
        return
    genes = table_of(run, "unseen_genes")
    assert genes is not None, "a run with predictions has the table unseen_genes"
    own = _chosen(run, genes)
    changes = gene_changes(own)
    marked = _choose_marked(run, changes)
    several = (
        " Predicted is the mean over models; it correlates a little better than one model does."
    )
    if changes["observed_change"].notna().any():
        chart(response_figure(changes, genes=marked, palette=palette()), name="unseen_response",
              key="rare/scatter", data=changes)  # fmt: skip
        st.caption(
            "Every dot a gene; on the dashed line the prediction is right. Cells of this type that "
            "were treated took no part in training. Named: the differentially expressed genes "
            "that change most, and marked ones." + (several if own["seed"].nunique() > 1 else "")
        )
        changes = changes.assign(error=changes["predicted_change"] - changes["observed_change"])
    else:
        st.info(real_prediction_words(own), icon=":material/visibility_off:")
        chart(predicted_genes_figure(changes, genes=marked, palette=palette()),
              name="predicted_response", key="rare/bars", data=changes)  # fmt: skip
        st.caption("The genes that are predicted to change most, and marked ones.")
        changes = changes.drop(columns=["observed_change", "de"])
    found = changes if not marked else changes[changes["gene"].isin(marked)]
    found = found.rename(columns={"de": "differentially_expressed"})
    table(found, name="unseen_genes", key="rare/gene_table", columns=_MEANINGS,
          formats=FORMATS)  # fmt: skip


def _chosen(run: Run, genes: pd.DataFrame) -> pd.DataFrame:
    """Draw the choices of type, way of drawing and predictor; return the rows of these."""
    rows, choices = genes, [("held_out", "type", "Held-out type"), ("arm", "arm", "Cells drawn"),
                            ("predictor", "predictor", "Predictor")]  # fmt: skip
    for (column, name, label), place in zip(choices, st.columns(3), strict=True):
        names = [str(value) for value in rows[column].unique()]
        with place:
            chosen = _one_of(run, name, label, names)
        rows = rows[rows[column].astype(str) == chosen]
    return rows


def _one_of(run: Run, name: str, label: str, names: list[str]) -> str:
    from scdyn_core.plots.rare_looks import arm_name

    key = f"rare/{name}"
    asked = remembered(name, run.id)
    usual = str(run.spec.config.get(name, ""))
    st.session_state[key] = next(one for one in (asked, usual, names[0]) if one in names)
    chosen: str = st.selectbox(
        label, names, key=key,
        format_func=arm_name if name == "arm" else str,
        on_change=lambda: remember(name, st.session_state[key], run.id),
        **greyed("This run has only this one." if len(names) < 2 else None),
    )  # fmt: skip
    remember(name, chosen, run.id)
    return chosen


def _choose_marked(run: Run, changes: pd.DataFrame) -> list[str]:
    names = sorted(changes["gene"].astype(str))
    there = set(names)
    kept = st.query_params.get_all("gene") or st.session_state.get(f"{_MARKED}/kept", [])
    st.session_state[_MARKED] = [gene for gene in kept if gene in there][:MOST_MARKED]
    chosen: list[str] = st.multiselect(
        "Find genes", names, key=_MARKED, max_selections=MOST_MARKED,
        placeholder="genes of interest: named in the figure, alone in the table",
        on_change=lambda: _keep(st.session_state[_MARKED]),
    )  # fmt: skip
    _keep(chosen)
    return chosen


def _keep(genes: list[str]) -> None:
    st.session_state[f"{_MARKED}/kept"] = list(genes)
    if st.query_params.get_all("gene") != list(genes):
        st.query_params["gene"] = list(genes)
