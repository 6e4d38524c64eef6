"""The networks between genes that a run found, and what they can be held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scdyn_core.errors import InputError, RunError
from scdyn_core.networks.gene_network import (
    GeneNetwork,
    gene_networks,
    reference_network,
    true_network,
)

if TYPE_CHECKING:
    from scdyn_core.networks.store import NetworkStore
    from scdyn_core.runs.run import Run

#: What a truth is called, before its kind.
TRUTH = "truth, "


def networks_of_run(run: Run, replicate: int = 0) -> dict[str, GeneNetwork]:
    """Return the networks between genes of a run, by evidence.

    Parameters
    ----------
    run
        A finished run.
    replicate
        Which of its replicates, where each has a network of its own.

    Raises
    ------
    RunError
        When it has none.
    """
    from scdyn_core.methods.registry import method_by_key

    edges = None
    if run.spec.method is not None:
        method = method_by_key(run.spec.method)
        edges = method.edges(
            lambda name: run.table(name) if name in run.tables else None, replicate
        )
    genes = run.table("network_genes") if "network_genes" in run.tables else None
    found = {} if edges is None else gene_networks(edges, genes)
    if not found:
        raise RunError(
            f"run {run.path.name}",
            found="no network between genes",
            needed="a run of a method that finds one",
            fix="Choose another run.",
        )
    return found


def truths_of_run(run: Run) -> dict[str, GeneNetwork]:
    """Return the networks that the data of a run were generated with, by name."""
    if not {"reference_network", "network_genes"} <= set(run.tables):
        return {}
    truth, genes = run.table("reference_network"), run.table("network_genes")
    kinds = [kind for kind in ("direct", "total") if (truth["kind"] == kind).any()]
    return {f"{TRUTH}{kind}": true_network(truth, genes, kind, f"{TRUTH}{kind}") for kind in kinds}


def reference_by_name(run: Run, store: NetworkStore, name: str) -> GeneNetwork:
    """Return the truth of a run, or a network that is kept, by its name.

    Raises
    ------
    InputError
        When there is neither.
    """
    truths = truths_of_run(run)
    if name in truths:
        return truths[name]
    if name not in store.names() and name.startswith("truth"):
        raise InputError(
            f"reference {name[:60]!r}",
            found="a run whose data have no such truth",
            needed="one of " + (", ".join([*truths, *store.names()]) or "none so far"),
            fix="Choose one of these, or add a network first.",
        )
    return reference_network(store.frame(name), name)
