"""The task: one time of held-out genes is hidden and to be told from their other times.

Symbols: T times; G genes; curves (G, T) log expression, offsets removed; se (G, T) their standard
errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class HiddenTime:
    """What may be looked at: all of the training genes, and the other times of the held-out ones.

    Attributes
    ----------
    times
        Increasing real times, shape ``(T,)``.
    hidden
        Index of the hidden time; the last one makes it a forecast.
    train, train_se
        Shape ``(G1, T)``.
    others, others_se
        Held-out genes without the hidden time, shape ``(G2, T - 1)``.
    """

    times: Values
    hidden: int
    train: Values
    train_se: Values
    others: Values
    others_se: Values

    @classmethod
    def of(
        cls,
        times: NDArray[np.floating],
        hidden: int,
        train: tuple[NDArray[np.floating], NDArray[np.floating]],
        held_out: tuple[NDArray[np.floating], NDArray[np.floating]],
    ) -> HiddenTime:
        """Hide a time of the held-out genes: their values there are dropped, not passed on.

        Parameters
        ----------
        times
            Shape ``(T,)``, T at least 3.
        hidden
            Index of a time; may be negative, as in an array.
        train, held_out
            Curves and standard errors, shapes ``(G1, T)`` and ``(G2, T)``.

        Raises
        ------
        ValueError
            If shapes do not fit, times do not increase, fewer than three times are given or the
            index is out of range.
        """
        clock: Values = np.asarray(times, dtype=np.float64)
        if clock.ndim != 1 or len(clock) < 3 or not (np.diff(clock) > 0).all():
            raise ValueError("at least three increasing times are needed")
        if not -len(clock) <= hidden < len(clock):
            raise ValueError(f"there is no time number {hidden} among {len(clock)}")
        parts = [np.asarray(part, dtype=np.float64) for part in (*train, *held_out)]
        for values, se in (parts[:2], parts[2:]):
            if values.ndim != 2 or values.shape != se.shape or values.shape[1] != len(clock):
                raise ValueError("curves and standard errors must both be (genes, times)")
        without = [np.delete(part, hidden, axis=1) for part in parts[2:]]
        return cls(clock, hidden % len(clock), parts[0], parts[1], without[0], without[1])

    @property
    def is_forecast(self) -> bool:
        """Whether the hidden time is the last one."""
        return self.hidden == len(self.times) - 1

    @property
    def other_times(self) -> Values:
        """Times that are not hidden, shape ``(T - 1,)``."""
        return np.delete(self.times, self.hidden)


@dataclass(frozen=True)
class Prediction:
    """The hidden value of every held-out gene.

    Attributes
    ----------
    mean
        Shape ``(G2,)``, in the unit of the curves.
    sd
        Standard deviation of the value that will be measured, its noise included; NaN where the
        model has no idea of it.
    """

    mean: Values
    sd: Values
