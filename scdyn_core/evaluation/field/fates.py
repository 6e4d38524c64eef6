"""Where simulated cells end: the types of the cells around their last places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.field.simulate import Paths
from scdyn_core.evaluation.field.support import Support
from scdyn_core.evaluation.field.terms import Values

#: Cells that vote on the type of a place.
VOTERS = 15


def types_at(z: Values, support: Support, types: Sequence[str]) -> NDArray[np.str_]:
    """Return the commonest type of the nearest cells at places ``z``, shape ``(n, d)``."""
    names, codes = np.unique(np.asarray(types, dtype=str), return_inverse=True)
    votes = codes[support.nearest(z, VOTERS)]
    counts = np.stack([(votes == code).sum(axis=1) for code in range(len(names))], axis=1)
    return np.asarray(names[counts.argmax(axis=1)])


def fate_table(paths: dict[str, Paths], support: Support, types: Sequence[str]) -> pd.DataFrame:
    """Return columns ``equations`` (a key of ``paths``), ``type``, ``cells`` and ``share``.

    A path that left the cells counts where it left them.
    """
    rows = []
    levels = sorted(set(map(str, types)))
    for name, simulated in paths.items():
        ends = types_at(simulated.ends, support, types)
        for level in levels:
            cells = int((ends == level).sum())
            rows.append((name, level, cells, cells / max(len(ends), 1)))
    frame = pd.DataFrame(rows, columns=["equations", "type", "cells", "share"])
    reached = frame.groupby("type")["cells"].transform("sum") > 0
    return frame[reached].reset_index(drop=True)
