"""What denoised expression is asked for; importing it needs no torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scdyn_core.methods.method import MethodConfig


class DenoiseConfig(MethodConfig):
    """Expression of some genes as the decoder has it, cell by cell."""

    genes: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        (),
        max_length=200,
        description="Genes to denoise, among those the model used; empty: the twelve whose "
        "denoised expression differs most between cells",
    )
    cells: int = Field(
        20_000,
        ge=1,
        le=1_000_000,
        description="Cells of the table, drawn at random where there are more",
    )
    batch: Literal["own", "every"] = Field(
        "own",
        title="As if measured in",
        description="The batch the cell was measured in, or every batch in turn (their mean): "
        "what is left then does not differ because batches do",
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        description="Draws the cells",
        json_schema_extra={"advanced": True},
    )
