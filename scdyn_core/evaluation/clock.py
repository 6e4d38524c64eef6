"""The time scale on which responses are smooth: fast changes come first, slow ones later."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def log_clock(times: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return ``log(1 + time since the first / first gap)``, the same in hours as in minutes.

    Parameters
    ----------
    times
        Increasing, shape ``(T,)``, T at least 2, any unit.
    """
    since = np.asarray(times, dtype=np.float64) - times[0]
    return np.asarray(np.log1p(since / since[1]))
