"""Parameters of the response mixture."""

from __future__ import annotations

from pydantic import Field

from scdyn_core.methods.method import show
from scdyn_core.methods.responses.config import ResponseConfig


class ResponseMixtureConfig(ResponseConfig):
    """How genes are divided into classes of scaled templates."""

    starts: int = Field(
        10,
        ge=1,
        le=200,
        description="Starts of the search for each number of clusters; the likeliest end is kept",
        json_schema_extra=show("Fit", advanced=True),
    )
