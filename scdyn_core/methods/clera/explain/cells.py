"""The cells that are explained, and those they are compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.explain.config import ExplainConfig
from scdyn_core.methods.method import Tensors

Matrix = NDArray[np.float64]
#: Group of all cells where the data have no cell types.
EVERYTHING = "all cells"


@dataclass(frozen=True)
class Sample:
    """Explained and background cells.

    Attributes
    ----------
    groups
        Cell type -> what the network reads of its explained cells, shape ``(n, inputs)``;
        test cells only.
    background
        Shape ``(b, inputs)``; training cells only.
    """

    groups: dict[str, Matrix]
    background: Matrix

    @property
    def cells(self) -> int:
        """Number of explained cells."""
        return sum(map(len, self.groups.values()))


def draw_cells(tensors: Tensors, request: ExplainConfig) -> Sample:
    """Draw test cells evenly over the cell types, and a background of training cells.

    Raises
    ------
    TrainingError
        When no test cell has a known type.
    """
    rng = np.random.default_rng(request.seed)
    test, train = tensors.parts["test"], tensors.parts["train"]
    names = [str(name) for name in tensors.info["types"]]  # type: ignore[attr-defined]
    labels = test.get("classes")
    members: dict[str, NDArray[np.int64]]
    if names and labels is not None:
        members = {name: np.flatnonzero(labels[:, i] > 0) for i, name in enumerate(names)}
    else:
        members = {EVERYTHING: np.arange(len(test["x"]))}
    members = {name: rows for name, rows in members.items() if len(rows)}
    if not members:
        raise TrainingError(
            "test cells",
            found="no cell of known type",
            needed="some test cells to explain",
            fix="Check the cell-type column on the Data page and train again.",
        )
    each = -(-request.cells // len(members))
    groups = {
        name: _some(test["x"], rng.permutation(rows)[:each]) for name, rows in members.items()
    }
    background = rng.permutation(len(train["x"]))[: request.background]
    return Sample(groups, _some(train["x"], background))


def _some(x: NDArray[np.floating], rows: NDArray[np.int64]) -> Matrix:
    return np.asarray(x[np.sort(rows)], dtype=np.float64)
