"""Which layer holds counts, spliced and unspliced counts, and a velocity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scdyn_core.data.checks.values import are_counts, smallest
from scdyn_core.data.roles import RoleGuess
from scdyn_core.data.text import shown

if TYPE_CHECKING:
    from anndata import AnnData

_COUNT_LAYERS = ("counts", "raw_counts", "count", "raw", "umi", "matrix")


def guess_layers(adata: AnnData) -> list[RoleGuess]:
    """Guess by name, and say whether the values are whole numbers."""
    guesses: list[RoleGuess] = []
    for role in ("spliced", "unspliced"):
        if role in adata.layers:
            whole = are_counts(adata.layers[role])
            what = "whole numbers" if whole else "not whole numbers, so already normalised"
            guesses.append(RoleGuess(role=role, value=role, reason=f"layer of this name, {what}"))
    if "velocity" in adata.layers and smallest(adata.layers["velocity"]) < 0:
        reason = "layer of this name, with values of both signs"
        guesses.append(RoleGuess(role="velocity", value="velocity", reason=reason))
    named = [n for n in adata.layers if n.lower() in _COUNT_LAYERS and are_counts(adata.layers[n])]
    if named:
        reason = f"layer named {shown(named[0])} of whole numbers"
        return [*guesses, RoleGuess(role="counts", value=named[0], reason=reason)]
    if "spliced" in adata.layers and are_counts(adata.layers["spliced"]):
        reason = "whole numbers, and no layer named counts"
        return [*guesses, RoleGuess(role="counts", value="spliced", reason=reason)]
    if are_counts(adata.X):
        guesses.append(RoleGuess(role="counts", value="X", reason="X holds whole numbers"))
    return guesses
