"""How the cells of a screen are read: parameters every method for perturbations shares."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scdyn_core.methods.method import MethodConfig, show


class PerturbationConfig(MethodConfig):
    """Labels, genes and what is held out."""

    level: Literal["target", "guide"] = Field(
        "target",
        description="What counts as one perturbation: the targeted gene, or each guide by itself",
        json_schema_extra=show("Data"),
    )
    genes: int = Field(
        2000,
        ge=10,
        le=30000,
        description="Most variable genes of the training cells that are used; the genes that are "
        "targeted come in addition where they are measured",
        json_schema_extra=show("Data"),
    )
    fewest_cells: int = Field(
        20,
        ge=5,
        le=10000,
        description="Perturbations with fewer cells are left out, and named in the run's cautions",
        json_schema_extra=show("Data", advanced=True, unit="cells"),
    )
    null_control: float = Field(
        1 / 3,
        ge=0,
        le=0.5,
        description="Share of the control cells that get a label of their own: a perturbation "
        "without any effect, which must end without a latent",
        json_schema_extra=show("Data", advanced=True),
    )
    combinations: Literal["sum", "own"] = Field(
        "sum",
        description="Cells with several targets: their shifts add up, or each combination is a "
        "perturbation of its own",
        json_schema_extra=show("Data", advanced=True),
    )
    context: Literal["none", "cell_type", "condition", "batch", "time"] = Field(
        "none",
        description="Let a perturbation shift further latents in some groups of cells only: the "
        "role that tells the groups",
        json_schema_extra=show("Data", advanced=True),
    )
    held_out: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        (),
        max_length=1000,
        description="Perturbations that the model does not learn from; it finds their latents "
        "afterwards with everything else fixed",
        json_schema_extra=show("Held out", advanced=True),
    )
    held_out_share: float = Field(
        0.0,
        ge=0,
        le=0.5,
        description="Share of the perturbations that are held out at random, besides those named",
        json_schema_extra=show("Held out"),
    )
