"""Gated transcription and translation: steady states, and cells after a noisy run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.simulators.knock_downs import Hits, Matrix, Truth

#: Time step, in lifetimes of a transcript.
_STEP = 0.1
#: Step in a log level by which slopes are taken.
_SLOPE_STEP = 1e-4


@dataclass(frozen=True)
class Promoters:
    """Edges, sorted by target: who acts on whom, how, and from which level on.

    Attributes
    ----------
    regulator, target
        Numbers of genes, one per edge.
    activates
        Whether the regulator raises the target.
    half
        Level of the regulator at which it is half effective.
    any_of
        Whether the gate of a gene is OR, one per gene.
    hill, leak
        Hill coefficient, and the activity of a gene whose gate is shut.
    """

    regulator: NDArray[np.int64]
    target: NDArray[np.int64]
    activates: NDArray[np.bool_]
    half: Matrix
    any_of: NDArray[np.bool_]
    hill: int
    leak: float

    def activity(self, protein: Matrix) -> Matrix:
        """Return the activity of every gene, ``(n, genes)``, 1 where nothing acts on it."""
        activity = np.ones((len(protein), len(self.any_of)))
        if not len(self.target):
            return activity
        bound = (protein[:, self.regulator] / self.half) ** self.hill
        bound /= 1 + bound
        # A product over all that must hold; for OR, over all that must fail.
        flipped = self.activates == self.any_of[self.target]
        holds = np.where(flipped, 1 - bound, bound)
        regulated, starts = self._groups
        gate = np.multiply.reduceat(holds, starts, axis=1)
        gate = np.where(self.any_of[regulated], 1 - gate, gate)
        activity[:, regulated] = self.leak + (1 - self.leak) * gate
        return activity

    @cached_property
    def _groups(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return genes with regulators, and the first edge of each."""
        regulated, starts = np.unique(self.target, return_index=True)
        return regulated, starts


@dataclass(frozen=True)
class Circuit:
    """Promoters, full transcription rates ``(genes,)``, burst size, and protein decay rate.

    Proteins are measured in transcripts: in a steady state there are as many of one as of the
    other. Times are in lifetimes of a transcript.
    """

    promoters: Promoters
    rate: Matrix
    burst: float
    protein_decay: float

    def steady(self, rate: Matrix) -> Matrix:
        """Return the steady state for transcription rates ``(n, genes)``, without noise."""
        level = np.broadcast_to(self.rate, rate.shape)
        # Without cycles every round settles one more generation of genes.
        for _ in range(rate.shape[1] + 1):
            before = level
            level = rate * self.promoters.activity(before)
            if np.array_equal(level, before):
                break
        return level

    def run(self, rate: Matrix, duration: float, rng: np.random.Generator) -> Matrix:
        """Return transcripts ``(n, genes)`` after a noisy run from the steady state on.

        Chemical Langevin equation (Gillespie 2000) by Euler and Maruyama; production comes in
        geometric bursts, so that its noise is ``1 + 2 * burst`` times that of single transcripts.
        """
        transcripts = self.steady(rate)
        protein = transcripts
        for _ in range(round(duration / _STEP)):
            made = rate * self.promoters.activity(protein)
            intensity = made * (1 + 2 * self.burst) + transcripts
            protein = protein + _STEP * self.protein_decay * (transcripts - protein)
            noise = np.sqrt(_STEP * intensity) * rng.standard_normal(intensity.shape)
            transcripts = np.maximum(transcripts + _STEP * (made - transcripts) + noise, 0.0)
        return transcripts


@dataclass(frozen=True)
class Transcription:
    """A circuit whose first genes are nodes, and whose last ones are hidden regulators.

    Attributes
    ----------
    circuit
        Kinetics of all genes.
    dose
        Log change of the transcription rate of every node where it is knocked down.
    seen
        Number of genes that are not hidden.
    hidden_sd
        Spread of the log transcription rate of hidden regulators between cells.
    duration
        Length of the noisy run.
    """

    circuit: Circuit
    dose: Matrix
    seen: int
    hidden_sd: float
    duration: float

    def truth(self) -> Truth:
        """Return slopes at the control state, and changes without noise over the node's own."""
        nodes = np.arange(len(self.dose))
        control = self.circuit.steady(self.circuit.rate[None])
        changed = self.circuit.steady(self._rates(np.eye(len(nodes), dtype=bool)))
        change = np.log(changed / control)
        own = change[nodes, nodes]
        return Truth(self._slopes(control), change[:, : self.seen] / own[:, None], own)

    def expression(self, hits: Hits, rng: np.random.Generator) -> Matrix:
        """Return transcripts ``(n, seen)`` of cells."""
        rates = self._rates(hits)
        spread = rng.normal(0.0, self.hidden_sd, (len(hits), rates.shape[1] - self.seen))
        rates[:, self.seen :] *= np.exp(spread)
        return self.circuit.run(rates, self.duration, rng)[:, : self.seen]

    def _rates(self, hits: Hits) -> Matrix:
        """Return full transcription rates ``(n, genes)`` with nodes knocked down."""
        rates = np.tile(self.circuit.rate, (len(hits), 1))
        rates[:, : len(self.dose)] *= np.exp(np.where(hits, self.dose, 0.0))
        return rates

    def _slopes(self, control: Matrix) -> Matrix:
        """Return the derivative of log activity by the log level of every node."""
        step = np.zeros((len(self.dose), control.shape[1]))
        np.fill_diagonal(step, _SLOPE_STEP)
        above, below = (
            np.log(self.circuit.promoters.activity(control * np.exp(sign * step)))
            for sign in (1, -1)
        )
        slopes: Matrix = ((above - below) / (2 * _SLOPE_STEP))[:, : self.seen]
        return slopes
