"""Tables of a run that has a network of genes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.methods.method import Table
from scdyn_core.methods.regulation.planted import DIRECT, TOTAL, PlantedNetwork

if TYPE_CHECKING:
    from anndata import AnnData

Matrix = NDArray[np.float64]
#: Edges of one kind of evidence that are stored, the strongest.
MOST_EDGES = 200_000
NETWORK = {
    "evidence": "how the edge was found",
    "source": "gene that acts",
    "target": "gene that is acted on",
    "value": "strength; its sign says whether the source raises or lowers the target, where signed",
    "unit": "unit of the value",
    "stability": "share of the replicates that have the edge, with this sign; empty with one",
    "signed": "whether the sign of the value means anything",
}
GENES = {
    "gene": "name",
    "node": "whether it was perturbed; where nothing was, whether edges can leave it",
    "measured": "whether it is among the genes used; edges can enter no other",
    "dose": "log change of the gene itself when it was perturbed, natural logarithm; empty where "
    "it was not",
    "dose_known": "whether that change was measured, not assumed",
    "control": "mean log-normalised expression of control cells, or of all where there are none",
}
REFERENCE = {
    "source": "gene that acts",
    "target": "gene that is acted on",
    "sign": "1 raises the target, -1 lowers it",
    "effect": "change of the target's log rate per change of the source's",
    "kind": "direct, or total: along all paths",
}
SCORES = {
    "reference": "what the network is compared with",
    "model": "this run, or what it is compared with",
    "metric": "AUPRC: average precision; AUPRC ratio and EPR (precision among as many edges as "
    "there are true ones): 1 is chance; signed EPR: only the right sign counts, 0.5 is chance; "
    "mean Wasserstein and false omission rate: of all edges or the strongest, on held-out cells",
    "value": "score on all pairs of a node and another measured gene, the same for every model",
    "better": "whether higher or lower is better",
    "edges": "strongest edges that were looked at; 0 where all pairs count",
}


def network_table(
    chosen: Mapping[str, NetworkEstimate],
    replicates: Mapping[str, Sequence[NetworkEstimate]],
    most: int = MOST_EDGES,
) -> Table:
    """Return the edges of one network for each kind of evidence, the strongest first.

    Parameters
    ----------
    chosen
        Evidence -> the network that counts.
    replicates
        Evidence -> one estimate a replicate, between the same genes, which say how stable an
        edge is; fewer than two, or none, say nothing.
    most
        Edges of one estimate that are kept, the strongest; others count as none.
    """
    frames = []
    for evidence, estimate in chosen.items():
        edges = _strongest(estimate.edges(), most)
        others = [_strongest(each.edges(), most) for each in replicates.get(evidence, ())]
        frames.append(_frame(evidence, estimate, edges, others))
    # Tables without a row say nothing of the types of their columns.
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(NETWORK))
    return Table(whole[list(NETWORK)], NETWORK)


def genes_table(
    genes: Sequence[str],
    control: Matrix,
    nodes: Sequence[str],
    doses: Mapping[str, float],
    known: Mapping[str, bool],
) -> Table:
    """Return one row a gene: those measured, then the nodes that were not.

    Parameters
    ----------
    genes
        Measured genes, length ``G``.
    control
        Their mean log-normalised expression in control cells, shape ``(G,)``.
    nodes
        Genes that edges can leave.
    doses, known
        Log change of a node itself when it was perturbed, and whether it was measured; by name,
        missing where it was not perturbed.
    """
    measured = set(genes)
    names = [*genes, *(name for name in nodes if name not in measured)]
    are_nodes = set(nodes)
    frame = pd.DataFrame(
        {
            "gene": np.array(names, dtype=object),
            "node": [name in are_nodes for name in names],
            "measured": [name in measured for name in names],
            "dose": [doses.get(name, np.nan) if name in are_nodes else np.nan for name in names],
            "dose_known": [bool(known.get(name, False)) for name in names],
            "control": [*control, *[np.nan] * (len(names) - len(genes))],
        }
    )
    return Table(frame, GENES)


def reference_table(adata: AnnData) -> Table | None:
    """Return the true edges of generated data, direct and total; ``None`` for other data."""
    planted = PlantedNetwork.of(adata)
    if planted is None:
        return None
    frames = []
    for kind in (DIRECT, TOTAL):
        effect = np.where(planted.reference(kind).edge, planted.effects[kind], 0.0)
        row, column = _strongest_first(_strongest(effect, MOST_EDGES))
        frames.append(
            pd.DataFrame(
                {
                    "source": _array(planted.nodes)[row],
                    "target": _array(planted.genes)[column],
                    "sign": np.sign(effect[row, column]).astype(np.int64),
                    "effect": effect[row, column],
                    "kind": np.full(len(row), kind, dtype=object),
                }
            )
        )
    return Table(pd.concat(frames, ignore_index=True), REFERENCE)


def scores_table(scores: pd.DataFrame) -> Table:
    """Return what ``evaluation.network.suite.score_networks`` found, with its meanings."""
    return Table(scores[list(SCORES)], SCORES)


def _frame(
    evidence: str, estimate: NetworkEstimate, edges: Matrix, replicates: Sequence[Matrix]
) -> pd.DataFrame:
    row, column = _strongest_first(edges)
    value = edges[row, column]
    stability = np.full(len(row), np.nan)
    if len(replicates) > 1:
        sign = np.sign(value)
        stability = np.mean([np.sign(each[row, column]) == sign for each in replicates], axis=0)
    return pd.DataFrame(
        {
            "evidence": evidence,
            "source": _array(estimate.sources)[row],
            "target": _array(estimate.targets)[column],
            "value": value,
            "unit": estimate.unit,
            "stability": stability,
            "signed": estimate.signed,
        }
    )


def _strongest(edges: Matrix, most: int) -> Matrix:
    """Return the strongest edges alone; of those that tie at the end, the first."""
    if np.count_nonzero(edges) <= most:
        return edges
    strength = np.abs(edges).ravel()
    weakest = np.partition(strength, len(strength) - most)[len(strength) - most]
    kept = strength > weakest
    tied = np.flatnonzero(strength == weakest)
    kept[tied[: most - int(kept.sum())]] = True
    return np.where(kept.reshape(edges.shape), edges, 0.0)


def _strongest_first(edges: Matrix) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row, column = np.nonzero(edges)
    order = np.argsort(-np.abs(edges[row, column]), kind="stable")
    return row[order], column[order]


def _array(names: Sequence[str]) -> NDArray[np.object_]:
    return np.array(names, dtype=object)
