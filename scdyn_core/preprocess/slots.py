"""What a step reads: raw counts by role, and results that an earlier step must have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix, issparse

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.errors import ConfigError

if TYPE_CHECKING:
    from anndata import AnnData


def role_layer(roles: Roles, role: RoleName, step: str) -> str:
    """Return the column or layer that plays ``role``.

    Raises
    ------
    ConfigError
        When nothing plays it.
    """
    name: str | None = getattr(roles, role)
    if name is None:
        raise ConfigError(
            f"recipe step {step}",
            found=f"no column or layer with the role {role}",
            needed=f"the role {role}",
            fix=f"Set the role {role} of the dataset, or choose a recipe without this step.",
        )
    return name


def counts_name(roles: Roles, step: str) -> str:
    """Return where the raw counts are: a layer, or ``X``; spliced counts where nothing else is.

    Raises
    ------
    ConfigError
        When neither counts nor spliced counts are known.
    """
    name = roles.counts or roles.spliced
    return role_layer(roles, "counts", step) if name is None else name


def counts_of(adata: AnnData, roles: Roles, step: str) -> Any:
    """Return the raw counts, cells × genes, sparse or dense as they are stored."""
    name = counts_name(roles, step)
    return adata.X if name == "X" else adata.layers[name]


def require(present: bool, step: str, *, missing: str, before: str) -> None:
    """Raise ``ConfigError`` unless an earlier step left what ``step`` works on."""
    if not present:
        raise ConfigError(
            f"recipe step {step}",
            found=f"no {missing}",
            needed=f"the step {before} before it",
            fix=f"Add the step {before} earlier in the recipe.",
        )


def dense(matrix: Any) -> np.ndarray[Any, np.dtype[Any]]:
    """Return ``matrix`` as a plain array."""
    return np.asarray(matrix.toarray() if issparse(matrix) else matrix)


def float_copy(matrix: Any) -> Any:
    """Return a float32 copy (sparse stays sparse), safe to normalise in place."""
    if issparse(matrix):
        return csr_matrix(matrix, dtype=np.float32, copy=True)
    return np.array(matrix, dtype=np.float32)
