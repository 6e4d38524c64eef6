"""The genes of one perturbation: what changed, what was predicted, and a search among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.perturbations_outcomes import headline_metrics
from dashboard._ui.perturbations_tables import perturbed, rows_of
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

MOST_MARKED = 20
FORMATS = {"p": "%.1e", "p_adjusted": "%.1e"}
_MARKED = "perturbations/marked"


def choose_marked(run: Run) -> list[str]:
    """Draw the choice of genes that the figures name."""
    names = _genes_of(run)
    there = set(names)
    kept = st.query_params.get_all("gene") or st.session_state.get(f"{_MARKED}/kept", [])
    st.session_state[_MARKED] = [gene for gene in kept if gene in there][:MOST_MARKED]
    chosen: list[str] = st.multiselect(
        "Mark genes",
        names,
        key=_MARKED,
        placeholder="genes of interest, named in the figures",
        max_selections=MOST_MARKED,
        on_change=lambda: _keep(st.session_state[_MARKED]),
    )
    _keep(chosen)
    return chosen


def _genes_of(run: Run) -> list[str]:
    """Return the genes of the run from its smallest table that names them all."""
    for name in ("latent_genes", "network_genes"):
        found = table_of(run, name)
        if found is not None:
            return sorted(found["gene"].astype(str).unique())
    first = str(perturbed(run)["perturbation"].iloc[0])
    return sorted(rows_of(run, "responses", "perturbation", first)["gene"].astype(str))


def show_responses(run: Run, perturbation: str, marked: list[str]) -> None:
    """Draw volcano, predicted against observed, and the table of the genes."""
    own = rows_of(run, "responses", "perturbation", perturbation)
    if own.empty:
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _volcano(own, perturbation, marked)
    with right:
        _predicted(run, own, perturbation, marked)
    _genes(own, marked)


def _volcano(own: pd.DataFrame, perturbation: str, marked: list[str]) -> None:
    from scdyn_core.plots.volcano import volcano_figure

    st.markdown("**What changed**")
    chart(
        volcano_figure(own, perturbation, genes=marked, palette=palette()),
        name="volcano",
        key="perturbations/volcano",
        data=own,
    )
    st.caption("All its cells against all control cells; Welch's test, Benjamini-Hochberg over "
               "genes.")  # fmt: skip


def _predicted(run: Run, own: pd.DataFrame, perturbation: str, marked: list[str]) -> None:
    from scdyn_core.plots.perturbation_prediction import predicted_change_figure

    st.markdown("**Predicted and observed**")
    if own["predicted"].isna().all() or own["change_test"].isna().all():
        st.caption("Nothing was predicted of it that test cells could be compared with.")
        return
    place = st.container()
    bars = st.toggle("Error bars", key="perturbations/error_bars")
    with place:
        chart(
            predicted_change_figure(
                own,
                perturbation,
                error_bars=bars,
                genes=marked,
                palette=palette(),
            ),
            name="predicted_observed",
            key="perturbations/predicted",
            data=own[["gene", "predicted", "change_test", "change_test_se"]],
        )
    for sentence in prediction_words(run, perturbation):
        st.markdown(sentence)
    st.caption("Change of mean log-normalised expression against control, in test cells.")


def prediction_words(run: Run, perturbation: str) -> list[str]:
    """Say how well one perturbation is predicted on the metrics that can be read here."""
    from scdyn_core.evaluation.perturbation.summary import ranking

    scores, calibration = table_of(run, "prediction_scores"), table_of(run, "calibration")
    if scores is None or calibration is None:
        return []
    own = scores[scores["perturbation"] == perturbation]
    better = calibration.set_index("metric")["better"]
    words = []
    for metric in headline_metrics(calibration):
        for task in own["task"].unique():
            for row in ranking(own, metric, task=str(task)).itertuples():
                icon = "check_circle" if row.gain > 0 else "balance"
                unknown = row.ceiling != row.ceiling
                second = "" if unknown else f"; a second measurement {row.ceiling:.3g}"
                words.append(
                    f":material/{icon}: {plain(metric)} **{row.value:.3g}** ({better[metric]} is "
                    f"better), best baseline {row.baseline_value:.3g} "
                    f"({plain(row.baseline)}){second}."
                )
    return words


def _genes(own: pd.DataFrame, marked: list[str]) -> None:
    asked = st.text_input(
        "Search its genes",
        key="perturbations/search",
        max_chars=60,
        icon=":material/search:",
        placeholder="part of a name; the marked genes otherwise come first",
        width=420,
    ).strip()
    rows = own.drop(columns="perturbation").sort_values("p", kind="stable")
    if asked:
        rows = rows[rows["gene"].astype(str).str.contains(asked, case=False, regex=False)]
        st.caption(f"{count(len(rows), 'gene')} of {len(own):,}.")
    else:
        rows = rows.sort_values("gene", key=lambda names: ~names.isin(marked), kind="stable")
    shown = rows.round({name: 4 for name in rows.columns if name not in FORMATS})
    table(shown, name="genes_of_perturbation", key="perturbations/genes",
          columns=columns_of(own), formats=FORMATS, height=360)  # fmt: skip


def _keep(genes: list[str]) -> None:
    st.session_state[f"{_MARKED}/kept"] = list(genes)
    if st.query_params.get_all("gene") != list(genes):
        st.query_params["gene"] = list(genes)
