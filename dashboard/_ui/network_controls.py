"""What of a network is looked at: cells, evidence, how many genes, which node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.network_data import Look

if TYPE_CHECKING:
    import pandas as pd

ALL_CELLS = "All cells"
MOST_GENES, FEWEST_GENES = 100, 1
NODE_KEY = "node"


def choose_look(edges: pd.DataFrame) -> Look | None:
    """Draw the controls; ``None`` while they leave nothing to look at."""
    from scdyn_core.networks.edges import cell_types, of_cell_type
    from scdyn_core.networks.view import GENES, default_evidence

    cells, kinds, folded = st.columns([3, 6, 2], vertical_alignment="bottom")
    more = folded.popover("More", icon=":material/tune:")
    cell_type = _cell_type(cells, cell_types(edges))
    own = of_cell_type(edges, cell_type)
    offered = list(dict.fromkeys(map(str, own["evidence"])))
    with kinds:
        evidence = st.pills(
            "Evidence",
            offered,
            selection_mode="multi",
            default=default_evidence(own),
            key=f"evidence_{'all' if cell_type is None else 'type'}",
            bind="query-params",
            help="Equation: the latent is in the other's equation. Knock-out: the gene changes "
            "when the latent is set to its mean. SHAP: the latent's share in the decoded gene. "
            "Of several for the same pair the mean counts.",
        )
    most = more.slider(
        "Genes per latent", FEWEST_GENES, MOST_GENES, GENES, key="genes", bind="query-params",
        help="The strongest genes of each latent. A gene that one latent brings in keeps its "
        "edges from the others if they are as strong as the weakest shown.",
    )  # fmt: skip
    minimum = more.slider(
        "Weakest edge", 0.0, 1.0, 0.0, 0.05, key="weakest", bind="query-params",
        help="1 is the strongest edge of the same evidence in any cell type.",
    )  # fmt: skip
    resolution = more.slider(
        "Resolution", 0.2, 3.0, 1.0, 0.1, key="resolution", bind="query-params",
        help="Of the Leiden communities: higher gives more and smaller ones.",
    )  # fmt: skip
    node = _node(own[own["evidence"].isin(evidence)])
    if not evidence:
        st.info("Choose at least one kind of evidence.")
        return None
    return Look(cell_type, tuple(evidence), most, minimum, resolution, node)


def _cell_type(place: st.delta_generator.DeltaGenerator, names: list[str]) -> str | None:
    choices = ["", *names]
    if st.session_state.get("cells", "") not in choices:
        st.session_state.pop("cells", None)
    chosen = place.selectbox(
        "Measured on",
        choices,
        key="cells",
        bind="query-params",
        format_func=lambda name: name or ALL_CELLS,
        help="Test cells only. The same equations act differently in different cells.",
    )
    return chosen or None


def _node(edges: pd.DataFrame) -> str | None:
    """Let the user search any node of the network, also one that is not drawn yet."""
    labels = _labels(edges)
    if st.session_state.get(NODE_KEY) not in labels:
        st.session_state.pop(NODE_KEY, None)
    return st.selectbox(
        "Gene or latent",
        list(labels),
        index=None,
        key=NODE_KEY,
        bind="query-params",
        format_func=lambda node: labels.get(node, node),
        placeholder="Search a gene or a latent, or click one in the network",
        label_visibility="collapsed",
    )


def _labels(edges: pd.DataFrame) -> dict[str, str]:
    """Return node -> label, latents first; no two are the same."""
    from scdyn_core.networks.edges import node_key
    from scdyn_core.plots.text import node_name

    nodes = {
        (str(kind) == "gene", str(name), str(kind))
        for end in ("source", "target")
        for kind, name in zip(edges[f"{end}_kind"], edges[end], strict=True)
    }
    return {
        node_key(kind, name): f"{node_name(kind, name)} · {kind}" for _, name, kind in sorted(nodes)
    }
