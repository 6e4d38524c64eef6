"""Networks between genes as they are compared: edges, and which edges there could have been."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from scdyn_core.networks.edges import of_cell_type


@dataclass(frozen=True)
class GeneNetwork:
    """Edges between genes by one kind of evidence.

    Attributes
    ----------
    name
        For people; may be hostile.
    edges
        source, target, sign (1, -1, 0 unknown), strength (above 0); one row a pair, none of a
        gene to itself.
    sources, targets
        Genes that edges could leave, and enter: pairs without an edge are known to have none.
    unit
        Of the strength.
    """

    name: str
    edges: pd.DataFrame
    sources: frozenset[str]
    targets: frozenset[str]
    unit: str = ""

    @property
    def signed(self) -> bool:
        """Whether edges say which way they act."""
        return bool((self.edges["sign"] != 0).any())

    @property
    def ranked(self) -> bool:
        """Whether edges differ in strength."""
        return self.edges["strength"].nunique() > 1


def gene_networks(edges: pd.DataFrame, genes: pd.DataFrame | None) -> dict[str, GeneNetwork]:
    """Return the networks between genes in a table of edges, by evidence.

    Parameters
    ----------
    edges
        A checked table of edges (``networks.edges``); those measured on all cells count.
    genes
        A run's table ``network_genes`` (gene, node, measured): which edges there could have
        been. Without it, all genes that any evidence has an edge from, or to.
    """
    own = of_cell_type(edges, None)
    own = own[(own["source_kind"] == "gene") & (own["target_kind"] == "gene")]
    own = own.astype(dict.fromkeys(["source", "target", "evidence", "unit"], object))
    own = own[own["source"] != own["target"]]
    if genes is None:
        sources, targets = frozenset(own["source"]), frozenset(own["target"])
    else:
        sources = frozenset(genes.loc[genes["node"].astype(bool), "gene"].astype(str))
        targets = frozenset(genes.loc[genes["measured"].astype(bool), "gene"].astype(str))
    found = {}
    for evidence, rows in own.groupby("evidence", sort=False):
        strength = rows["value"].where(rows["value"].notna(), rows["weight"])
        table = rows[["source", "target", "sign"]].assign(strength=strength)
        table = table[(table["strength"] > 0) & table["source"].isin(sources)]
        table = table[table["target"].isin(targets)].reset_index(drop=True)
        unit = str(rows["unit"].iloc[0])
        found[str(evidence)] = GeneNetwork(str(evidence), table, sources, targets, unit)
    return found


def reference_network(frame: pd.DataFrame, name: str) -> GeneNetwork:
    """Return a network as ``read_network`` gives it; it knows the genes that it names."""
    edges = frame[["source", "target", "sign"]].assign(strength=frame["weight"])
    sources = frozenset(frame["source"])
    return GeneNetwork(name, edges, sources, sources | frozenset(frame["target"]))


def true_network(truth: pd.DataFrame, genes: pd.DataFrame, kind: str, name: str) -> GeneNetwork:
    """Return the network that data were generated with; of the genes of the run it knows all.

    Parameters
    ----------
    truth
        A run's table ``reference_network``: source, target, sign, effect, kind.
    genes
        Its table ``network_genes``.
    kind
        ``direct`` or ``total`` effects.
    name
        What to call it.
    """
    own = truth[(truth["kind"] == kind) & (truth["source"] != truth["target"])]
    edges = own[["source", "target", "sign"]].assign(strength=own["effect"].abs())
    edges = edges[edges["strength"] > 0].reset_index(drop=True)
    return GeneNetwork(
        name,
        edges,
        frozenset(genes.loc[genes["node"].astype(bool), "gene"].astype(str)),
        frozenset(genes.loc[genes["measured"].astype(bool), "gene"].astype(str)),
        "log change per log change",
    )


def in_names_of(network: GeneNetwork, genes: Collection[str]) -> GeneNetwork:
    """Return a network whose genes are called as in ``genes``, whatever their case.

    ``STAT1`` in a file and ``Stat1`` in the data are one gene; where upper case makes two genes
    of the data one, names stay as they are.
    """
    upper = pd.Series(sorted(genes), dtype=object)
    once = ~upper.str.upper().duplicated(keep=False)
    known = dict(zip(upper[once].str.upper(), upper[once], strict=True))
    exact = set(genes)

    def called(name: str) -> str:
        return name if name in exact else known.get(name.upper(), name)

    edges = network.edges
    names = {name: called(name) for name in network.sources | network.targets}
    edges = edges.assign(source=edges["source"].map(names), target=edges["target"].map(names))
    edges = edges.sort_values("strength", ascending=False, kind="stable")
    return replace(
        network,
        edges=edges.drop_duplicates(["source", "target"]).reset_index(drop=True),
        sources=frozenset(names[name] for name in network.sources),
        targets=frozenset(names[name] for name in network.targets),
    )


@dataclass(frozen=True)
class Paired:
    """Two networks between the genes that both know.

    Attributes
    ----------
    first, second
        The networks.
    pairs
        How many edges there could be.
    table
        One row a pair with an edge in either: source, target, then strength, sign and rank (1
        is the strongest; equal ones in the order of their names) with ``_a`` and ``_b``;
        strength 0 and no rank where one has no edge.
    """

    first: GeneNetwork
    second: GeneNetwork
    pairs: int
    table: pd.DataFrame


def paired(first: GeneNetwork, second: GeneNetwork) -> Paired:
    """Bring two networks together."""
    sources = sorted(first.sources & second.sources)
    targets = sorted(first.targets & second.targets)
    sides = [_numbered(network.edges, sources, targets) for network in (first, second)]
    # A pair is one number: names of hundreds of thousands of edges are slow to compare.
    either = np.union1d(sides[0].index, sides[1].index)
    columns: dict[str, Any] = {
        "source": np.array(sources, dtype=object)[either // max(len(targets), 1)],
        "target": np.array(targets, dtype=object)[either % max(len(targets), 1)],
    }
    for side, end in zip(sides, "ab", strict=True):
        own = side.reindex(either)
        columns[f"strength_{end}"] = own["strength"].fillna(0.0).to_numpy()
        columns[f"sign_{end}"] = own["sign"].fillna(0).to_numpy(dtype=np.int64)
        columns[f"rank_{end}"] = own["rank"].to_numpy()
    pairs = len(sources) * len(targets) - len(set(sources) & set(targets))
    return Paired(first, second, pairs, pd.DataFrame(columns))


def _numbered(edges: pd.DataFrame, sources: list[str], targets: list[str]) -> pd.DataFrame:
    """Return strength, sign and rank of the edges between given genes, by number of the pair."""
    row = edges["source"].map({name: at for at, name in enumerate(sources)})
    column = edges["target"].map({name: at for at, name in enumerate(targets)})
    number = (row * len(targets) + column).astype(np.float64)
    own = edges[["strength", "sign"]].astype(np.float64).assign(number=number)
    own = own[own["number"].notna()].astype({"number": np.int64})
    own = own.sort_values(["strength", "number"], ascending=[False, True])
    own["rank"] = np.arange(1, len(own) + 1, dtype=np.float64)
    return own.set_index("number")
