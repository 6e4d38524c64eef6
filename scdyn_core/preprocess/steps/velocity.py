"""RNA velocity."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.quiet import quiet_scvelo
from scdyn_core.preprocess.slots import require
from scdyn_core.preprocess.step import Outcome, Step
from scdyn_core.preprocess.velocity_input import velocity_input

if TYPE_CHECKING:
    from anndata import AnnData


class Velocity(Step):
    """RNA velocity from spliced and unspliced moments (Bergen et al. 2020, scVelo)."""

    title: ClassVar[str] = "RNA velocity"
    summary: ClassVar[str] = "Estimates from unspliced RNA how every gene is about to change."
    needs: ClassVar[tuple[RoleName, ...]] = ("spliced", "unspliced")
    gives: ClassVar[tuple[RoleName, ...]] = ("velocity",)

    kind: Literal["velocity"] = "velocity"
    mode: Literal["stochastic", "deterministic", "dynamical"] = Field(
        "stochastic",
        description="How rates are estimated: stochastic and deterministic assume a steady state; "
        "dynamical fits the full kinetics of every gene and takes minutes.",
    )
    min_r2: float = Field(
        0.01, ge=0, le=1, description="Smallest fit (R²) of a gene that counts as a velocity gene."
    )

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Fill the layer ``velocity`` and ``var.velocity_genes``."""
        require("Ms" in adata.layers, self.kind, missing="moments", before="moments")
        model = velocity_input(adata, roles, self.kind)
        # The other modes start from the genes of this one, and fail on fewer than two.
        self._estimate(model, "deterministic")
        if self.mode != "deterministic":
            self._estimate(model, self.mode)
        n_genes = int(model.var["velocity_genes"].sum())
        for column in model.var:
            adata.var[column] = model.var[column]
        adata.layers["velocity"] = model.layers["velocity"]
        adata.uns["velocity_params"] = model.uns["velocity_params"]
        return adata, Outcome(
            message=f"{n_genes} of {adata.n_vars} genes have a usable velocity.",
            facts={"velocity genes": n_genes, "mode": self.mode},
            roles={"velocity": "velocity"},
        )

    def _estimate(self, model: AnnData, mode: str) -> None:
        model.var = model.var[[]]
        with quiet_scvelo() as scv:
            if mode == "dynamical":
                scv.tl.recover_dynamics(model, n_jobs=1, show_progress_bar=False)
            scv.tl.velocity(model, mode=mode, min_r2=self.min_r2)
        # scVelo leaves the column out when it would say yes for every gene.
        if "velocity_genes" not in model.var:
            model.var["velocity_genes"] = True
        n_genes = int(model.var["velocity_genes"].sum())
        if n_genes < 2:
            raise ConfigError(
                f"recipe step {self.kind}",
                found=f"{n_genes} genes whose spliced and unspliced values fit the model",
                needed="at least two velocity genes",
                fix="Lower min_r2, use more cells or genes, or choose a recipe without velocity.",
            )
