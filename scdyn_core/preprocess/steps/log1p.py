"""The logarithm of normalised values."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.slots import float_copy
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class Log1p(Step):
    """Replace ``X`` by ``log(1 + X)`` (scanpy)."""

    title: ClassVar[str] = "Logarithm"
    summary: ClassVar[str] = "Takes log(1 + value), so that abundant genes do not dominate."

    kind: Literal["log1p"] = "log1p"

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Take the logarithm of ``X``; raw counts must not be there."""
        import scanpy as sc

        if "log1p" in adata.uns or roles.counts == "X":
            found = "logarithms" if "log1p" in adata.uns else "raw counts"
            raise ConfigError(
                f"recipe step {self.kind}",
                found=f"{found} in X",
                needed="normalised values in X",
                fix="Put the step normalise directly before this step, or leave this step out.",
            )
        adata.X = float_copy(adata.X)
        sc.pp.log1p(adata)
        return adata, Outcome(message="Took the logarithm of every value.")
