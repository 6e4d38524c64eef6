"""Perturbations that each shift a few of the latent programs, read out as counts.

The model of Lopez et al. 2023 (sVAE+), with targets drawn without replacement, expression
normalised in every cell, and an explicit depth.
"""

from __future__ import annotations

from itertools import pairwise
from math import comb
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator
from scipy.sparse import csr_matrix, hstack, vstack

from scdyn_core.data.simulators.simulator import Simulator

if TYPE_CHECKING:
    from anndata import AnnData

CONTROL = "control"
_HIDDEN = 40
_SLOPE = 0.2
_MOST_TARGETS = 3
#: Expression of a target, of that of an average gene.
_TARGET_LEVEL = 0.1
_BLOCK = 20_000


class MechanismShift(Simulator):
    """Counts ``Poisson(depth * softmax(decoder(z)))`` with ``z ~ N(shift of the label, I)``.

    The decoder is four bias-free linear maps (latents to 40, 40, 40, genes) with leaky rectifiers
    between them; ``depth`` of a cell is log-normal.
    """

    name: ClassVar[str] = "mechanism_shift"
    title: ClassVar[str] = "Perturbation screen (generated)"
    summary: ClassVar[str] = "Perturbations that each shift one to three known latent programs."

    interventions: int = Field(100, ge=2, le=10_000, description="Number of perturbations.")
    cells_per_intervention: int = Field(
        250, ge=2, le=10_000, description="Cells of each perturbation."
    )
    genes: int = Field(100, ge=10, le=20_000, description="Number of genes.")
    latents: int = Field(15, ge=3, le=100, description="Number of latent programs.")
    shift: float = Field(
        5.0, ge=0, le=100, description="Mean size of a shift, in sd of the latent."
    )
    shift_sd: float = Field(0.5, ge=0, le=10, description="Spread of the sizes of shifts.")
    depth: float = Field(
        10_000, gt=0, le=1e6, description="Mean counts of a cell, without those of targets."
    )
    depth_sd: float = Field(
        0.2, ge=0, le=2, description="Spread of depth between cells (sd of its logarithm)."
    )
    control_cells: int = Field(
        0, ge=0, le=1_000_000, description="Cells without a perturbation, labelled control."
    )
    combinations: int = Field(
        0, ge=0, le=10_000, description="Pairs of perturbations in one cell, whose shifts add."
    )

    inert: int = Field(
        0, ge=0, le=10_000, description="Perturbations, the last ones, that shift nothing."
    )
    guides: int = Field(0, ge=0, le=20, description="Guides of each perturbation; 0: not known.")
    knock_down: float = Field(
        0.0, ge=0, le=1,
        description="Share that a target loses of its own transcripts; 0: targets not measured.",
    )  # fmt: skip

    @field_validator("combinations")
    @classmethod
    def _enough_pairs(cls, combinations: int, info: ValidationInfo) -> int:
        pairs = comb(info.data.get("interventions", 0), 2)
        if combinations > pairs:
            raise ValueError(f"there are only {pairs} pairs of perturbations")
        return combinations

    @field_validator("inert")
    @classmethod
    def _not_more_than_there_are(cls, inert: int, info: ValidationInfo) -> int:
        if inert > info.data.get("interventions", inert):
            raise ValueError("must not be above interventions")
        return inert

    def sample(self, seed: int) -> AnnData:
        """Generate one sample with integer counts in ``X``.

        ``obs["perturbation"]`` is the label, ``obs["guide"]`` the guide where there are any,
        ``obsm["latent_true"]`` the latents of every cell, and ``uns["mechanism_shift"]`` the
        shift of every single perturbation, in sd. Measured targets are the last genes.
        """
        from anndata import AnnData

        rng = np.random.default_rng(seed)
        # Streams of their own: what is asked for besides leaves the counts as they are.
        guide_rng, target_rng = rng.spawn(2)
        shift = self._shifts(rng)
        singles = self._names()
        pairs = self._pairs(rng)
        members = [*([number] for number in range(len(singles))), *pairs.tolist(), []]
        means = np.array([shift[member].sum(axis=0) for member in members])
        cells = [self.cells_per_intervention] * (len(members) - 1) + [self.control_cells]
        label = rng.permutation(np.repeat(np.arange(len(members)), cells))
        latent = means[label] + rng.normal(size=(len(label), self.latents))
        counts = self._counts(latent, rng)
        names = np.array(
            ["+".join(singles[i] for i in m) or CONTROL for m in members], dtype=object
        )
        obs = pd.DataFrame(
            {"perturbation": pd.Categorical(names[label])},
            index=[f"cell{i:06d}" for i in range(len(label))],
        )
        if self.guides:
            carried = [[singles[i] for i in member] or [CONTROL] for member in members]
            guides = self._guides([carried[number] for number in label], guide_rng)
            obs["guide"] = pd.Categorical(guides)
        genes = [f"gene{i:04d}" for i in range(self.genes)]
        if self.knock_down:
            counts = hstack([counts, self._targets(members, label, target_rng)], format="csr")
            genes += singles
        adata = AnnData(X=counts, obs=obs, var=pd.DataFrame(index=genes))
        adata.obsm["latent_true"] = latent.astype(np.float32)
        adata.uns["simulator"] = self.provenance(seed)
        adata.uns["mechanism_shift"] = {
            "perturbation": np.array(singles, dtype=object),
            "shift": shift,
        }
        return adata

    def _names(self) -> list[str]:
        width = max(3, len(str(self.interventions)))
        return [f"P{number:0{width}d}" for number in range(1, self.interventions + 1)]

    def _shifts(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return the shift of every perturbation, ``(interventions, latents)``: one to three."""
        shape = (self.interventions, self.latents)
        n_targets = rng.integers(1, _MOST_TARGETS + 1, self.interventions)
        # The positions of a random order that are small are a draw without replacement.
        order = rng.random(shape).argsort(axis=1).argsort(axis=1)
        sign = rng.choice([-1.0, 1.0], size=shape)
        size = rng.normal(self.shift, self.shift_sd, shape)
        shift = np.where(order < n_targets[:, None], sign * size, 0.0)
        shift[self.interventions - self.inert :] = 0.0
        return shift

    def _pairs(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """Return distinct pairs of perturbations, ``(combinations, 2)``, the lower first."""
        number = np.sort(rng.choice(comb(self.interventions, 2), self.combinations, replace=False))
        # Pairs are numbered (0,1), (0,2), (1,2), (0,3), ...: the second of pair n follows from n.
        second = np.floor((1 + np.sqrt(8 * number + 1)) / 2).astype(np.int64)
        return np.column_stack([number - second * (second - 1) // 2, second])

    def _counts(self, latent: NDArray[np.float64], rng: np.random.Generator) -> csr_matrix:
        """Decode, scale the logits of all cells to sd 1, and count every cell at its depth."""
        sizes = (self.latents, _HIDDEN, _HIDDEN, _HIDDEN, self.genes)
        *inner, outer = (_orthonormal(rng, n_in, n_out) for n_in, n_out in pairwise(sizes))
        hidden = latent
        for weights in inner:
            hidden = hidden @ weights
            hidden = np.where(hidden > 0, hidden, _SLOPE * hidden)
        # The sd of all logits without all logits: from sums over the hidden units.
        mean = (hidden.mean(axis=0) @ outer).mean()
        square = ((hidden.T @ hidden) * (outer @ outer.T)).sum() / len(hidden) / self.genes
        outer = outer / np.sqrt(square - mean**2)
        depth = self.depth * np.exp(rng.normal(-(self.depth_sd**2) / 2, self.depth_sd, len(hidden)))
        parts = []
        for start in range(0, len(hidden), _BLOCK):
            logits = hidden[start : start + _BLOCK] @ outer
            share = np.exp(logits - logits.max(axis=1, keepdims=True))
            share /= share.sum(axis=1, keepdims=True)
            counts = rng.poisson(share * depth[start : start + _BLOCK, None])
            parts.append(csr_matrix(counts.astype(np.int32)))
        return vstack(parts, format="csr")

    def _guides(self, carried: list[list[str]], rng: np.random.Generator) -> list[str]:
        """Return the guides of every cell, one of each perturbation it carries."""
        drawn = iter(rng.integers(1, self.guides + 1, sum(map(len, carried))))
        return ["+".join(f"{name}g{next(drawn)}" for name in cell) for cell in carried]

    def _targets(
        self, members: list[list[int]], label: NDArray[np.int64], rng: np.random.Generator
    ) -> csr_matrix:
        """Count the targets themselves, ``(n, interventions)``: few counts, fewer where hit."""
        kept = np.ones((len(members), self.interventions))
        for row, member in enumerate(members):
            kept[row, member] = 1 - self.knock_down
        typical = self.depth / self.genes * _TARGET_LEVEL
        level = typical * np.exp(rng.normal(0.0, 0.5, self.interventions))
        return csr_matrix(rng.poisson(kept[label] * level).astype(np.int32))


def _orthonormal(rng: np.random.Generator, n_in: int, n_out: int) -> NDArray[np.float64]:
    """Return a random map ``(n_in, n_out)`` with orthonormal rows or columns.

    Its scale is free: without biases it only scales the logits, which are divided by their sd.
    """
    q, r = np.linalg.qr(rng.normal(size=(max(n_in, n_out), min(n_in, n_out))))
    q *= np.sign(np.diag(r))
    weights: NDArray[np.float64] = q.T if n_in < n_out else q
    return weights
