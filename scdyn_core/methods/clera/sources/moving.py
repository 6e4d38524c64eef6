"""What every derivative source returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.split import Part

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Moving:
    """Samples of one part with the direction each moves in.

    Attributes
    ----------
    expression, derivative
        Shape ``(n, G)``; the derivative in expression units per unit of the source's time.
    positions
        Cell each sample stands for, shape ``(n,)``.
    types
        Number of each sample's cell type, -1 where unknown, shape ``(n,)``; ``None`` where a
        sample has the type of the cell it stands for.
    """

    expression: Matrix
    derivative: Matrix
    positions: NDArray[np.int64]
    types: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class SourceData:
    """All parts of one derivative source.

    Attributes
    ----------
    name
        Shown to the user.
    genes
        Names of the genes, length ``G``; chosen on the training part.
    parts
        Part -> samples.
    null
        The same with the directions destroyed and everything after them done again: what a
        derivative without biology would look like. Empty where that cannot be done again.
    cautions
        What a reader of the scores must know about this source.
    common
        What the derivative would be, shape ``(n, G)``, if all cells shared one velocity, the
        average of the training cells: a baseline. Empty where that is the mean derivative itself.
    """

    name: str
    genes: tuple[str, ...]
    parts: Mapping[Part, Moving]
    null: Mapping[Part, Moving] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()
    common: Mapping[Part, Matrix] = field(default_factory=dict)
