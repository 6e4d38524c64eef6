"""A time axis for uneven sampling times: stretched where they are dense, true numbers on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scdyn_core.plots.text import escaped

Values = NDArray[np.float64]
TimeScale = Literal["auto", "linear", "sqrt", "log"]

#: Largest over smallest step up to which an axis stays linear.
EVEN = 3.0
#: Least distance between the numbers at two ticks, in shares of the axis.
CLEAR = 0.09
_STRETCH: dict[str, Callable[[Values], Values]] = {
    "linear": lambda steps: steps,
    "sqrt": lambda steps: np.sign(steps) * np.sqrt(np.abs(steps)),
    "log": lambda steps: np.sign(steps) * np.log1p(np.abs(steps)),
}


@dataclass(frozen=True)
class TimeAxis:
    """Where times stand on an axis.

    Attributes
    ----------
    times
        Sampling times, ascending, in the data's own unit.
    scale
        ``linear``, or ``sqrt`` or ``log`` of the time since the first in units of the smallest
        step (``log`` of 1 more, so that the first time is on the axis).
    """

    times: tuple[float, ...]
    scale: str

    @staticmethod
    def of(times: ArrayLike, scale: TimeScale = "auto") -> TimeAxis:
        """Return the axis of sampling times.

        With ``auto`` it is linear unless the steps differ more than ``EVEN`` fold; then it is
        the scale under which the two nearest times stand furthest apart.
        """
        known = np.unique(np.asarray(times, dtype=np.float64))
        sampled = tuple(float(time) for time in known[np.isfinite(known)])
        if scale != "auto":
            return TimeAxis(sampled, scale)
        steps = np.diff(sampled)
        if len(steps) < 2 or steps.max() <= EVEN * steps.min():
            return TimeAxis(sampled, "linear")
        axes = [TimeAxis(sampled, each) for each in _STRETCH]
        return max(axes, key=lambda axis: axis._nearest())

    def place(self, times: ArrayLike) -> Values:
        """Return where times stand: themselves if linear, else 0 at the first one."""
        given = np.asarray(times, dtype=np.float64)
        if self.scale == "linear" or not self.times:
            return given
        steps = np.diff(self.times)
        unit = float(steps.min()) if len(steps) else 1.0
        return _STRETCH[self.scale]((given - self.times[0]) / unit)

    def settings(self, title: str = "time", *, clear: float = CLEAR) -> dict[str, Any]:
        """Return the settings of an axis with a tick at each sampling time.

        Parameters
        ----------
        title
            Title (may be hostile); the scale is added where it is not linear.
        clear
            Least distance between two numbers, in shares of the axis; ticks nearer than this
            stay without one.
        """
        placed = self.place(self.times)
        span = float(np.ptp(placed)) if len(placed) else 0.0
        room = 0.04 * span or 0.5
        shown = escaped(title)
        if self.scale != "linear":
            shown += f", {'√' if self.scale == 'sqrt' else 'log'} scale"
        return {
            "title_text": shown,
            "tickmode": "array",
            "tickvals": placed.tolist(),
            "ticktext": self._numbers(placed, clear * span),
            "tickangle": 0,
            "range": [placed[0] - room, placed[-1] + room] if len(placed) else None,
        }

    def _numbers(self, placed: Values, gap: float) -> list[str]:
        texts, last = [""] * len(placed), np.inf
        # From the last time backwards: it is the one people look for.
        for at in range(len(placed) - 1, -1, -1):
            if last - placed[at] >= gap:
                texts[at], last = f"{self.times[at]:g}", placed[at]
        return texts

    def _nearest(self) -> float:
        placed = self.place(self.times)
        return float(np.diff(placed).min() / np.ptp(placed))
