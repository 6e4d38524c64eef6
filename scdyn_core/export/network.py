"""The interaction network of a run as files: tables, GraphML and a page."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from scdyn_core.data.csv_safe import to_csv
from scdyn_core.errors import RunError
from scdyn_core.evaluation.selection import chosen_replicate
from scdyn_core.export.network_page import network_html
from scdyn_core.methods.registry import method_by_key
from scdyn_core.networks.graphml import to_graphml
from scdyn_core.networks.sif import to_sif
from scdyn_core.networks.view import NetworkView
from scdyn_core.runs.atomic import write_text
from scdyn_core.runs.run import Run


def export_network(run: Run, folder: Path) -> list[Path]:
    """Write the network of a run; return the files.

    ``edges.csv`` holds every edge, of every replicate and cell type where these have their own; the
    others what the page draws at first: the best replicate on all cells with the strongest genes
    of each latent, or the strongest edges between genes.

    Raises
    ------
    RunError
        When the run has no network.
    """
    tables = {name: run.table(name) for name in run.tables}
    edges = _edges_of_all(run, tables)
    view = NetworkView.of(_first_looked_at(tables, edges))
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "edges.csv": to_csv(edges),
        "nodes.csv": to_csv(view.nodes()),
        "network.graphml": to_graphml(view.graph, view.communities.membership),
        "network.sif": to_sif(view.graph),
        "network.html": network_html(view, title=f"Interaction network, {run.spec.dataset.name}"),
    }
    for name, text in contents.items():
        write_text(folder / name, text)
    return [folder / name for name in contents]


def _edges_of_all(run: Run, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return all edges, with the number of the replicate where each has a network of its own."""
    method = method_by_key(run.spec.method) if run.spec.method else None
    frames = []
    for replicate in range(1 if "network" in tables else run.spec.options.replicates):
        edges = None if method is None else method.edges(tables.get, replicate)
        if edges is not None and len(edges):
            frames.append(edges if "network" in tables else edges.assign(replicate=replicate))
    if not frames:
        raise RunError(
            f"run {run.path.name}",
            found="no interaction network",
            needed="a trained run of a method that finds one, as CLERA",
            fix="Choose another run, or export its tables.",
        )
    return pd.concat(frames, ignore_index=True)


def _first_looked_at(tables: dict[str, pd.DataFrame], edges: pd.DataFrame) -> pd.DataFrame:
    if "replicate" not in edges:
        return edges
    best = edges[edges["replicate"] == chosen_replicate(tables.get("replicates"))]
    return best.drop(columns="replicate")
