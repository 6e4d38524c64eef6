"""Parameters that methods share whose perturbations act through a network of genes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scdyn_core.methods.method import show
from scdyn_core.methods.perturbations.config import PerturbationConfig

Predictor = Literal["network", "shrunken", "both"]


class RegulationConfig(PerturbationConfig):
    """What the network is learned from and what an edge costs; a node is a targeted gene."""

    level: Literal["target"] = Field(
        "target",
        description="Nodes are the targeted genes: guides of one gene are one perturbation",
        json_schema_extra=show("Data"),
    )
    combinations: Literal["sum"] = Field(
        "sum",
        description="In cells with several targets all of them are held at their dose",
        json_schema_extra=show("Data"),
    )
    context: Literal["none"] = Field(
        "none",
        description="One network for all cells",
        json_schema_extra=show("Data"),
    )
    sparsity: float = Field(
        1.5,
        ge=0,
        le=20,
        description="Cost of an edge, in standard errors of what one perturbation says of it: "
        "higher gives fewer edges",
        json_schema_extra=show("Network", unit="standard errors"),
    )
    size: float = Field(
        0.5,
        gt=0,
        le=100,
        description="Size that direct effects are expected to have: larger ones need more cells or "
        "counts to be believed, which keeps genes with hardly a count from the top",
        json_schema_extra=show("Network", advanced=True, unit="log change per log change"),
    )
    dose: Literal["measured", "unit"] = Field(
        "measured",
        description="How deep a perturbation goes: the change of the gene's own transcript where "
        "it changed beyond doubt and by 40 % or more; or the same for all, as for knock-outs that "
        "leave the transcript",
        json_schema_extra=show("Network"),
    )
    reference: Literal["auto", "control", "perturbations"] = Field(
        "auto",
        description="Changes are against the control cells; or against what all perturbations have "
        "in common, where the control cells are in another state than every perturbation, or there "
        "are none",
        json_schema_extra=show("Network", advanced=True),
    )
    prior: str = Field(
        "",
        max_length=200,
        description="Name of an uploaded network whose edges cost less, such as CollecTRI; empty "
        "for none",
        json_schema_extra=show("Prior network"),
    )
    prior_cost: float = Field(
        0.3,
        ge=0,
        le=1,
        description="Cost of an edge that the prior network has, as a share of that of others",
        json_schema_extra=show("Prior network", advanced=True),
    )
    predictor: Predictor = Field(
        "both",
        description="What predicts responses: paths through the network; changes drawn to zero as "
        "far as they are noise, added up in combinations, without any network; or the network, "
        "and what it leaves over drawn to zero",
        json_schema_extra=show("Prediction"),
    )
