"""One perturbation: what is known of it, how far it shifts every latent, and its genes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.perturbations_choice import choose_perturbation, open_perturbation
from dashboard._ui.perturbations_edges import show_edges
from dashboard._ui.perturbations_facts import fact_words
from dashboard._ui.perturbations_responses import choose_marked, show_responses
from dashboard._ui.perturbations_shift import show_shift
from dashboard._ui.perturbations_similar import show_similar
from dashboard._ui.perturbations_tables import fact_of, has_latents, needed, on_sets
from dashboard._ui.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run


def show_perturbation(run: Run) -> None:
    """Draw everything there is to know of one perturbation."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        perturbation = choose_perturbation(run)
    with right:
        marked = choose_marked(run)
    told = fact_of(run, perturbation)
    _numbers(told)
    latents = on_sets(run)[perturbation] if has_latents(run) else None
    for sentence in fact_words(told, latents):
        st.markdown(sentence)
    _parts(run, perturbation, told)
    _found(run, perturbation, told)
    if "responses" in run.tables:
        show_responses(run, perturbation, marked)


def _found(run: Run, perturbation: str, told: pd.Series) -> None:
    """Draw what the model found beside the perturbations that are alike."""
    if has_latents(run):
        found = show_shift
    elif "network" in run.tables and told["kind"] in ("single", "combination"):
        found = show_edges
    else:
        show_similar(run, perturbation)
        return
    left, beside = st.columns([3, 2], gap="medium")
    with left:
        found(run, perturbation)
    with beside:
        show_similar(run, perturbation)


def _numbers(told: pd.Series) -> None:
    cells, knock_down, distance, genes, *latents = st.columns(5 if "latents_on" in told else 4)
    cells.metric("Cells", f"{int(told['cells']):,}", help=f"{int(told['cells_train']):,} to learn "
                 f"from, {int(told['cells_test']):,} to be scored on")  # fmt: skip
    known = told["knock_down"] == told["knock_down"]
    knock_down.metric(
        "Target, log2",
        f"{told['knock_down']:+.2f}" if known else "not measured",
        help=f"Change of its target against control cells (p {told['knock_down_p']:.1e})"
        if known
        else "Its target is not among the genes of this run, so nothing shows that it was hit",
    )
    far = told["e_distance"]
    distance.metric(
        "E-distance",
        f"{far:.2f}" if far == far else "unknown",
        help=f"From the control cells, in principal components; p {told['e_distance_p']:.2g}",
    )
    genes.metric("Changed genes", f"{int(told['changed_genes']):,}", help="Adjusted p below 5 %")
    for column in latents:
        column.metric("Latents on", f"{told['latents_on']:.1f}", help="Mean over the replicates")


def _parts(run: Run, perturbation: str, told: pd.Series) -> None:
    """Lead from a combination to its parts, and from a single to its combinations."""
    names = needed(run, "perturbations")["perturbation"].astype(str)
    own = set(perturbation.split("+"))
    if told["kind"] == "combination":
        label, others = "Its parts", [name for name in names if name in own]
    elif told["kind"] == "single":
        label = "Combinations with it"
        others = [name for name in names if "+" in name and own < set(name.split("+"))]
    else:
        return
    if not others:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(label, width="content")
        for name in others[:12]:
            st.button(plain(name, 40), key=f"perturbations/part/{name}", type="tertiary",
                      on_click=open_perturbation, args=(name,))  # fmt: skip
