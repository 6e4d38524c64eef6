"""Which cells of a generated screen carry which knock-downs, and their labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

CONTROL = "control"


@dataclass(frozen=True)
class Design:
    """The perturbation of every cell.

    Attributes
    ----------
    members
        Numbers of the nodes that every kind of cell has knocked down; the control, which has
        none, is the last.
    kind
        Number of the kind of every cell, shape ``(n_cells,)``.
    """

    members: tuple[tuple[int, ...], ...]
    kind: NDArray[np.int64]

    @classmethod
    def draw(
        cls, rng: np.random.Generator, nodes: int, combinations: int, cells: int, control_cells: int
    ) -> Design:
        """Knock every node down alone and some pairs together; cells come in random order."""
        pairs = np.argwhere(np.triu(np.ones((nodes, nodes), dtype=bool), 1))
        chosen = pairs[np.sort(rng.choice(len(pairs), combinations, replace=False))]
        singles = [(number,) for number in range(nodes)]
        members = (*singles, *((int(first), int(second)) for first, second in chosen), ())
        sizes = [cells] * (len(members) - 1) + [control_cells]
        return cls(members, rng.permutation(np.repeat(np.arange(len(members)), sizes)))

    def hits(self, nodes: int) -> NDArray[np.bool_]:
        """Return which nodes every kind of cell has knocked down, ``(n_kinds, nodes)``."""
        found = np.zeros((len(self.members), nodes), dtype=bool)
        for row, member in enumerate(self.members):
            found[row, list(member)] = True
        return found

    def labels(self, names: list[str]) -> pd.Categorical:
        """Return the label of every cell: a node, ``A+B``, or the control."""
        kinds = ["+".join(names[i] for i in member) or CONTROL for member in self.members]
        return pd.Categorical(np.array(kinds, dtype=object)[self.kind])

    def guides(self, names: list[str], guides: int, rng: np.random.Generator) -> pd.Categorical:
        """Return the guides of every cell, one of each node it has knocked down."""
        carried = [[names[i] for i in member] or [CONTROL] for member in self.members]
        drawn = rng.integers(1, guides + 1, (len(self.kind), 2))
        names_of_guides = [
            "+".join(f"{name}g{guide}" for name, guide in zip(carried[kind], own, strict=False))
            for kind, own in zip(self.kind, drawn, strict=True)
        ]
        return pd.Categorical(np.array(names_of_guides, dtype=object))
