"""What generated knock-down screens share: cells, labels, counting, and how the truth is kept."""

from __future__ import annotations

from abc import abstractmethod
from math import comb
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.sparse import csr_matrix, vstack

from scdyn_core.data.simulators.knock_down_design import Design
from scdyn_core.data.simulators.simulator import Simulator

if TYPE_CHECKING:
    from anndata import AnnData

Matrix = NDArray[np.float64]
Hits = NDArray[np.bool_]

_BLOCK = 20_000
#: Control cells that are looked at to know how active an average cell is.
_PILOT = 500


class Truth(NamedTuple):
    """Direct and total effects ``(nodes, genes)``, and the dose of every node, natural log."""

    direct: Matrix
    total: Matrix
    dose: Matrix


class System(Protocol):
    """A drawn network, ready to make cells."""

    def truth(self) -> Truth:
        """Return the effects; columns are all genes, the nodes first."""
        ...

    def expression(self, hits: Hits, rng: np.random.Generator) -> Matrix:
        """Return the expression ``(n, genes)`` of cells with nodes knocked down ``(n, nodes)``."""
        ...


class KnockDowns(Simulator):
    """A screen in which every node is knocked down; a subclass says how genes act on each other.

    A cell of depth ``D`` has ``D * expression / e`` expected counts, with ``e`` the mean total
    expression of control cells: depth varies between cells (log-normal), and a cell whose genes
    are less active has fewer counts.
    """

    nodes: int = Field(40, ge=3, le=300, description="Genes that are knocked down, one at a time.")
    downstream: int = Field(60, ge=0, le=5_000, description="Other genes; nothing comes from them.")
    edges: int = Field(120, ge=1, le=20_000, description="Direct effects.")
    among_nodes: float = Field(
        0.5, gt=0, le=1, description="Share of the direct effects that lead to another node."
    )
    cells_per_perturbation: int = Field(
        100, ge=2, le=5_000, description="Cells of each perturbation."
    )
    control_cells: int = Field(
        1_000, ge=0, le=100_000, description="Cells without a perturbation, labelled control."
    )
    combinations: int = Field(
        0, ge=0, le=10_000, description="Pairs of nodes that are knocked down together."
    )
    guides: int = Field(0, ge=0, le=20, description="Guides of each node; 0: not known.")
    unmeasured: int = Field(
        0, ge=0, le=300, description="Nodes, the last ones, whose own transcript is not measured."
    )
    knock_down_least: float = Field(
        1.2, ge=0.05, le=5, description="Least knock-down, natural log (1.2 leaves 30 %)."
    )
    knock_down_most: float = Field(
        1.8, ge=0.05, le=5, description="Largest knock-down, natural log (1.8 leaves 17 %)."
    )
    depth: float = Field(1_000, ge=10, le=1e6, description="Mean counts of a control cell.")
    depth_sd: float = Field(
        0.3, ge=0, le=2, description="Spread of depth between cells (sd of its logarithm)."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        among, down = self.edge_counts()
        for what, asked, room in (
            ("pairs of nodes", self.combinations, comb(self.nodes, 2)),
            ("edges among nodes without a cycle", among, comb(self.nodes, 2)),
            ("edges to other genes", down, self.nodes * self.downstream),
        ):
            if asked > room:
                raise ValueError(f"there are only {room} {what}, not {asked}")
        if self.knock_down_least > self.knock_down_most:
            raise ValueError("knock_down_least must not be above knock_down_most")
        if self.unmeasured > self.nodes or self.unmeasured == self.nodes + self.downstream:
            raise ValueError("unmeasured must not be above nodes, and some gene must be measured")
        return self

    def edge_counts(self) -> tuple[int, int]:
        """Return the number of edges among nodes, and from nodes to other genes."""
        among = round(self.edges * self.among_nodes)
        return among, self.edges - among

    @abstractmethod
    def system(self, rng: np.random.Generator, dose: Matrix) -> System:
        """Draw a network whose nodes are knocked down by ``dose``, natural log, shape (nodes,)."""

    def sample(self, seed: int) -> AnnData:
        """Generate one sample with integer counts in ``X``.

        ``obs["perturbation"]`` is the label, ``obs["guide"]`` the guide where there are any.
        ``uns["regulation"]`` holds the truth: ``nodes`` and ``genes`` (names; ``genes`` are
        ``var_names``), ``direct`` and ``total`` (nodes x genes), ``dose`` (log change of every
        node where it is knocked down).
        """
        from anndata import AnnData

        # Streams of their own: what is asked for besides leaves network and counts as they are.
        design_rng, guide_rng, network_rng, cell_rng = np.random.default_rng(seed).spawn(4)
        width = len(str(max(self.nodes, self.downstream)))
        nodes = [f"N{number:0{width}d}" for number in range(1, self.nodes + 1)]
        genes = nodes + [f"G{number:0{width}d}" for number in range(1, self.downstream + 1)]
        measured = np.arange(len(genes))
        measured = measured[(measured < self.nodes - self.unmeasured) | (measured >= self.nodes)]
        kept = [genes[gene] for gene in measured]

        knock_down = network_rng.uniform(self.knock_down_least, self.knock_down_most, self.nodes)
        system = self.system(network_rng, -knock_down)
        design = Design.draw(
            design_rng, self.nodes, self.combinations, self.cells_per_perturbation,
            self.control_cells,
        )  # fmt: skip
        obs = pd.DataFrame(
            {"perturbation": design.labels(nodes)},
            index=[f"cell{number:06d}" for number in range(len(design.kind))],
        )
        if self.guides:
            obs["guide"] = design.guides(nodes, self.guides, guide_rng)
        counts = self._counts(system, design, measured, cell_rng)
        adata = AnnData(X=counts, obs=obs, var=pd.DataFrame(index=kept))
        truth = system.truth()
        adata.uns["simulator"] = self.provenance(seed)
        adata.uns["regulation"] = {
            "nodes": np.array(nodes, dtype=object),
            "genes": np.array(kept, dtype=object),
            "direct": truth.direct[:, measured],
            "total": truth.total[:, measured],
            "dose": truth.dose,
        }
        return adata

    def _counts(
        self,
        system: System,
        design: Design,
        measured: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> csr_matrix:
        """Make the cells block by block and count what is measured of each at its depth."""
        pilot = system.expression(np.zeros((_PILOT, self.nodes), dtype=bool), rng)
        per_count = self.depth / pilot[:, measured].sum(axis=1).mean()
        hits, parts = design.hits(self.nodes), []
        for start in range(0, len(design.kind), _BLOCK):
            kind = design.kind[start : start + _BLOCK]
            expression = system.expression(hits[kind], rng)[:, measured]
            spread = rng.normal(-(self.depth_sd**2) / 2, self.depth_sd, len(kind))
            depth = per_count * np.exp(spread)
            parts.append(csr_matrix(rng.poisson(expression * depth[:, None]).astype(np.int32)))
        return vstack(parts, format="csr")
