"""A knock-down screen of transcription kinetics: not of the family of models that add up in logs.

The form of the rate law is that of GeneNetWeaver and BoolODE (Marbach et al. 2010; Pratapa et al.
2020): Hill functions of proteins, put together by gates.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from scdyn_core.data.simulators.drawn_network import drawn_network
from scdyn_core.data.simulators.knock_downs import KnockDowns, Matrix
from scdyn_core.data.simulators.transcription import Circuit, Promoters, Transcription

#: Share of the genes that a hidden regulator acts on.
_REACH = 0.1
#: Half-saturation lies within a factor ``exp(0.5)``, about 1.6, of the regulator's normal level.
_NEAR = 0.5


class Kinetics(KnockDowns):
    """Counts of genes whose transcription is gated by proteins, after a long noisy run.

    Transcripts follow ``dm/dt = v * F(p) - m``, proteins ``dp/dt = (m - p) / protein_lifetime``,
    in lifetimes of a transcript. ``F`` puts the Hill functions of a gene's regulators together by
    an AND gate (all activators bound, no repressor) or an OR gate (any will do). Transcription
    comes in bursts (chemical Langevin equation). Hidden regulators are transcribed at a rate of
    their own in every cell. A knock-down lowers the transcription rate of its node; the node
    itself may still be regulated. There are no cycles, so every perturbation has one steady state.

    Direct effects are slopes: the derivative of the log steady-state level of a gene by the log
    level of its regulator, all others held, without perturbation and noise. Total effects are
    measured by knocking every node down without noise.
    """

    name: ClassVar[str] = "kinetics"
    title: ClassVar[str] = "Screen of transcription kinetics (generated)"
    summary: ClassVar[str] = "Every node knocked down; regulators are gated, transcripts burst."

    edges: int = Field(100, ge=1, le=20_000, description="Direct effects.")
    hill: int = Field(2, ge=1, le=4, description="Hill coefficient of every regulator.")
    leak: float = Field(
        0.05, gt=0, le=0.5, description="Share of transcription left when the gate is shut."
    )
    or_gates: float = Field(
        0.3, ge=0, le=1, description="Share of the genes with an OR gate; the rest have AND."
    )
    hidden: int = Field(3, ge=0, le=50, description="Regulators that are never seen.")
    hidden_sd: float = Field(
        0.5, ge=0, le=2, description="Spread of their transcription rate between cells (log)."
    )
    molecules: float = Field(
        50.0, ge=1, le=1e4, description="Transcripts of a typical gene in a cell."
    )
    molecules_sd: float = Field(
        0.8, ge=0, le=3, description="Spread of transcripts between genes (sd of the logarithm)."
    )
    burst: float = Field(5.0, ge=0, le=100, description="Mean transcripts of a burst.")
    protein_lifetime: float = Field(
        3.0, ge=0.5, le=20, description="Lifetime of a protein, in lifetimes of a transcript."
    )
    duration: float = Field(
        12.0,
        ge=1,
        le=200,
        description="Time from the steady state on, in lifetimes of transcripts.",
    )

    def system(self, rng: np.random.Generator, dose: Matrix) -> Transcription:
        """Draw regulators, gates, half-saturations and levels."""
        genes = self.nodes + self.downstream
        # Only the sign of an effect is taken from here; its strength follows from the kinetics.
        sign = drawn_network(rng, (self.nodes, genes), self.edge_counts(), (1.0, 1.0))
        reach = rng.random((self.hidden, genes)) < _REACH
        hidden = np.where(reach, rng.choice([-1.0, 1.0], reach.shape), 0.0)
        # Hidden regulators are the last genes, and nothing acts on them.
        sign = np.pad(np.concatenate([sign, hidden]), ((0, 0), (0, self.hidden)))
        target, row = np.nonzero(sign.T)
        regulator = np.where(row < self.nodes, row, row - self.nodes + genes)
        level = self.molecules * np.exp(rng.normal(0.0, self.molecules_sd, genes + self.hidden))
        half = level[regulator] * np.exp(rng.uniform(-_NEAR, _NEAR, len(regulator)))
        promoters = Promoters(
            regulator, target, sign[row, target] > 0, half,
            rng.random(genes + self.hidden) < self.or_gates, self.hill, self.leak,
        )  # fmt: skip
        rate = level / promoters.activity(level[None])[0]
        circuit = Circuit(promoters, rate, self.burst, 1 / self.protein_lifetime)
        return Transcription(circuit, dose, genes, self.hidden_sd, self.duration)
