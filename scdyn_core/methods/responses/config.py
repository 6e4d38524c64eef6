"""How cells at time points become one curve per gene: parameters every such method shares."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scdyn_core.methods.method import MethodConfig, show

#: From so many genes on what they share speaks of the cells' depth more than of the genes.
FEWEST_FOR_COMMON = 200
#: Clusters with fewer genes to learn from are not tried unless asked for.
FEWEST_PER_CLUSTER = 5


class ResponseConfig(MethodConfig):
    """Input and clusters of a method whose samples are genes."""

    clusters: int = Field(
        0,
        ge=0,
        le=30,
        description="Number of clusters; 0 lets the data say. All numbers up to the largest one "
        "are computed, so it can be changed later without a new run",
        json_schema_extra=show("Clusters", term="n_clusters"),
    )
    most_clusters: int = Field(
        9,
        ge=2,
        le=30,
        description="Largest number of clusters that is tried",
        json_schema_extra=show("Clusters"),
    )
    genes: int = Field(
        2000,
        ge=10,
        le=20000,
        description="Most strongly changing genes to use, compared with their standard error",
        json_schema_extra=show("Data", term="n_top_genes"),
    )
    compare: Literal["none", "condition", "cell_type", "sample", "batch"] = Field(
        "none",
        description="Show the same clusters in every level of this role, side by side",
        json_schema_extra=show("Data"),
    )
    learn_from: str = Field(
        "",
        max_length=200,
        description="Level of the compared role to learn from; empty takes all cells",
        json_schema_extra=show("Data"),
    )
    detected: float = Field(
        0.02,
        ge=0,
        lt=1,
        description="A gene must be seen in this share of the cells of at least one time",
        json_schema_extra=show("Data", advanced=True),
    )
    values: Literal["auto", "counts", "log"] = Field(
        "auto",
        description="What is averaged: raw counts scaled to one depth, or log values from X; auto "
        "takes counts where they are known",
        json_schema_extra=show("Data", advanced=True),
    )
    log_base: Literal["e", "2", "10"] = Field(
        "e",
        description="Base of the logarithm of the values in X (log values only)",
        json_schema_extra=show("Data", advanced=True),
    )
    depth: Literal["auto", "total", "none"] = Field(
        "auto",
        description="Scale counts by the cell's total; a panel of few selected genes should not "
        "be, so auto does so from 200 genes",
        json_schema_extra=show("Data", advanced=True),
    )
    summary: Literal["pseudobulk", "mean"] = Field(
        "pseudobulk",
        description="Value of a gene at a time: log of the mean over cells, or mean of the logs",
        json_schema_extra=show("Data", advanced=True),
    )
    offset: Literal["auto", "flat genes", "mode", "none"] = Field(
        "auto",
        description="What all genes seem to do together is depth, not response, and is removed: "
        "taken from the genes that do not respond, from the most common change, or not at all; "
        "auto trusts the flat genes from 200 genes on, a panel of few selected genes has none",
        json_schema_extra=show("Data", advanced=True),
    )
    noise: float = Field(
        0.07,
        ge=0,
        le=2,
        description="Scatter of a gene's mean beyond what its cells explain",
        json_schema_extra=show("Data", advanced=True, unit="log2"),
    )

    def offset_of(self, genes: int) -> Literal["flat genes", "mode", "none"]:
        """Return where the offset of so many genes comes from."""
        if self.offset != "auto":
            return self.offset
        return "flat genes" if genes >= FEWEST_FOR_COMMON else "none"

    def numbers(self, genes: int) -> range:
        """Return the numbers of clusters to try with so many genes to learn from."""
        most = min(self.most_clusters, max(genes // FEWEST_PER_CLUSTER, 2))
        return range(2, max(most, self.clusters) + 1)
