"""What kind of fixed point a Jacobian makes (Strogatz, Nonlinear Dynamics and Chaos, ch. 5-6)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal[
    "stable node", "stable spiral", "unstable node", "unstable spiral", "saddle", "saddle spiral",
    "undecided",
]  # fmt: skip

#: Eigenvalues whose real part is this small a share of the largest decide nothing.
NEGLIGIBLE = 1e-6


def kind_of(eigenvalues: NDArray[np.complex128]) -> Kind:
    """Return the kind of a fixed point from the eigenvalues of its Jacobian, shape ``(d,)``.

    ``undecided`` where one of them has no real part: linearisation says nothing then (a centre,
    a line of fixed points, or a bifurcation).
    """
    largest = float(np.abs(eigenvalues).max())
    real = eigenvalues.real
    if largest == 0 or (np.abs(real) <= NEGLIGIBLE * largest).any():
        return "undecided"
    turns = bool((np.abs(eigenvalues.imag) > NEGLIGIBLE * largest).any())
    if (real < 0).all():
        return "stable spiral" if turns else "stable node"
    if (real > 0).all():
        return "unstable spiral" if turns else "unstable node"
    return "saddle spiral" if turns else "saddle"
