"""The steps of recipes, one file each, and the union that a recipe is read through."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scdyn_core.preprocess.step import Step
from scdyn_core.preprocess.steps.diffusion_pseudotime import DiffusionPseudotime
from scdyn_core.preprocess.steps.doublets import Doublets
from scdyn_core.preprocess.steps.filter_cells import FilterCells
from scdyn_core.preprocess.steps.filter_genes import FilterGenes
from scdyn_core.preprocess.steps.keep_cells import KeepCells
from scdyn_core.preprocess.steps.log1p import Log1p
from scdyn_core.preprocess.steps.moments import Moments
from scdyn_core.preprocess.steps.neighbours import Neighbours
from scdyn_core.preprocess.steps.normalise import Normalise
from scdyn_core.preprocess.steps.pca import Pca
from scdyn_core.preprocess.steps.qc_metrics import QcMetrics
from scdyn_core.preprocess.steps.shared_counts import SharedCounts
from scdyn_core.preprocess.steps.umap import Umap
from scdyn_core.preprocess.steps.variable_genes import VariableGenes
from scdyn_core.preprocess.steps.velocity import Velocity
from scdyn_core.preprocess.steps.velocity_graph import VelocityGraph
from scdyn_core.preprocess.steps.velocity_pseudotime import VelocityPseudotime
from scdyn_core.preprocess.steps.windows import Windows

AnyStep = Annotated[
    KeepCells
    | QcMetrics
    | FilterCells
    | FilterGenes
    | Doublets
    | SharedCounts
    | Normalise
    | Log1p
    | VariableGenes
    | Pca
    | Neighbours
    | Umap
    | Moments
    | Velocity
    | VelocityGraph
    | VelocityPseudotime
    | DiffusionPseudotime
    | Windows,
    Field(discriminator="kind"),
]

#: Every step by its kind, in the order in which they usually come.
STEPS: dict[str, type[Step]] = {
    step.model_fields["kind"].default: step
    for step in (
        KeepCells,
        QcMetrics,
        FilterCells,
        FilterGenes,
        Doublets,
        SharedCounts,
        Normalise,
        Log1p,
        VariableGenes,
        Pca,
        Neighbours,
        Umap,
        Moments,
        Velocity,
        VelocityGraph,
        VelocityPseudotime,
        DiffusionPseudotime,
        Windows,
    )
}

__all__ = [
    "STEPS",
    "AnyStep",
    "DiffusionPseudotime",
    "Doublets",
    "FilterCells",
    "FilterGenes",
    "KeepCells",
    "Log1p",
    "Moments",
    "Neighbours",
    "Normalise",
    "Pca",
    "QcMetrics",
    "SharedCounts",
    "Umap",
    "VariableGenes",
    "Velocity",
    "VelocityGraph",
    "VelocityPseudotime",
    "Windows",
]
