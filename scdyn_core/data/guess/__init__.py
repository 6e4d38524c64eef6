"""Roles guessed from the names and the contents of columns and layers, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from scdyn_core.data.guess.columns import guess_batch, guess_cell_type, guess_sample
from scdyn_core.data.guess.layers import guess_layers
from scdyn_core.data.guess.perturbations import guess_condition, guess_perturbation
from scdyn_core.data.guess.times import guess_times
from scdyn_core.data.roles import RoleGuess, Roles

if TYPE_CHECKING:
    from anndata import AnnData


def guess_roles(adata: AnnData) -> tuple[RoleGuess, ...]:
    """Guess which column and layer plays which role.

    Parameters
    ----------
    adata
        Checked data: plain columns, ``X`` present.

    Returns
    -------
    tuple of RoleGuess
        At most one for each role; a column plays one role only.
    """
    guesses: list[RoleGuess] = []
    taken: set[str] = set()
    finders: tuple[Callable[[AnnData, set[str]], list[RoleGuess]], ...] = (
        guess_times, guess_cell_type, guess_perturbation, guess_condition, guess_sample,
        guess_batch,
    )  # fmt: skip
    for find in finders:
        for guess in find(adata, taken):
            guesses.append(guess)
            taken.add(guess.value)
    return (*guesses, *guess_layers(adata))


def as_roles(guesses: Iterable[RoleGuess]) -> Roles:
    """Return guesses as an assignment."""
    return Roles().replace({guess.role: guess.value for guess in guesses})
