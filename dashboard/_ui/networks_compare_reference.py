"""The networks of a run against known edges: curve, scores, and which edges are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, table
from dashboard._ui.networks_compare_data import (
    networks_of,
    origin_of,
    origin_of_kept,
    reference_of,
    scored_against,
    truths_of,
)
from dashboard._ui.networks_compare_other import show_pair
from dashboard._ui.networks_compare_words import found_words, ranking_words
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.methods.regulation.against_reference import AgainstReference
    from scdyn_core.runs.run import Run

_MODEL, _READ = "networks/compared", "networks/read_as"
_AS_KNOWN, _AS_OTHER = "As known edges", "As another network"
RIGHT, OTHER_WAY, NO_SIGN, NOT_KNOWN = "known", "known, other way", "known, no sign", "not known"
_METRICS = {
    "model": "how edges were ranked; random: what chance gives on average",
    "AUPRC": "area under the precision-recall curve, as average precision",
    "AUPRC ratio": "AUPRC over the share of pairs that are known edges",
    "EPR": "early precision ratio: share of known edges among as many of the strongest, over "
    "their share among all pairs",
    "signed EPR": "the same where an edge counts only with the right sign",
}
_EDGES = {
    "rank": "1 is the strongest of these pairs",
    "source": "gene that acts",
    "target": "gene that is acted on",
    "acts": "what the network says it does",
    "reference": "whether the reference has this edge",
    "value": "signed strength",
}


def show_reference(run: Run, replicate: int, name: str) -> None:
    """Draw what the run finds of the known edges."""
    networks = networks_of(run, replicate)
    left, right = st.columns([5, 2], vertical_alignment="bottom")
    with left:
        model = choose_model(list(networks), _MODEL)
    is_truth = name in truths_of(run)
    if not is_truth:
        reference = reference_of(run, name)
        if reference.ranked:
            as_other = right.segmented_control(
                "Read it", [_AS_KNOWN, _AS_OTHER], default=_AS_KNOWN, required=True, key=_READ,
                help="Its edges have strengths: they can also be compared edge by edge.",
            )  # fmt: skip
            if as_other == _AS_OTHER:
                origin = (*origin_of(run, replicate), *origin_of_kept(name))
                show_pair(networks[model], reference, origin)
                return
    scored = scored_against(run, replicate, name)
    if name == run.spec.config.get("prior"):
        st.warning("This run was learned with this network: its edges cost less. That the run "
                   "has them is no evidence for either.", icon=":material/warning:")  # fmt: skip
    st.markdown(found_words(scored, model))
    st.markdown(ranking_words(scored, model))
    _curve(scored, model)
    told = "Truth of generated data." if is_truth else "An edge not known is not proven wrong."
    st.caption(
        f"{plain(scored.name)}: {count(scored.edges, 'known edge')} among {scored.pairs:,} pairs "
        f"of {count(len(scored.sources), 'source')} and {count(len(scored.targets), 'target')} "
        f"that both know, the same pairs for every network. {told}"
    )
    _head(scored, model)


def choose_model(names: list[str], key: str) -> str:
    """Draw the choice of one kind of network."""
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)
    if len(names) == 1:
        return names[0]
    chosen: str = st.pills(
        "Network", names, default=names[0], required=True, key=key,
        format_func=lambda name: plain(name, 40),
    )  # fmt: skip
    return chosen


def _curve(scored: AgainstReference, model: str) -> None:
    from scdyn_core.methods.regulation.against_reference import score_table
    from scdyn_core.plots.network_curve import precision_recall_figure

    scores = score_table(scored.scores)
    picture, beside = st.columns([3, 2], gap="medium")
    with picture:
        chart(
            precision_recall_figure(
                scored.curves, pairs=scored.pairs, edges=scored.edges, stressed=model,
                areas=scores.set_index("model")["AUPRC"], palette=palette(),
            ),
            name="network_precision_recall",
            key="networks/precision_recall",
            data=scored.curves,
        )  # fmt: skip
    with beside:
        table(
            scores, name="network_comparison", key="networks/comparison", columns=_METRICS,
            formats={"AUPRC": "%.3f", "AUPRC ratio": "%.2f", "EPR": "%.2f", "signed EPR": "%.2f"},
        )  # fmt: skip


def _head(scored: AgainstReference, model: str) -> None:
    own = head_table(scored.head[scored.head["model"] == model])
    st.markdown(f"**Strongest edges of {plain(model)}**")
    told = own["reference"].value_counts().to_dict()
    kinds = [kind for kind in (RIGHT, OTHER_WAY, NO_SIGN, NOT_KNOWN) if kind in told]
    shown = st.pills(
        "Shown", kinds, selection_mode="multi", default=kinds, key="networks/head_kinds",
        format_func=lambda kind: f"{kind} ({told.get(kind, 0):,})", label_visibility="collapsed",
    )  # fmt: skip
    rows = own[own["reference"].isin(shown)]
    table(rows, name="network_strongest", key="networks/strongest", columns=_EDGES,
          formats={"value": "%.3g"}, height=320)  # fmt: skip
    csv_button(lambda: scored.head, name="network_strongest_all", key="networks/strongest_all",
               label="Of every network")  # fmt: skip


def head_table(head: pd.DataFrame) -> pd.DataFrame:
    """Return the strongest edges of one network in words."""
    import numpy as np

    signed, way = head["signed"].to_numpy(dtype=bool), np.sign(head["value"].to_numpy())
    words = np.select(
        [~head["known"], head["sign"] == 0, ~signed | (way == head["sign"])],
        [NOT_KNOWN, NO_SIGN, RIGHT],
        default=OTHER_WAY,
    )
    acts = np.where(signed, np.where(way > 0, "raises", "lowers"), "unknown")
    told = head[["rank", "source", "target"]].assign(acts=acts, reference=words)
    return told.assign(value=head["value"])
