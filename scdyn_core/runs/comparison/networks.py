"""Networks between genes of two runs: what both have, and what they contradict each other in."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from scdyn_core.networks.comparison import Agreement, agreement, overlap_curve
from scdyn_core.networks.gene_network import GeneNetwork, Paired, in_names_of, paired


@dataclass(frozen=True)
class ComparedNetworks:
    """Two networks side by side.

    Attributes
    ----------
    both
        Their edges between genes that both know.
    told
        What all of them have in common.
    curve
        What the strongest have in common, by how many, beside chance.
    """

    both: Paired
    told: Agreement
    curve: pd.DataFrame


def compared_networks(first: GeneNetwork, second: GeneNetwork) -> ComparedNetworks:
    """Compare two networks; genes of the second are named as in the first, whatever their case."""
    both = paired(first, in_names_of(second, first.sources | first.targets))
    return ComparedNetworks(both, agreement(both), overlap_curve(both))


def sign_conflicts(edges: pd.DataFrame) -> pd.DataFrame:
    """Return the edges that both have and that act the other way in the second.

    Parameters
    ----------
    edges
        As ``Paired.table`` or ``networks.comparison.edges_in`` have them.
    """
    return edges[edges["sign_a"] * edges["sign_b"] < 0].reset_index(drop=True)
