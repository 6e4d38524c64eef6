"""Parameters of the association network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scdyn_core.methods.method import MethodConfig, show

Estimator = Literal[
    "mean shift",
    "partial correlation",
    "correlation",
    "regression trees",
    "trees along pseudotime",
]


class AssociationConfig(MethodConfig):
    """Which estimators, on which genes and cells."""

    estimators: tuple[Estimator, ...] = Field(
        (
            "mean shift",
            "partial correlation",
            "correlation",
            "regression trees",
            "trees along pseudotime",
        ),
        min_length=1,
        description="Networks to estimate, each shown on its own; scores are of the first that can "
        "be, beside the others. Mean shift needs perturbations, trees along "
        "pseudotime the role pseudotime: they are left out without",
        json_schema_extra=show("Network"),
    )
    regulators: Literal["all", "perturbed", "named"] = Field(
        "all",
        description="Genes that edges may leave: all genes used, those that were perturbed, or "
        "those named below",
        json_schema_extra=show("Network"),
    )
    named: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        (),
        max_length=5000,
        title="Named regulators",
        description="Names of regulators, such as transcription factors; they are used whether "
        "they vary much or not",
        json_schema_extra=show("Network"),
    )
    edges: int = Field(
        5000,
        ge=10,
        le=200_000,
        title="Edges kept",
        description="Strongest edges of each estimator that are kept; the stability of an edge is "
        "the share of the replicates that keep it. Scores see all pairs",
        json_schema_extra=show("Network"),
    )
    genes: int = Field(
        500,
        ge=10,
        le=5000,
        description="Most variable genes of the training cells; perturbed genes come in addition. "
        "The time of the trees grows with its power 1.5: about 20 s a replicate for 300",
        json_schema_extra=show("Data"),
    )
    cells: int = Field(
        20_000,
        ge=50,
        le=1_000_000,
        description="Training cells that are used, drawn at random where there are more",
        json_schema_extra=show("Data", advanced=True, unit="cells"),
    )
    fewest_cells: int = Field(
        20,
        ge=5,
        le=10_000,
        description="Perturbations with fewer cells are left out, and named in the run's cautions",
        json_schema_extra=show("Data", advanced=True, unit="cells"),
    )
    trees: int = Field(
        50,
        ge=5,
        le=5000,
        description="Trees for each target gene",
        json_schema_extra=show("Trees", advanced=True, term="n_estimators"),
    )
    tree_kind: Literal["extra trees", "random forest", "boosting"] = Field(
        "extra trees",
        description="Randomised trees or forests as in GENIE3, or boosting as in GRNBoost2, which "
        "takes several times as long",
        json_schema_extra=show("Trees", advanced=True),
    )
    tree_cells: int = Field(
        600,
        ge=50,
        le=100_000,
        description="Training cells that trees see, drawn at random where there are more (along "
        "pseudotime: averages of neighbouring cells); their time grows with it",
        json_schema_extra=show("Trees", advanced=True, unit="cells"),
    )
