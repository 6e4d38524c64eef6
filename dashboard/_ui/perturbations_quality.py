"""Whether the targets can be believed: sparsity, agreement of replicates, planted truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table, table
from dashboard._ui.perturbations_tables import needed, on_sets
from dashboard._ui.run_tables import columns_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

OWN = "this run"


def show_sparsity(run: Run) -> None:
    """Draw how many latents are on at every sparsity."""
    from scdyn_core.plots.perturbation_sparsity import sparsity_path_figure

    path, told = needed(run, "sparsity_path"), needed(run, "perturbations")
    chart(
        sparsity_path_figure(path, told, palette=palette()),
        name="sparsity_path",
        key="perturbations/sparsity",
        data=path,
    )
    chosen = path[path["chosen"]]
    if len(chosen):
        row = chosen.iloc[0]
        st.markdown(
            f"This run used **{row['sparsity']:g} nats a cell**: a shift stays on from about "
            f"{row['threshold']:.2f} standard deviations."
        )
    st.caption(
        "The sparsity decides how many targets there are: more of it keeps only large shifts. "
        "Believe what is on over a wide range of it, while the null control stays empty."
    )


def show_stability(run: Run) -> None:
    """Draw whether replicates find the same targets and the same latents."""
    from scdyn_core.evaluation.target_agreement import target_agreement

    targets, matrix = needed(run, "targets"), needed(run, "target_matrix")
    latents = needed(run, "latents")
    replicates = targets["replicate"].nunique()
    if replicates < 2:
        st.info("This run has one replicate: whether another seed finds the same targets is not "
                "known. Train several to see it.", icon=":material/casino:")  # fmt: skip
    else:
        pairs = target_agreement(targets)
        on = matrix[matrix["on"]]
        sure = int((on["stability"] == 1).sum())
        sentence = (
            "No replicate switches anything on."
            if pairs["jaccard"].isna().all()
            else f"Two replicates share **{pairs['jaccard'].mean():.0%}** of what either switches "
            f"on (mean Jaccard of {count(len(pairs), 'pair')}, lowest "
            f"{pairs['jaccard'].min():.0%})."
        )
        st.markdown(
            f"{sentence} Of {count(len(on), 'target')} on in most replicates, **{sure:,}** "
            f"{'is' if sure == 1 else 'are'} on in all {replicates}."
        )
        table(pairs.round(3), name="target_agreement", key="perturbations/agreement",
              columns=_PAIRS)  # fmt: skip
    st.markdown("**The latents**")
    table(latents.round(3), name="latents", key="perturbations/latents",
          columns=columns_of(latents))  # fmt: skip
    used = {number for own in on_sets(run).values() for number in own}
    idle = len(latents) - len(used)
    if idle:
        st.caption(
            f"{count(idle, 'latent')} of {len(latents):,} "
            f"{'serves' if idle == 1 else 'serve'} no perturbation: "
            f"{'it describes' if idle == 1 else 'they describe'} how cells differ whatever was "
            "done to them."
        )
    folded_table(matrix.round(3), "All targets as a table", name="target_matrix",
                 key="perturbations/matrix_table", columns=columns_of(matrix),
                 height=360)  # fmt: skip


def show_truth(run: Run) -> None:
    """Draw how much of the planted truth was found, beside simple methods."""
    from scdyn_core.plots.target_recovery import target_recovery_figure

    truth = needed(run, "truth")
    for sentence in truth_words(truth):
        st.markdown(sentence)
    chart(
        target_recovery_figure(truth, palette=palette()),
        name="truth",
        key="perturbations/truth",
        data=truth,
    )
    st.caption(
        "These data were generated, so the truth is known. **MCC**: mean correlation of matched "
        "latents; **R2**: linear prediction of the true latents; **mask**: which latents each "
        "perturbation shifts. Methods with *rotation* were rotated as this run was."
    )


def truth_words(truth: pd.DataFrame) -> list[str]:
    """Say by quantity whether the run or a simpler method finds more (Markdown)."""
    means = truth.groupby(["quantity", "model"], sort=False, observed=True)["value"].mean()
    words = []
    for quantity in truth["quantity"].unique():
        own = means[quantity]
        rivals = own.drop(OWN, errors="ignore").dropna()
        if OWN not in own or rivals.empty:
            continue
        best, value = str(rivals.idxmax()), float(own[OWN])
        better, relation = _relation(value - float(rivals.max()), _spread(truth, str(quantity)))
        words.append(
            f":material/{'check_circle' if better else 'balance'}: **{plain(quantity)}** "
            f"{value:.3f}, {relation} the best other method, {plain(best)} ({rivals.max():.3f})."
        )
    return words


def _spread(truth: pd.DataFrame, quantity: str) -> float:
    """Return the standard deviation over replicates of this run; 0 where there is one."""
    own = truth[(truth["quantity"] == quantity) & (truth["model"] == OWN)]["value"]
    return float(own.std()) if len(own) > 1 else 0.0


def _relation(lead: float, spread: float) -> tuple[bool, str]:
    if lead <= 0:
        return False, "**not above**"
    return (True, "above") if lead > spread else (False, "within the spread of its replicates of")


_PAIRS = {
    "replicate_a": "a replicate",
    "replicate_b": "another one",
    "jaccard": "pairs of perturbation and latent that both switch on, of those that either does",
    "on_a": "pairs of perturbation and latent that the first switches on",
    "on_b": "the same of the second",
}
