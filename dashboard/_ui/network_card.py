"""The card of a chosen gene: what acts on it, what it acts on, and what else is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button
from dashboard._ui.navigation import go_to
from dashboard._ui.network_card_words import expression_words, perturbation_words, response_words
from dashboard._ui.network_data import network_of, ranks_of
from dashboard._ui.network_facts import has_perturbation_page, perturbations_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown
    from dashboard._ui.network_controls import Choice
    from scdyn_core.networks.view import NetworkView

#: Edges shown each way, and nodes near.
EACH_WAY, NEAR = 8, 16
VIEWS = ("Edges", "Near")


def show_card(shown: Shown, choice: Choice, view: NetworkView) -> None:
    """Draw the card of the chosen node."""
    node = choice.node
    assert node is not None
    network = network_of(shown, choice.part)
    number = network.numbers[node]
    kind, name = str(network.kinds[number]), str(network.names[number])
    _heading(shown, choice, view, kind, name)
    if kind == "gene":
        for words in (
            *perturbation_words(shown, name),
            *expression_words(shown, name),
            *response_words(shown, name),
        ):
            st.caption(words)
        _link(shown, name)
    which = st.segmented_control(
        "Card", VIEWS, default=VIEWS[0], required=True, key="card", bind="query-params",
        label_visibility="collapsed",
        help="Edges: the strongest of the whole network. Near: by all paths of what is drawn.",
    )  # fmt: skip
    if which == "Edges":
        _edges(shown, choice, number)
    else:
        _near(choice, view, node)


def _heading(shown: Shown, choice: Choice, view: NetworkView, kind: str, name: str) -> None:
    from scdyn_core.plots.text import node_name

    ranks = ranks_of(shown, choice.part)
    own = ranks[(ranks["name"] == name) & (ranks["kind"] == kind)].iloc[0]
    community = view.communities.membership.get(choice.node or "")
    st.markdown(f"**{plain(node_name(kind, name), 80)}**")
    words = [f"{kind}, hub {own['rank']:,} of {len(ranks):,} by PageRank"]
    if community is not None:
        words.append(f"community {community}")
    words.append(f"acts on {own['targets']:,}, acted on by {own['sources']:,}")
    st.caption("; ".join(words) + ".")


def _link(shown: Shown, name: str) -> None:
    run = shown.run
    if run is None or name not in perturbations_of(shown) or not has_perturbation_page(run):
        return
    if st.button("See its perturbation", icon=":material/biotech:", key="network/perturbation",
                 type="tertiary"):  # fmt: skip
        go_to("perturbations", run=run.id, perturbation=name, show="Perturbation")


def _edges(shown: Shown, choice: Choice, number: int) -> None:
    from scdyn_core.plots.network_neighbours import neighbours_figure

    network = network_of(shown, choice.part)
    entering = np.flatnonzero(network.target == number)
    leaving = np.flatnonzero(network.source == number)
    regulators, targets = network.frame(entering[:EACH_WAY]), network.frame(leaving[:EACH_WAY])
    if len(regulators):
        st.caption(f"Above: acts on it ({_of(len(regulators), len(entering))})."
                   + (f" Below: it acts on ({_of(len(targets), len(leaving))})."
                      if len(targets) else " It acts on nothing here."))  # fmt: skip
    else:
        st.caption(f"It acts on ({_of(len(targets), len(leaving))}); nothing acts on it here.")
    chart(
        neighbours_figure(regulators, targets, palette=palette()),
        name="network_gene",
        key="network/neighbours",
    )
    csv_button(
        lambda: network.frame(np.union1d(entering, leaving)),
        name="network_gene_edges",
        key="network/neighbours_csv",
        label=f"All {count(len(entering) + len(leaving), 'edge')}",
    )


def _of(drawn: int, there: int) -> str:
    return f"{drawn} of {there:,}" if drawn < there else f"{there}"


def _near(choice: Choice, view: NetworkView, node: str) -> None:
    from scdyn_core.networks.pagerank import personalised_pagerank
    from scdyn_core.plots.network_ranking import Ranked, ranking_figure

    if node not in view.graph:
        st.caption("None of its edges is drawn.")
        return
    direction = choice.look.direction
    ranking = personalised_pagerank(view.graph, [node], direction=direction).drop(node)
    ranking = ranking[ranking > 0]
    told, membership = view.graph.nodes, view.communities.membership
    chart(
        ranking_figure(
            [
                Ranked(told[other]["kind"], told[other]["name"], share, membership[other])
                for other, share in ranking.head(NEAR).items()
            ],
            title="PageRank (share of a walk)",
            palette=palette(),
        ),
        name="network_near",
        key="network/near",
    )
    csv_button(
        lambda: _ranking_table(view, ranking),
        name="network_near",
        key="network/near_csv",
        label="All ranked nodes",
    )
    st.caption(
        f"{count(len(ranking), 'node')} reached. The share of time that a random walk which keeps "
        "coming back here spends on each node; all paths drawn count, strong edges more."
    )


def _ranking_table(view: NetworkView, ranking: pd.Series) -> pd.DataFrame:
    import pandas as pd

    nodes, community = view.graph.nodes, view.communities.membership
    return pd.DataFrame(
        {
            "name": [nodes[node]["name"] for node in ranking.index],
            "kind": [nodes[node]["kind"] for node in ranking.index],
            "community": [community[node] for node in ranking.index],
            "pagerank": ranking.to_numpy(),
        }
    )
