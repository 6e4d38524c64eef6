"""Latent equations, genes that read them, and the cells one would have measured."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import csr_matrix

from scdyn_core.data.simulators.genes import Genes, count
from scdyn_core.data.simulators.polynomial import PolynomialSystem
from scdyn_core.data.simulators.simulator import Simulator

if TYPE_CHECKING:
    from anndata import AnnData

#: Integration steps per cell; halving the step changes no rate by more than a tenth of a percent.
N_STEPS = 200


class LatentDynamics(Simulator):
    """Cells that follow equations of motion; a subclass adds its latent equations."""

    n_cells: int = Field(2400, ge=50, le=200_000, description="Number of cells.")
    n_genes: int = Field(200, ge=10, le=20_000, description="Number of genes.")
    n_times: int = Field(8, ge=1, le=100, description="Number of sampling times, evenly spaced.")
    depth: float = Field(
        2000.0, gt=0, le=1e6, description="Mean number of spliced counts in a cell."
    )
    depth_sd: float = Field(
        0.3, ge=0, le=2, description="Spread of capture between cells (sd of its logarithm)."
    )
    gain: float = Field(
        1.5, gt=0, le=10, description="How strongly promoters respond to the latent state."
    )
    splicing: float = Field(1.5, gt=0, le=100, description="Typical splicing rate per hour.")
    degradation: float = Field(0.4, gt=0, le=100, description="Typical degradation rate per hour.")
    rate_sd: float = Field(
        0.2, ge=0, le=2, description="Spread of both rates between genes (sd of the logarithm)."
    )
    abundance_sd: float = Field(
        0.6, ge=0, le=3, description="Spread of abundance between genes (sd of the logarithm)."
    )
    keep_true_velocity: bool = Field(
        False, description="Store the true ds/dt of every cell and gene as a layer."
    )

    @abstractmethod
    def system(self) -> PolynomialSystem:
        """Return the latent equations."""

    @abstractmethod
    def start(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw where every cell starts, shape ``(n_cells, d)``."""

    @abstractmethod
    def hours_range(self) -> tuple[float, float]:
        """Return the first and last hour at which cells are taken."""

    @abstractmethod
    def cell_types(self, z: NDArray[np.float64]) -> NDArray[np.str_]:
        """Name the type of cells at latent positions ``z``."""

    def sample(self, seed: int) -> AnnData:
        """Generate one sample with integer ``spliced`` and ``unspliced`` layers.

        The truth is kept in ``obsm`` (``latent_true``, ``latent_velocity_true`` per hour),
        ``obs`` (``true_time`` in hours) and ``uns["latent_equations"]``.
        """
        from anndata import AnnData

        rng = np.random.default_rng(seed)
        system = self.system()
        start = self.start(rng)
        sampled, hours = self._times(rng)
        genes = Genes.draw(
            self.n_genes,
            start.shape[1],
            rng,
            gain=self.gain,
            splicing=self.splicing,
            degradation=self.degradation,
            rate_sd=self.rate_sd,
            abundance_sd=self.abundance_sd,
        )
        path = system.paths(start, hours, N_STEPS)
        z = path[-1]
        u, s = genes.molecules(path, hours)
        unspliced, spliced = count((u, s), self.depth, self.depth_sd, rng)
        adata = AnnData(
            X=csr_matrix(spliced),
            obs=pd.DataFrame(
                {
                    "cell_type": pd.Categorical(self.cell_types(z)),
                    "time": sampled,
                    "true_time": hours,
                },
                index=[f"cell{i:05d}" for i in range(self.n_cells)],
            ),
            var=pd.DataFrame(
                {"splicing_true": genes.splicing, "degradation_true": genes.degradation},
                index=[f"gene{i:04d}" for i in range(self.n_genes)],
            ),
            layers={"spliced": csr_matrix(spliced), "unspliced": csr_matrix(unspliced)},
            obsm={
                "latent_true": z.astype(np.float32),
                "latent_velocity_true": system.velocity(z).astype(np.float32),
            },
        )
        adata.uns["simulator"] = self.provenance(seed)
        adata.uns["latent_equations"] = {
            "equation": np.array([term.equation for term in system.terms]),
            "term": np.array([term.name for term in system.terms], dtype=object),
            "coefficient": np.array([term.coefficient for term in system.terms]),
        }
        if self.keep_true_velocity:
            velocity = genes.splicing * u - genes.degradation * s
            adata.layers["velocity_true"] = velocity.astype(np.float32)
        return adata

    def _times(self, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Draw the sampling time of every cell, and the time its own clock shows.

        Cells taken together set out asynchronously, up to one sampling interval apart, so
        that the sample covers the whole motion.
        """
        first, last = self.hours_range()
        interval = (last - first) / self.n_times
        batch = rng.integers(1, self.n_times + 1, size=self.n_cells)
        sampled = first + interval * batch.astype(np.float64)
        return sampled, sampled - interval * rng.random(self.n_cells)
