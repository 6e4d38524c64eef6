"""Applying a recipe: every step in order, timed, recorded and stoppable between steps."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from scdyn_core.data.roles import Roles
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.preprocess.step import StepRecord
from scdyn_core.reporter import Reporter, raise_if_cancelled

if TYPE_CHECKING:
    from anndata import AnnData


def apply_recipe(
    adata: AnnData, roles: Roles, recipe: Recipe, reporter: Reporter
) -> tuple[AnnData, Roles, tuple[StepRecord, ...]]:
    """Return the prepared data, its roles and what every step did; ``adata`` stays untouched.

    Raises
    ------
    ConfigError
        When a step misses a role or the result of another step.
    Cancelled
        When the user asked to stop, at the next step.
    """
    recipe.check(roles)
    adata = adata.copy()
    records: list[StepRecord] = []
    for position, step in enumerate(recipe.steps):
        raise_if_cancelled(reporter)
        reporter.progress("prepare", position, len(recipe.steps), step.title)
        started = perf_counter()
        cells, genes = adata.shape
        adata, outcome = step.apply(adata, roles, recipe.seed)
        roles = roles.replace(dict(outcome.roles.items()))
        records.append(
            StepRecord(
                kind=step.kind,
                title=step.title,
                cells_before=cells,
                cells_after=adata.n_obs,
                genes_before=genes,
                genes_after=adata.n_vars,
                seconds=perf_counter() - started,
                message=outcome.message,
                facts=outcome.facts,
            )
        )
        reporter.log(f"{step.title}: {outcome.message}")
    raise_if_cancelled(reporter)
    reporter.progress("prepare", len(recipe.steps), len(recipe.steps))
    return adata, roles, tuple(records)
