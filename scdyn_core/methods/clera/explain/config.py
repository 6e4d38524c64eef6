"""What a closer look at a trained CLERA is asked for; importing it needs no torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scdyn_core.methods.method import MethodConfig

Attribution = Literal["decoder", "classifier", "encoder", "gene_to_type"]


class ExplainConfig(MethodConfig):
    """Shapley attributions of test cells against a background of training cells."""

    attributions: tuple[Attribution, ...] = Field(
        ("decoder", "classifier", "encoder", "gene_to_type"),
        min_length=1,
        title="What to attribute",
        description="What moves what. decoder: latents to genes; classifier: latents to cell "
        "types; encoder: genes to latents; gene to type: genes to cell types. Those from genes "
        "take longest",
    )
    cells: int = Field(
        400,
        ge=10,
        le=20_000,
        title="Cells to explain",
        description="Test cells, drawn evenly over the cell types; a rare type gives all it has",
    )
    background: int = Field(
        100,
        ge=10,
        le=2_000,
        title="Background cells",
        description="Training cells that stand for 'nothing known'; attributions are differences "
        "from their average, and time grows with their number",
    )
    replicates: tuple[Annotated[int, Field(ge=1, le=64)], ...] = Field(
        (1,),
        min_length=1,
        max_length=64,
        description="Replicates to explain, counted from 1",
    )
    gene_samples: int = Field(
        200,
        ge=20,
        le=5_000,
        title="Samples per cell",
        description="Random points between a cell and the background at which the gradient of the "
        "genes is taken; more of them make attributions from genes less noisy",
        json_schema_extra={"advanced": True},
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        description="Draws the cells, the background and the samples",
        json_schema_extra={"advanced": True},
    )
