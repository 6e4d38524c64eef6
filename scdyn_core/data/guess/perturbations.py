"""Columns of perturbations and conditions, and which of their levels is the control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scdyn_core.data.guess.columns import grouping, groups_in_words, joined, same_groups
from scdyn_core.data.guess.names import CONTROL_CONDITION, CONTROL_PERTURBATION
from scdyn_core.data.roles import RoleGuess, RoleName
from scdyn_core.data.text import shown

if TYPE_CHECKING:
    from anndata import AnnData

_FEWEST_PERTURBATIONS = 3


def guess_perturbation(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    """Guess the column of perturbations, its control level, and the column of guides."""
    genes = set(adata.var_names)
    for name in grouping(adata, "perturbation", taken, max(2, adata.n_obs // 2)):
        levels = [str(level) for level in adata.obs[name].cat.categories]
        control = _level(levels, CONTROL_PERTURBATION)
        measured = sum(level in genes for level in levels)
        # Columns called "condition" or "gene" are many things; knocked-out genes settle it.
        plain_name = joined(name) in ("condition", "gene", "label")
        if len(levels) < _FEWEST_PERTURBATIONS or (plain_name and not (control and measured)):
            continue
        reason = f"named {shown(name)}, {len(levels)} levels"
        reason += f", {measured} of them genes measured here" if measured else ""
        guesses = [RoleGuess(role="perturbation", value=name, reason=reason)]
        if control:
            guesses.append(_control("control_perturbation", control, name))
        return [*guesses, *_guide(adata, {*taken, name}, len(levels))]
    return []


def guess_condition(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    """Guess the column of conditions and its control level."""
    for name in grouping(adata, "condition", taken, 30):
        if any(same_groups(adata, name, other) for other in taken if other in adata.obs):
            continue
        levels = [str(level) for level in adata.obs[name].cat.categories]
        control = _level(levels, CONTROL_CONDITION)
        # Other names than "condition" are also used for other things: a control settles it.
        if control is None and joined(name) not in ("condition", "treatment", "stim"):
            continue
        guesses = [RoleGuess(role="condition", value=name, reason=groups_in_words(adata, name))]
        if control:
            guesses.append(_control("control_condition", control, name))
        return guesses
    return []


def _guide(adata: AnnData, taken: set[str], perturbations: int) -> list[RoleGuess]:
    """Guess the column of guides: several for a perturbation, so more than these."""
    for name in grouping(adata, "guide", taken, max(2, adata.n_obs // 2)):
        if adata.obs[name].nunique() > perturbations:
            return [RoleGuess(role="guide", value=name, reason=groups_in_words(adata, name))]
    return []


def _level(levels: list[str], known: tuple[str, ...]) -> str | None:
    """Return the level that reads like a control, the surest first."""
    ranks = {name: rank for rank, name in enumerate(known)}
    matches = [level for level in levels if joined(level) in ranks]
    return min(matches, key=lambda level: ranks[joined(level)], default=None)


def _control(role: RoleName, level: str, column: str) -> RoleGuess:
    reason = f"level of {shown(column)} that reads like a control"
    return RoleGuess(role=role, value=level, reason=reason)
