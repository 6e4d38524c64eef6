"""Which views the chosen runs have, and why others are not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.results_page import has_losses
from dashboard._ui.text import listed
from dashboard._ui.view_choice import choose_view

if TYPE_CHECKING:
    from scdyn_core.runs.comparison.side import Side
    from scdyn_core.runs.run import Run

SCORES, SETTINGS, LOSSES, EMBEDDINGS, EQUATIONS, CLUSTERS, NETWORKS = VIEWS = (
    "Scores", "Settings", "Losses", "Embeddings", "Equations", "Clusters", "Networks",
)  # fmt: skip
#: What a view needs of two runs, or of two replicates of one.
_NEEDS = {
    LOSSES: "losses to draw",
    EMBEDDINGS: "latents of the same kind, of cells or of genes",
    EQUATIONS: "equations",
    CLUSTERS: "groups of cells or genes",
    NETWORKS: "a network of genes",
}


@dataclass(frozen=True)
class Sides:
    """What can be compared in every view: the replicates that have it, by name."""

    embeddings: Mapping[str, Side]
    equations: Mapping[str, Side]
    clusters: Mapping[str, Side]
    networks: Mapping[str, Side]


def sides_by_view(runs: Mapping[str, Run]) -> Sides:
    """Return which replicates of the runs each view can show."""
    from scdyn_core.runs.comparison.embeddings import kind_of
    from scdyn_core.runs.comparison.labels import FIT, holds_labels
    from scdyn_core.runs.comparison.side import sides_of

    done = {name: run for name, run in runs.items() if run.state.status == "done"}
    kinds = {name: kind_of(run) for name, run in done.items()}
    kind = next((kind for kind in kinds.values() if kind is not None), None)

    def those(table: str, wanted: Callable[[str], bool]) -> dict[str, Side]:
        return sides_of({name: run for name, run in done.items() if wanted(name)}, table)

    solved = {"equations", "latent"}
    return Sides(
        embeddings=those("latent", lambda name: kind is not None and kinds[name] == kind),
        equations=those("equations", lambda name: solved <= set(done[name].tables)),
        clusters=those(FIT, lambda name: holds_labels(done[name])),
        networks=those("network", lambda name: "network" in done[name].tables),
    )


def choose(runs: Mapping[str, Run], sides: Sides) -> str | None:
    """Draw the choice of the view, and say which are missing and why; ``None`` without any."""
    from scdyn_core.runs.selection import TABLE

    several = len(runs) > 1
    candidates = any(TABLE in run.tables for run in runs.values())
    there = {
        SCORES: candidates or sum(bool(run.scores()) for run in runs.values()) > 1,
        SETTINGS: several,
        LOSSES: several and sum(has_losses(run) for run in runs.values()) > 1,
        EMBEDDINGS: _enough(sides.embeddings, several),
        EQUATIONS: _enough(sides.equations, several),
        CLUSTERS: _enough(sides.clusters, several),
        NETWORKS: _enough(sides.networks, several),
    }
    if not any(there.values()):
        st.caption("Choose two or more runs to see what sets them apart.")
        return None
    view = choose_view({name: [name] for name in VIEWS if there[name]}, "compare/show")
    missing = [name for name in VIEWS if not there[name] and name in _NEEDS]
    if missing and several:
        st.caption(
            "Not drawn, because fewer than two of these runs have it: "
            + listed([f"{name} ({_NEEDS[name]})" for name in missing])
            + "."
        )
    return view


def _enough(sides: Mapping[str, Side], several: bool) -> bool:
    """Return whether two of several runs take part, or two replicates of a single one."""
    return len({side.run.id for side in sides.values()} if several else sides) > 1
