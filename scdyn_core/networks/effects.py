"""What can be propagated of a table of edges: signed effects from one node to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.networks.edges import of_cell_type
from scdyn_core.networks.view import default_evidence

#: The evidence whose values are effect sizes; all paths are counted when these are followed.
DIRECT = "direct effect"
#: Evidence that counts all paths already: following it would count them again.
TOTALS = ("total effect", "mean shift", "Welch t")


@dataclass(frozen=True)
class Effects:
    """Edges to follow.

    Attributes
    ----------
    edges
        source, target (labels, different for different nodes), effect; one row a pair, no node
        to itself.
    kinds
        Label -> kind of the node.
    sized
        Whether effects are changes of the log rate per unit of change; else signed weights.
    signed
        Whether signs are known; else effects say how far and not which way.
    unsigned
        Edges left out because they have no sign where others have one.
    """

    edges: pd.DataFrame
    kinds: dict[str, str]
    sized: bool
    signed: bool
    unsigned: int = 0


def followed_evidence(edges: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the choices of evidence that can be followed, the one with effect sizes first.

    Networks of several kinds of nodes need all their evidence together.
    """
    own = of_cell_type(edges, None)
    if ((own["source_kind"] != "gene") | (own["target_kind"] != "gene")).any():
        return [tuple(default_evidence(own))]
    return followed_between_genes([str(evidence) for evidence in own["evidence"].unique()])


def followed_between_genes(evidence: Sequence[str]) -> list[tuple[str, ...]]:
    """Return which kinds of evidence of a network of genes can be followed, each by itself."""
    known = [kind for kind in evidence if kind not in TOTALS]
    return [(kind,) for kind in sorted(known, key=lambda name: name != DIRECT)]


def effects_of(edges: pd.DataFrame, evidence: tuple[str, ...]) -> Effects:
    """Return the effects that some evidence tells of, measured on all cells."""
    own = of_cell_type(edges, None)
    own = own[own["evidence"].isin(evidence)]
    labels = _labels(own)
    sized = evidence == (DIRECT,)
    size = own["value"].where(own["value"].notna(), own["weight"]) if sized else own["weight"]
    signed = bool((own["sign"] != 0).any())
    way = own["sign"].astype(np.float64)
    if signed:
        # What depends on the cell acts as much as it does on balance.
        way = way.where(way != 0, 2 * own["positive"] - 1).fillna(0.0)
    else:
        way[:] = 1.0
    unsigned = int((way == 0).sum())
    table = pd.DataFrame({end: _labelled(own, end, labels) for end in ("source", "target")})
    table["effect"] = (size * way).to_numpy()
    table = table[(table["source"] != table["target"]) & (table["effect"] != 0)]
    table = table.groupby(["source", "target"], sort=False)["effect"].mean().reset_index()
    kinds = {label: kind for (kind, _), label in labels.items()}
    return Effects(table, kinds, sized, signed, unsigned)


def _labels(edges: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return kind and name -> label; genes keep their name."""
    pairs: set[tuple[str, str]] = set()
    for end in ("source", "target"):
        told = edges[[f"{end}_kind", end]].drop_duplicates()
        pairs |= {(str(kind), str(name)) for kind, name in told.itertuples(index=False, name=None)}
    genes = {name for kind, name in pairs if kind == "gene"}
    return {
        (kind, name): name if kind == "gene" or name not in genes else f"{name} · {kind}"
        for kind, name in sorted(pairs)
    }


def _labelled(
    edges: pd.DataFrame, end: str, labels: dict[tuple[str, str], str]
) -> NDArray[np.object_]:
    """Return the label at one end of every edge; each kind is looked up once."""
    found = edges[end].astype(object).to_numpy()
    kinds = edges[f"{end}_kind"].astype(object).to_numpy()
    for kind in set(kinds) - {"gene"}:
        own = kinds == kind
        found[own] = [labels[kind, name] for name in found[own]]
    return found
