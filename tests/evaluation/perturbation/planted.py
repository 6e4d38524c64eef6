"""A screen with planted changes: singles, a combination that adds up, and one that does nothing."""

import numpy as np
from scipy.sparse import csr_matrix

from scdyn_core.evaluation.perturbation.cells import Cells
from scdyn_core.evaluation.perturbation.task import PartedScreen

GENES = 60
SINGLES = ("A", "B", "C", "D", "E", "F")
COMBINATION = "A+B"
DESIGN = {name: (name,) for name in SINGLES} | {COMBINATION: ("A", "B"), "idle": ("idle",)}
CONTROL = "control"
#: Standard deviation of a gene between cells.
NOISE = 0.5


def changes(seed=0, size=1.0):
    """Return the true change of every label: a few genes each, sums for the combination."""
    rng = np.random.default_rng(seed)
    true = {}
    for name in SINGLES:
        true[name] = np.where(rng.random(GENES) < 0.2, rng.normal(0, size, GENES), 0.0)
    true[COMBINATION] = true["A"] + true["B"]
    true["idle"] = true[CONTROL] = np.zeros(GENES)
    return true


def some_cells(cells, labels=(CONTROL, *DESIGN), *, seed, size=1.0, sparse=False):
    """Return cells of every label, the control three times as many."""
    rng = np.random.default_rng(seed)
    true = changes(size=size)
    level = np.linspace(1, 4, GENES)
    number = np.repeat(labels, [3 * cells if name == CONTROL else cells for name in labels])
    number = rng.permutation(number)
    values = np.array([level + true[name] for name in number])
    values += rng.normal(0, NOISE, values.shape)
    return Cells(csr_matrix(values) if sparse else values, number.astype(object))


def a_screen(learned=60, scored=20, *, unseen=(), adapted=0, spare=0, seed=1, **kwargs):
    """Return a screen whose ``unseen`` labels are scored but not learned from."""
    everything = (CONTROL, *DESIGN)
    seen = tuple(name for name in everything if name not in unseen)
    asked = (CONTROL, *unseen) if unseen else everything
    return PartedScreen(
        learned=some_cells(learned, seen, seed=seed, **kwargs),
        scored=some_cells(scored, asked, seed=seed + 1000, **kwargs),
        control=CONTROL,
        design=DESIGN,
        genes=[f"g{number}" for number in range(GENES - 1)] + ["A"],
        adapted=some_cells(adapted, unseen, seed=seed + 2000, **kwargs) if adapted else None,
        spare=some_cells(spare, unseen, seed=seed + 3000, **kwargs) if spare else None,
    )
