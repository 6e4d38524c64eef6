"""A small screen with planted effects: some perturbations do nothing, some lower their gene."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from scdyn_core.evaluation.screen.screen import Screen

GENES = tuple(f"g{number:02d}" for number in range(30))
#: Targets of every perturbation; ``away`` is no measured gene.
TARGETS = {
    "g00": ("g00",), "g01": ("g01",), "g02": ("g02",), "g00+g01": ("g00", "g01"),
    "away": ("away",), "nothing": ("g20",),
}  # fmt: skip
QUIET = ("away", "nothing")


def counts(seed: int = 0, cells: int = 80, controls: int = 240):
    """Return counts, labels and the planted log change of every perturbation."""
    rng = np.random.default_rng(seed)
    level = np.exp(rng.normal(0.8, 0.6, len(GENES)))
    change = {name: np.zeros(len(GENES)) for name in TARGETS}
    for number, name in enumerate(("g00", "g01", "g02")):
        change[name][number] = -2.0
        change[name][10 + 2 * number : 12 + 2 * number] = (1.2, -1.2)
    change["g00+g01"] = change["g00"] + change["g01"]
    labels = np.array([*np.repeat(list(TARGETS), cells), *["NT"] * controls], dtype=object)
    labels = rng.permutation(labels)
    rate = level * np.exp([change.get(name, np.zeros(len(GENES))) for name in labels])
    noise = rng.gamma(4.0, 0.25, rate.shape)
    return rng.poisson(rate * noise), labels, change


def screen(seed: int = 0, **sizes: int) -> Screen:
    """Return the screen with planted effects."""
    found, labels, _ = counts(seed, **sizes)
    return Screen(sparse.csr_matrix(np.log1p(found.astype(float))), labels, "NT", GENES)
