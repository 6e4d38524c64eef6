"""A knock-down screen of a structural causal model: log rates that add up, or saturate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from scdyn_core.data.simulators.drawn_network import drawn_network
from scdyn_core.data.simulators.knock_downs import Hits, KnockDowns, Matrix, Truth

#: A change of a log rate below which a state has settled.
_SETTLED = 1e-10
_ROUNDS = 2_000
#: Share of the genes that a hidden confounder acts on.
_REACH = 0.2
_FEWEST_NODES = 2


class Regulation(KnockDowns):
    """Counts of genes whose log rates follow a network of direct effects.

    The log rate of a gene, relative to its basal one, is ``sum_i f(x_i) * direct_i + hidden +
    noise`` with ``f(x) = x``, or ``tanh(x)`` in the form ``tanh``. A knocked-down node is *set* to
    its dose: nothing acts on it any more. Hidden confounders (standard normal in every cell) and
    the noise of every gene pass on through the network. Counts are negative binomial: Poisson with
    gamma-distributed rates.
    """

    name: ClassVar[str] = "regulation"
    title: ClassVar[str] = "Screen of a regulatory network (generated)"
    summary: ClassVar[str] = "Every node of a known network knocked down; linear in log rates."

    form: Literal["linear", "tanh", "cyclic"] = Field(
        "linear",
        description="linear: effects add up; tanh: each saturates; cyclic: linear, with cycles.",
    )
    effect_least: float = Field(
        0.3, gt=0, le=2, description="Least size of a direct effect, log rate per log rate."
    )
    effect_most: float = Field(
        0.75, gt=0, le=2, description="Largest size of a direct effect, log rate per log rate."
    )
    feedback: int = Field(
        6, ge=1, le=1_000, description="Edges that close a cycle; the form cyclic alone has them."
    )
    confounders: int = Field(
        3, ge=0, le=50, description="Hidden factors, each acting on a fifth of the genes."
    )
    confounder_effect: float = Field(
        0.3, ge=0, le=2, description="Spread of the effects of hidden factors on log rates."
    )
    noise: float = Field(
        0.3, ge=0, le=2, description="Spread of every log rate between cells, besides all that."
    )
    dispersion: float = Field(
        0.2, ge=0, le=5, description="Squared coefficient of variation of rates when counted."
    )
    basal_sd: float = Field(
        0.8, ge=0, le=3, description="Spread of basal expression between genes (sd of its log)."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.effect_least > self.effect_most:
            raise ValueError("effect_least must not be above effect_most")
        if self.form == "cyclic" and self.feedback >= self.edge_counts()[0]:
            raise ValueError("feedback must be below the number of edges among nodes")
        return self

    def system(self, rng: np.random.Generator, dose: Matrix) -> StructuralModel:
        """Draw network, confounders and basal expression."""
        genes = self.nodes + self.downstream
        direct = drawn_network(
            rng,
            (self.nodes, genes),
            self.edge_counts(),
            (self.effect_least, self.effect_most),
            self.feedback if self.form == "cyclic" else 0,
        )
        hidden = rng.normal(0.0, self.confounder_effect, (self.confounders, genes))
        hidden *= np.array([self._reached(rng) for _ in range(self.confounders)]).reshape(-1, genes)
        basal = rng.normal(0.0, self.basal_sd, genes)
        return StructuralModel(
            direct, dose, hidden, basal, self.noise, self.dispersion,
            np.tanh if self.form == "tanh" else np.positive,
        )  # fmt: skip

    def _reached(self, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Draw the genes that a hidden confounder acts on: several nodes are always among them."""
        nodes = rng.permutation(self.nodes) < max(_FEWEST_NODES, round(_REACH * self.nodes))
        others = rng.permutation(self.downstream) < round(_REACH * self.downstream)
        return np.concatenate([nodes, others])


@dataclass(frozen=True)
class StructuralModel:
    """Direct effects ``(nodes, genes)`` and what else makes a cell."""

    direct: Matrix
    dose: Matrix
    hidden: Matrix
    basal: Matrix
    noise: float
    dispersion: float
    response: Callable[[Matrix], Matrix]

    def truth(self) -> Truth:
        """Return coefficients, and changes without noise over the node's own."""
        changed = self._settled(
            np.eye(len(self.dose), dtype=bool), np.zeros((1, self.direct.shape[1]))
        )
        return Truth(self.direct, changed / self.dose[:, None], self.dose)

    def expression(self, hits: Hits, rng: np.random.Generator) -> Matrix:
        """Return rates ``(n, genes)`` of cells."""
        shape = (len(hits), self.direct.shape[1])
        drive = self.noise * rng.normal(size=shape)
        drive += rng.normal(size=(len(hits), len(self.hidden))) @ self.hidden
        rates: Matrix = np.exp(self.basal + self._settled(hits, drive))
        if self.dispersion:
            rates *= rng.gamma(1 / self.dispersion, self.dispersion, shape)
        return rates

    def _settled(self, hits: Hits, drive: Matrix) -> Matrix:
        """Return log rates, relative to basal ones, that their own effects and the drive give."""
        nodes = len(self.dose)
        among = self.direct[:, :nodes]
        state = np.where(hits, self.dose, 0.0)
        for _ in range(_ROUNDS):
            before = state
            state = np.where(hits, self.dose, self.response(before) @ among + drive[:, :nodes])
            if np.abs(state - before).max() < _SETTLED:
                break
        else:
            raise ArithmeticError("the network did not settle")
        others = self.response(state) @ self.direct[:, nodes:] + drive[:, nodes:]
        return np.concatenate([state, others], axis=1)
