"""Networks of a run beside known edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.recovery import precision_recall_curve
from scdyn_core.evaluation.network.reference import Reference
from scdyn_core.evaluation.network.suite import RANDOM, score_networks
from scdyn_core.networks.gene_network import GeneNetwork, in_names_of

#: Edges at the head of every list that are told one by one.
MOST_TOLD = 200


@dataclass(frozen=True)
class AgainstReference:
    """Every network against one reference, over the same pairs of genes.

    Attributes
    ----------
    name
        Of the reference.
    sources, targets
        Genes that the run and the reference both know.
    pairs, edges
        Pairs of them, and how many are edges of the reference.
    scores
        model, metric (``AUPRC``, ``AUPRC ratio``, ``EPR``, ``signed EPR``), value; ``random`` is
        the expected value of a random network.
    curves
        model, recall, precision, strength: points of the precision-recall curves.
    found
        Model -> how many edges of the reference are among as many of its strongest (expected
        number where strengths tie).
    head
        model, rank, source, target, value, signed (whether the sign of the value means anything),
        known, sign (that of the reference; 0 where unknown or no edge): the strongest edges of
        every model.
    """

    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    pairs: int
    edges: int
    scores: pd.DataFrame
    curves: pd.DataFrame
    found: Mapping[str, float]
    head: pd.DataFrame

    @property
    def by_chance(self) -> float:
        """How many edges a random network would have among its strongest."""
        return self.edges * self.edges / self.pairs


def against_reference(
    networks: Mapping[str, GeneNetwork], reference: GeneNetwork
) -> AgainstReference:
    """Score every network on the pairs of genes that the run and the reference both know.

    Names are compared without regard to case.

    Raises
    ------
    ConfigError
        When there is no network, or no edge of the reference is between genes of the run.
    """
    if not networks:
        raise _nothing(reference.name, "a run without a network between genes")
    sources = frozenset().union(*(network.sources for network in networks.values()))
    targets = frozenset().union(*(network.targets for network in networks.values()))
    known = in_names_of(reference, sources | targets)
    rows, columns = sorted(sources & known.sources), sorted(targets & known.targets)
    shape = len(rows), len(columns)
    effect = np.zeros(shape)
    sign = np.zeros(shape, dtype=np.int8)
    at, inside = _places(known.edges, rows, columns)
    effect[at] = known.edges["strength"].to_numpy()[inside]
    sign[at] = known.edges["sign"].to_numpy()[inside]
    true = Reference(tuple(rows), tuple(columns), effect > 0, sign)
    scored = true.scored
    count = int(true.edge[scored].sum())
    if not count:
        raise _nothing(
            reference.name,
            f"no edge between genes of this run ({len(rows):,} of its sources and "
            f"{len(columns):,} of its targets are known there)",
        )
    estimates = {name: _estimate(each, rows, columns) for name, each in networks.items()}
    tables = {name: _head(name, each, true) for name, each in estimates.items()}
    strengths = {name: np.abs(each.edges())[scored] for name, each in estimates.items()}
    scores = score_networks(estimates, {reference.name: true}).drop(columns="reference")
    early = scores[(scores["metric"] == "EPR") & (scores["model"] != RANDOM)]
    pairs = int(scored.sum())
    return AgainstReference(
        name=reference.name,
        sources=true.sources,
        targets=true.targets,
        pairs=pairs,
        edges=count,
        scores=scores,
        curves=pd.concat(
            [_curve(name, each, true.edge[scored]) for name, each in strengths.items()],
            ignore_index=True,
        ),
        found={
            str(name): count * count / pairs * float(ratio)
            for name, ratio in zip(early["model"], early["value"], strict=True)
        },
        head=pd.concat(list(tables.values()), ignore_index=True),
    )


def score_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return one row a model, the best AUPRC first, chance last: model and its metrics."""
    wide = scores.pivot_table(index="model", columns="metric", values="value", sort=False)
    metrics = [name for name in ("AUPRC", "AUPRC ratio", "EPR", "signed EPR") if name in wide]
    wide = wide[metrics].reset_index().rename_axis(columns=None)
    order = wide["AUPRC"].where(wide["model"] != RANDOM, -1.0)
    return wide.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _estimate(network: GeneNetwork, rows: list[str], columns: list[str]) -> NetworkEstimate:
    value = np.zeros((len(rows), len(columns)))
    at, inside = _places(network.edges, rows, columns)
    own = network.edges[inside]
    way = own["sign"].where(own["sign"] != 0, 1) if network.signed else 1
    value[at] = (own["strength"] * way).to_numpy()
    return NetworkEstimate(tuple(rows), tuple(columns), value, network.unit, network.signed)


def _places(
    edges: pd.DataFrame, rows: list[str], columns: list[str]
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]:
    """Return row and column of the edges between given genes, and which edges these are."""
    row = edges["source"].map({name: at for at, name in enumerate(rows)})
    column = edges["target"].map({name: at for at, name in enumerate(columns)})
    inside = (row.notna() & column.notna() & (edges["source"] != edges["target"])).to_numpy()
    at = [np.asarray(place[inside], dtype=np.int64) for place in (row, column)]
    return (at[0], at[1]), inside


def _curve(model: str, strength: NDArray[np.float64], true: NDArray[np.bool_]) -> pd.DataFrame:
    recall, precision, at = precision_recall_curve(strength, true)
    return pd.DataFrame({"model": model, "recall": recall, "precision": precision, "strength": at})


def _head(model: str, estimate: NetworkEstimate, true: Reference) -> pd.DataFrame:
    value = estimate.edges()
    edges = np.flatnonzero(value)
    order = np.argsort(-np.abs(value.ravel()[edges]), kind="stable")
    strongest = edges[order[:MOST_TOLD]]
    row, column = np.unravel_index(strongest, value.shape)
    return pd.DataFrame(
        {
            "model": model,
            "rank": np.arange(1, len(strongest) + 1),
            "source": np.array(true.sources, dtype=object)[row],
            "target": np.array(true.targets, dtype=object)[column],
            "value": value[row, column],
            "signed": estimate.signed,
            "known": true.edge[row, column],
            "sign": true.sign[row, column].astype(np.int64),
        }
    )


def _nothing(name: str, found: str) -> ConfigError:
    return ConfigError(
        f"comparison with {name}",
        found=found,
        needed="edges between genes that both know",
        fix="Choose a reference with the same kind of names (gene symbols, same organism).",
    )
