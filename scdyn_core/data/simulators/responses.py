"""Genes that respond to a stimulus in one of six ways, counted in cells taken at a few times."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator
from scipy.sparse import csr_matrix, vstack

from scdyn_core.data.simulators.response_shapes import CLASSES, mean_curves, response_shapes
from scdyn_core.data.simulators.simulator import Simulator

if TYPE_CHECKING:
    from anndata import AnnData

Hours = Annotated[float, Field(ge=0, le=10_000)]
Size = Annotated[float, Field(gt=0, le=1e6)]


class Responses(Simulator):
    """Counts ``Poisson(depth * noise * baseline * fold ** shape(stretch * t))``.

    ``depth`` of a cell is log-normal with mean 1, ``noise`` of a gene in a cell is gamma with
    mean 1: together with counting, the over-dispersed counts of single cells.
    """

    name: ClassVar[str] = "responses"
    title: ClassVar[str] = "Genes responding to a stimulus (generated)"
    summary: ClassVar[str] = "Genes of six response classes over 24 hours; the classes are known."

    n_cells: int = Field(3000, ge=50, le=100_000, description="Number of cells.")
    n_genes: int = Field(1000, ge=10, le=20_000, description="Number of genes.")
    times: tuple[Hours, ...] = Field(
        (0, 1, 3, 6, 12, 24),
        min_length=2,
        max_length=50,
        description="Sampling times, hours after the stimulus; as many cells at each.",
    )
    class_sizes: tuple[Size, Size, Size, Size, Size, Size] = Field(
        (1, 1, 1, 1, 1, 1), description="Relative sizes of the classes, " + ", ".join(CLASSES) + "."
    )
    baseline: float = Field(
        0.6, gt=0, le=1000, description="Typical mean count of a gene before the stimulus."
    )
    baseline_sd: float = Field(
        1.0, ge=0, le=3, description="Spread of the baseline between genes (sd of its logarithm)."
    )
    fold_least: float = Field(1.5, ge=1, le=100, description="Smallest fold change of a gene.")
    fold_most: float = Field(6.0, ge=1, le=100, description="Largest fold change of a gene.")
    stretch_sd: float = Field(
        0.0, ge=0, le=1, description="Spread of speed between genes of a class (sd of the log)."
    )
    cell_noise: float = Field(
        0.5, gt=0, le=10, description="Squared coefficient of variation between alike cells."
    )
    depth_sd: float = Field(
        0.3, ge=0, le=2, description="Spread of capture between cells (sd of its logarithm)."
    )

    @field_validator("times")
    @classmethod
    def _in_order(cls, times: tuple[float, ...]) -> tuple[float, ...]:
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError("times must increase")
        return times

    @field_validator("fold_most")
    @classmethod
    def _not_below_least(cls, most: float, info: ValidationInfo) -> float:
        if most < info.data.get("fold_least", most):
            raise ValueError("must not be below fold_least")
        return most

    def sample(self, seed: int) -> AnnData:
        """Generate one sample with integer counts in ``X``.

        The truth of every gene is kept in ``var`` (``response_class_true``, ``fold_true``,
        ``stretch_true``, ``baseline_true``), the shapes in ``uns["response_shapes"]``.
        """
        from anndata import AnnData

        rng = np.random.default_rng(seed)
        genes = self._genes(rng)
        time = np.sort(np.resize(np.array(self.times, dtype=np.float64), self.n_cells))
        adata = AnnData(
            X=self._counts(genes, time, rng),
            obs=pd.DataFrame({"time": time}, index=[f"cell{i:05d}" for i in range(self.n_cells)]),
            var=genes,
        )
        adata.uns["simulator"] = self.provenance(seed)
        adata.uns["response_shapes"] = {
            "class": np.array(CLASSES, dtype=object),
            "time": np.array(self.times, dtype=np.float64),
            "shape": response_shapes(self.times),
        }
        return adata

    def class_counts(self) -> NDArray[np.int64]:
        """Return how many genes each class has; what rounding leaves goes to the first largest."""
        share = np.array(self.class_sizes) / sum(self.class_sizes) * self.n_genes
        counts = np.floor(share + 1e-9).astype(np.int64)
        missing = self.n_genes - int(counts.sum())
        counts[np.argsort(counts - share, kind="stable")[:missing]] += 1
        return counts

    def _genes(self, rng: np.random.Generator) -> pd.DataFrame:
        """Draw class, baseline, fold change and speed of every gene."""
        n = self.n_genes
        label = rng.permutation(np.repeat(np.arange(len(CLASSES)), self.class_counts()))
        fold = np.exp(rng.uniform(np.log(self.fold_least), np.log(self.fold_most), n))
        return pd.DataFrame(
            {
                "response_class_true": pd.Categorical(np.array(CLASSES)[label], list(CLASSES)),
                "fold_true": np.where(label == CLASSES.index("flat"), 1.0, fold),
                "stretch_true": np.exp(rng.normal(0.0, self.stretch_sd, n)),
                "baseline_true": self.baseline * np.exp(rng.normal(0.0, self.baseline_sd, n)),
            },
            index=[f"gene{i:04d}" for i in range(n)],
        )

    def _counts(
        self, genes: pd.DataFrame, time: NDArray[np.float64], rng: np.random.Generator
    ) -> csr_matrix:
        """Count every gene in every cell, one sampling time after another."""
        parts = []
        for mean, hours in zip(mean_curves(genes, self.times).T, self.times, strict=True):
            shape = (int((time == hours).sum()), self.n_genes)
            depth = np.exp(rng.normal(-(self.depth_sd**2) / 2, self.depth_sd, (shape[0], 1)))
            noise = rng.gamma(1 / self.cell_noise, self.cell_noise, shape)
            parts.append(csr_matrix(rng.poisson(mean * depth * noise).astype(np.int32)))
        return vstack(parts, format="csr")
