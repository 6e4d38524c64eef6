"""Which target each guide has, from the cells that carry it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def majority_targets(
    guides: NDArray[np.object_],
    labels: NDArray[np.object_],
    targets: Mapping[str, tuple[str, ...] | None],
    *,
    control: str | None,
    separator: str,
) -> dict[str, str]:
    """Return the target that most cells of a guide have.

    A guide that is alone in some cells is judged by these; one that is not, by every cell it is
    in, and where two targets are as frequent, by the one that its own name holds.

    Parameters
    ----------
    guides, labels
        Guide label and target label of every cell, shape ``(n_cells,)``; empty where missing.
    targets
        Targets of every target label; empty for the control, ``None`` where it says nothing.
    control
        Target of guides whose cells are controls.
    separator
        What stands between the guides of one cell.

    Returns
    -------
    dict
        By guide, whole guide labels that hold the separator included.
    """
    alone: defaultdict[str, Counter[str]] = defaultdict(Counter)
    together: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (guide, label), cells in Counter(zip(guides, labels, strict=True)).items():
        found = targets[label]
        if not guide or found is None or (not found and control is None):
            continue
        votes = dict.fromkeys(found or (control or "",), cells)
        parts = {part.strip() for part in guide.split(separator)} - {""}
        if parts == {guide}:
            alone[guide].update(votes)
        else:
            for part in {*parts, guide}:
                together[part].update(votes)
    return {
        guide: min(votes, key=lambda target: (-votes[target], target not in guide, target))
        for guide, votes in sorted({**together, **alone}.items())
    }
