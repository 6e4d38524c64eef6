"""Types from common to rare under a treatment: rare by genes of its own, faintly, or jointly.

Symbols: ``A`` programs of every type (types × programs, 0 or 1), ``z`` activity of the programs in
a cell, ``f`` log fold of every gene in its program, ``m`` log fold of a type's own genes, ``r`` log
fold under treatment (types × genes), ``b`` of a batch. The log rate of a gene in a cell is its
basal one plus ``z f + m + r + b``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import csr_matrix

from scdyn_core.data.simulators.simulator import Simulator

if TYPE_CHECKING:
    from anndata import AnnData

Values = NDArray[np.float64]
COMMON = "common"
OWN, WEAK, JOINT = "rare, own genes", "rare, weak", "rare, joint"
#: Type -> how it is rare, its programs, and its part of the cells that are not rare.
TYPES: dict[str, tuple[str, str, float]] = {
    "common 1": ("common", "111000", 0.36),
    "common 2": ("common", "000111", 0.26),
    "common 3": ("common", "100110", 0.18),
    "common 4": ("common", "011001", 0.12),
    "common 5": ("common", "101010", 0.08),
    # As common 1 and common 2, but for a few genes.
    OWN: ("own genes", "111000", 0.0),
    WEAK: ("weak", "000111", 0.0),
    # Every program is on in two common types or more and off in two or more; no gene is its own.
    JOINT: ("joint", "010101", 0.0),
}
_PROGRAMS = 6
#: Genes of each program, of those that respond to treatment everywhere, and in one type only.
_IN_PROGRAM, _SHARED, _SPECIFIC = 0.08, 0.15, 0.04
_OWN_GENES = 10
_BASAL_SD, _FOLD_SPREAD = 0.6, 0.3


class RareTypes(Simulator):
    """Counts of cells of five common and three rare types, half of them treated.

    Counts are Poisson at ``depth * noise * exp(log rate)``; ``depth`` of a cell is log-normal,
    ``noise`` of a gene in a cell gamma with mean 1.
    """

    name: ClassVar[str] = "rare"
    title: ClassVar[str] = "Rare types under a treatment (generated)"
    summary: ClassVar[str] = "Common and rare cell types, control and treated; how each is rare."

    n_cells: int = Field(2000, ge=200, le=200_000, description="Number of cells.")
    n_genes: int = Field(200, ge=100, le=20_000, description="Number of genes.")
    rare_share: float = Field(
        0.015, ge=0.001, le=0.1, description="Share of the cells of each of the three rare types."
    )
    program: float = Field(
        1.6, ge=0, le=10, description="Log fold change of a typical gene whose program is on."
    )
    activity_sd: float = Field(
        0.2, ge=0, le=2, description="Spread of the activity of a program between alike cells."
    )
    own: float = Field(
        2.5, ge=0, le=10, description="Log fold change of the own genes of the rare type with some."
    )
    weak: float = Field(0.8, ge=0, le=10, description="The same for the weak rare type.")
    response: float = Field(
        1.0, ge=0, le=10, description="Log fold change of a typical gene under treatment."
    )
    batch: float = Field(
        0.15, ge=0, le=5, description="Spread of genes between the two batches (sd of the log)."
    )
    depth: float = Field(600, gt=0, le=1e6, description="Mean counts of a cell.")
    depth_sd: float = Field(
        0.25, ge=0, le=2, description="Spread of depth between cells (sd of its logarithm)."
    )
    cell_noise: float = Field(
        0.2, gt=0, le=10, description="Squared coefficient of variation between alike cells."
    )

    def sample(self, seed: int) -> AnnData:
        """Generate one sample with integer counts in ``X``.

        ``obs`` has ``cell_type``, ``condition`` and ``batch``; ``var["program_true"]`` the program
        of a gene (0: none) and ``var["own_gene_of_true"]`` the type whose own it is. In
        ``uns["rare_types"]``: ``cell_type``, ``kind`` (how it is rare, or ``common``), ``rare``,
        ``programs`` (types × programs) and ``response`` (types × genes, log fold).
        """
        from anndata import AnnData

        rng = np.random.default_rng(seed)
        member = rng.permutation(np.repeat(np.arange(len(TYPES)), self.cells_of_types()))
        # Every other cell of a type is treated: half of them, however few there are.
        treated = pd.Series(member).groupby(member).cumcount().to_numpy() % 2 == 1
        batch = rng.integers(0, 2, self.n_cells)
        var = self._genes(rng)
        response = self._response(rng)
        log_rate = (
            rng.normal(0.0, _BASAL_SD, self.n_genes)
            + self._programs(member, var, rng)
            + self._own(var)[member]
            + treated[:, None] * response[member]
            + rng.normal(0.0, self.batch, (2, self.n_genes))[batch]
        )
        obs = pd.DataFrame(
            {
                "cell_type": pd.Categorical(np.array(list(TYPES))[member], list(TYPES)),
                "condition": pd.Categorical(np.where(treated, "treated", "control")),
                "batch": pd.Categorical(np.where(batch == 1, "batch 2", "batch 1")),
            },
            index=[f"cell{i:05d}" for i in range(self.n_cells)],
        )
        adata = AnnData(X=self._counts(log_rate, rng), obs=obs, var=var)
        adata.uns["simulator"] = self.provenance(seed)
        adata.uns["rare_types"] = {
            "cell_type": np.array(list(TYPES), dtype=object),
            "kind": np.array([kind for kind, *_ in TYPES.values()], dtype=object),
            "rare": np.array([kind != COMMON for kind, *_ in TYPES.values()]),
            "programs": _codes(),
            "response": response,
        }
        return adata

    def cells_of_types(self) -> NDArray[np.int64]:
        """Return how many cells each type has; what rounding leaves goes to the most common."""
        rare = round(self.rare_share * self.n_cells)
        common = self.n_cells - rare * sum(kind != COMMON for kind, *_ in TYPES.values())
        cells = [int(part * common) if kind == COMMON else rare for kind, _, part in TYPES.values()]
        cells[0] += self.n_cells - sum(cells)
        return np.array(cells)

    def _genes(self, rng: np.random.Generator) -> pd.DataFrame:
        """Draw which genes make up each program, and which are a rare type's own."""
        order = rng.permutation(self.n_genes)
        each = int(_IN_PROGRAM * self.n_genes)
        program = np.zeros(self.n_genes, dtype=np.int64)
        program[order[: each * _PROGRAMS]] = np.repeat(np.arange(1, _PROGRAMS + 1), each)
        owner = np.full(self.n_genes, "", dtype=object)
        owner[order[each * _PROGRAMS :][: 2 * _OWN_GENES]] = np.repeat([OWN, WEAK], _OWN_GENES)
        return pd.DataFrame(
            {"program_true": program, "own_gene_of_true": pd.Categorical(owner)},
            index=[f"gene{i:04d}" for i in range(self.n_genes)],
        )

    def _programs(
        self, member: NDArray[np.int64], var: pd.DataFrame, rng: np.random.Generator
    ) -> Values:
        """Return ``z f``, shape ``(n, genes)``."""
        spread = rng.normal(0.0, self.activity_sd, (len(member), _PROGRAMS))
        # A column of zeros before the first program stands for genes of none.
        activity = np.pad(_codes()[member] + spread, ((0, 0), (1, 0)))
        fold = self.program * rng.uniform(1 - _FOLD_SPREAD, 1 + _FOLD_SPREAD, len(var))
        return np.asarray(activity[:, var["program_true"]] * fold)

    def _own(self, var: pd.DataFrame) -> Values:
        """Return ``m``, shape ``(types, genes)``."""
        fold = np.zeros((len(TYPES), len(var)))
        for name, size in ((OWN, self.own), (WEAK, self.weak)):
            fold[list(TYPES).index(name), (var["own_gene_of_true"] == name).to_numpy()] = size
        return fold

    def _response(self, rng: np.random.Generator) -> Values:
        """Return ``r``, shape ``(types, genes)``.

        What all types share, larger or smaller in each, and a few genes of each type.
        """
        shape = (len(TYPES), self.n_genes)
        shared = rng.permutation(self.n_genes) < _SHARED * self.n_genes
        fold = self.response * rng.normal(1.0, _FOLD_SPREAD, self.n_genes)
        strength = rng.uniform(1 - _FOLD_SPREAD, 1 + _FOLD_SPREAD, (len(TYPES), 1))
        specific = rng.random(shape) < _SPECIFIC
        sign = rng.choice([-1.0, 1.0], shape)
        return np.asarray(shared * fold * strength + specific * sign * self.response)

    def _counts(self, log_rate: Values, rng: np.random.Generator) -> csr_matrix:
        """Count every gene in every cell, each at its own depth."""
        n = len(log_rate)
        depth = np.exp(rng.normal(-(self.depth_sd**2) / 2, self.depth_sd, (n, 1)))
        noise = rng.gamma(1 / self.cell_noise, self.cell_noise, log_rate.shape)
        rate = np.exp(log_rate)
        rate *= self.depth / rate.sum(axis=1).mean()
        return csr_matrix(rng.poisson(rate * depth * noise).astype(np.int32))


def _codes() -> Values:
    """Return ``A``, shape ``(types, programs)``."""
    return np.array([[float(on) for on in code] for _, code, _ in TYPES.values()])
